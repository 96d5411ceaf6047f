"""Sweeps made by hand, whose truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from comsim.studies.analysis.swept import FactorColumn, Outcome, Swept

WAU = Outcome("wau", "weekly members", "people", good=1)
DECLINE = Outcome("decline", "decline begins", "day", begins=True)


def generator(seed: int):
    return np.random.Generator(np.random.Philox(seed))


def swept(
    points: pd.DataFrame,
    factors: tuple[FactorColumn, ...],
    value: Callable[[pd.DataFrame, np.ndarray, np.ndarray], np.ndarray],
    worlds: int = 5,
    outcome: Outcome = WAU,
    seed: int = 1,
    **more,
) -> Swept:
    """A sweep in which value(points, noise of runs, luck of worlds), with noise (points, worlds)
    and luck (worlds) standard normal, gives the outcome (points, worlds)."""
    rng = generator(seed)
    noise, luck = rng.normal(size=(len(points), worlds)), rng.normal(size=worlds)
    values = value(points, noise, luck)
    runs = points.loc[points.index.repeat(worlds)].reset_index(drop=True)
    runs.insert(0, "point", np.repeat(np.arange(len(points)), worlds))
    runs.insert(1, "world", np.tile(np.arange(worlds), len(points)))
    runs["error"] = None
    runs[outcome.name] = np.asarray(values, float).ravel()
    return Swept(runs, factors, (outcome,), more.pop("design", "csv"), 730, worlds, **more)
