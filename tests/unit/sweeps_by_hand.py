"""Sweeps whose answers are known: an outcome that is a formula of the factors, and luck on top."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import qmc

from comsim.studies.analysis.swept import FactorColumn, Outcome, Swept

PEOPLE = Outcome("y", "members", "people", good=1)


def factors(names: str, low: float = 0.0, high: float = 1.0, unknown: str = "") -> tuple:
    """A factor a letter, those of `unknown` uncertainties."""
    return tuple(
        FactorColumn(
            name, name, kind="uncertainty" if name in unknown else "lever", low=low, high=high
        )
        for name in names
    )


def swept(
    design: str,
    points: np.ndarray | pd.DataFrame,
    varied: tuple[FactorColumn, ...],
    formula: Callable[[pd.DataFrame], np.ndarray | pd.Series],
    worlds: int = 2,
    own: float = 0.0,
    shared: float = 0.0,
    seed: int = 1,
    outcome: Outcome = PEOPLE,
    **more: object,
) -> Swept:
    """A sweep over these points. Luck: `own` differs from run to run, `shared` from world to world
    alike at all points (standard deviations)."""
    rng = np.random.Generator(np.random.Philox(seed))
    points = pd.DataFrame(points, columns=[factor.name for factor in varied])
    n = len(points)
    luck = rng.normal(0, 1, (n, worlds)) * own + rng.normal(0, 1, worlds) * shared
    runs = points.loc[points.index.repeat(worlds)].reset_index(drop=True)
    runs["point"], runs["world"] = np.repeat(np.arange(n), worlds), np.tile(np.arange(worlds), n)
    runs["error"] = None
    runs[outcome.name] = (np.asarray(formula(points), float)[:, None] + luck).ravel()
    return Swept(runs, varied, (outcome,), design, days=100, worlds=worlds, **more)


def hypercube(n: int, d: int, seed: int = 1) -> np.ndarray:
    """Points of a Latin hypercube, in [0, 1)."""
    return qmc.LatinHypercube(d, rng=seed).random(n)
