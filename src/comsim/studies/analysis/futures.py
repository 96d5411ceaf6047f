"""Policies in the same futures: combinations of levers against combinations of uncertainties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.errors import InputError
from comsim.statistics import resampling
from comsim.studies.analysis.phrasing import bare

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import Outcome, Swept

BLOCK = 2 * 10**7  # numbers at a time
MOST_POLICIES = 200


@dataclass(frozen=True)
class Futures:
    """The outcome of each policy in each future."""

    values: np.ndarray
    """float64 (uncertain points, policies, worlds), with a sign such that more is better."""
    levers: pd.DataFrame
    """One row per policy."""
    uncertain: pd.DataFrame
    """One row per uncertain point; no columns if there are no uncertain factors."""
    names: tuple[str, ...]
    sign: int
    replications: int
    lost: int = 0
    """Number of policies excluded because none of their runs has a value."""

    @property
    def independent(self) -> int:
        """The number of independent units that are resampled: parameter samples, or worlds; with
        one world, uncertain points."""
        many, _, worlds = self.values.shape
        return worlds // self.replications if worlds > 1 else many

    @property
    def complete(self) -> np.ndarray:
        """Which futures have a value for all policies: bool (uncertain points, worlds)."""
        return np.isfinite(self.values).all(axis=1)


def futures_of(swept: Swept, outcome: Outcome) -> Futures:
    """The outcome of each policy in each future; InputError if policies were not run in the same
    futures, or the outcome is neither good nor bad."""
    if not outcome.good:
        raise InputError.at("analysis", f"outcome {outcome.name}", "neither good nor bad",
                            "an outcome of which more, or less, is better")  # fmt: skip
    sides = [[f.name for f in side] for side in (swept.levers, swept.uncertainties)]
    points = swept.points
    if not sides[0]:
        raise InputError.at("analysis", "factors", "no lever", "at least one")
    (levers, policy), (uncertain, future) = (_numbered(points[side]) for side in sides)
    allowed = "policies run in the same futures, as in a grid"
    if not 2 <= len(levers) <= MOST_POLICIES:
        raise InputError.at("analysis", "levers", f"{len(levers):,} combinations",
                            f"2 to {MOST_POLICIES}; {allowed}")  # fmt: skip
    values = np.full((len(uncertain), len(levers), swept.worlds), np.nan)
    values[future, policy] = outcome.good * swept.by_point(outcome.name)
    some = np.isfinite(values).any(axis=(0, 2))
    values, levers = values[:, some], levers[some].reset_index(drop=True)
    if len(levers) < 2:
        raise InputError.at("analysis", "levers", f"{len(levers)} with values", "2 or more")
    names, lost = _names(swept, levers), int((~some).sum())
    futures = Futures(values, levers, uncertain, names, outcome.good, swept.replications, lost)
    if futures.complete.sum() < 2:
        raise InputError.at("analysis", "futures", "fewer than two common to all policies", allowed)
    return futures


def resampled(futures: Futures, function: Callable[[np.ndarray], Any]) -> list[Any]:
    """A function of weights (resamples, complete futures), block by block."""
    many, _, worlds = futures.values.shape
    complete = futures.complete
    of_world = resampling.counts(worlds, resampling.WORLDS, futures.replications)
    of_point = np.ones((len(of_world), many), np.int64)
    if worlds == 1:
        of_point = resampling.counts(many, resampling.POINTS)
    size = max(BLOCK // complete.sum(), 1)
    results = []
    for at in range(0, len(of_world), size):
        some = slice(at, at + size)
        weights = of_point[some, :, None] * of_world[some, None, :]
        results.append(function(weights[:, complete].astype(np.float64)))
    return results


def _numbered(side: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Its distinct rows, and the number of the distinct row of each row."""
    if not len(side.columns):
        return side.iloc[:1].reset_index(drop=True), np.zeros(len(side), np.int64)
    groups = side.groupby(list(side.columns), sort=False, dropna=False)
    return side.drop_duplicates().reset_index(drop=True), groups.ngroup().to_numpy()


def _names(swept: Swept, levers: pd.DataFrame) -> tuple[str, ...]:
    """A policy in words: its choice, or the values of its levers."""
    factors = [swept.factor(name) for name in levers.columns]

    def name(row: tuple) -> str:
        if len(factors) == 1 and swept.choices(factors[0]):
            return str(row[0])
        return ", ".join(f"{f.label} {bare(value)}" for f, value in
                         zip(factors, row, strict=True))  # fmt: skip

    return tuple(name(row) for row in levers.itertuples(index=False))
