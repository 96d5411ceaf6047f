"""What a sweep came to, as the analyses read it: a row a run, and what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from comsim.scenario.worlds import WORLDS_PER_SAMPLE

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["lever", "uncertainty"]


@dataclass(frozen=True)
class Factor:
    """What was varied: a column of the runs."""

    name: str
    label: str
    unit: str = ""
    kind: Kind = "lever"
    """A lever the operator chooses; an uncertainty nobody does."""
    low: float = np.nan
    high: float = np.nan
    """The range it was varied over; NaN where only `values`, or nothing, was said."""
    scale: Literal["even", "log"] = "even"
    values: tuple[Any, ...] = ()
    """What it could be, where not a range: numbers, or words (a choice)."""

    @property
    def choice(self) -> bool:
        """Whether its values are words, which have no order."""
        return any(isinstance(v, bool) or not isinstance(v, Real) for v in self.values)


@dataclass(frozen=True)
class Outcome:
    """What was asked of each run: a column of the runs.

    `good` is 1 where more is better, -1 where less is, 0 where it depends. `begins` marks the day
    on which something begins, NaN in runs where it never did. `validated` is False where no data
    has tested such levels.
    """

    name: str
    label: str
    unit: str = ""
    good: int = 0
    begins: bool = False
    validated: bool = True


@dataclass(frozen=True)
class Swept:
    """Runs of points (values of all factors) in worlds, the same worlds at every point.

    `runs` has a row a run, with the columns `point` (0, 1, ...), `world` (0, 1, ...), `error`
    (text; None or NaN where there was none), and one for each factor and each outcome.
    """

    runs: pd.DataFrame
    factors: tuple[Factor, ...]
    outcomes: tuple[Outcome, ...]
    design: str
    """"grid", "list", "csv", "latin_hypercube", "sobol" or "morris"."""
    days: int
    """Days of a run: the horizon."""
    worlds: int = 1
    """Runs of each point."""
    seed: int = 1
    drawn: bool = False
    """Whether worlds differ in what nobody knows, too: then each two in a row share a draw."""
    second_order: bool = False
    """Of a Sobol design: whether it has the points for pairs."""
    stops: bool = False
    """Whether a stop condition may have ended a run; then `runs` has the days `lived`."""

    @property
    def levers(self) -> tuple[Factor, ...]:
        return tuple(factor for factor in self.factors if factor.kind == "lever")

    @property
    def uncertainties(self) -> tuple[Factor, ...]:
        return tuple(factor for factor in self.factors if factor.kind == "uncertainty")

    @property
    def lucks(self) -> int:
        """Worlds that share a draw: worlds nest as (draws, lucks)."""
        return WORLDS_PER_SAMPLE if self.drawn and self.worlds % WORLDS_PER_SAMPLE == 0 else 1

    @property
    def block(self) -> int:
        """Points of a Sobol design that belong together: the first and the last are drawn by
        themselves, the others mix the two."""
        return (2 if self.second_order else 1) * len(self.factors) + 2

    def factor(self, name: str) -> Factor:
        """A factor by its name; KeyError for another."""
        return {factor.name: factor for factor in self.factors}[name]

    def outcome(self, name: str) -> Outcome:
        """An outcome by its name; KeyError for another."""
        return {outcome.name: outcome for outcome in self.outcomes}[name]

    @cached_property
    def points(self) -> pd.DataFrame:
        """The factors' values, a row a point in order, a column a factor."""
        first = self.runs.drop_duplicates("point").sort_values("point")
        return first.set_index("point")[[factor.name for factor in self.factors]]

    @cached_property
    def failed(self) -> np.ndarray:
        """Which runs have an error: bool (points, worlds)."""
        found = np.ones((len(self.points), self.worlds), bool)
        found[self._places] = self.runs["error"].notna().to_numpy()
        return found

    @cached_property
    def stopped(self) -> np.ndarray:
        """Which runs were ended before the horizon: bool (points, worlds)."""
        found = np.zeros((len(self.points), self.worlds), bool)
        if self.stops:
            found[self._places] = self.runs["lived"].to_numpy() < self.days
        return found

    def by_point(self, outcome: str) -> np.ndarray:
        """An outcome, float64 (points, worlds); NaN where it does not exist or the run failed.

        A day on which something begins counts as the horizon where it never came, as in a
        comparison (`comsim.studies.comparison.outcomes.censored`): its mean is the restricted mean
        time (Royston and Parmar 2013, BMC Medical Research Methodology 13:152). Of a run that was
        stopped before, nobody knows: NaN.
        """
        found = np.full((len(self.points), self.worlds), np.nan)
        found[self._places] = self.runs[outcome].to_numpy(np.float64)
        if self.outcome(outcome).begins:
            found[np.isnan(found) & ~self.stopped] = self.days
        found[self.failed] = np.nan
        return found

    def matrix(self) -> np.ndarray:
        """The factors, float64 (points, factors): numbers as they are, a choice as the place of
        its value among the choices."""
        return np.column_stack([self._numbers(factor) for factor in self.factors])

    def scaled(self) -> np.ndarray:
        """The factors, float64 (points, factors), from 0 at the low end of their range to 1 at the
        high one, on their scale; choices as places from 0 to 1."""
        columns = []
        for factor, column in zip(self.factors, self.matrix().T, strict=True):
            low, high = self.ends(factor)
            if factor.scale == "log" and low > 0:
                low, high, column = np.log(low), np.log(high), np.log(column)
            columns.append((column - low) / (high - low) if high > low else np.zeros(len(column)))
        return np.column_stack(columns)

    def ends(self, factor: Factor) -> tuple[float, float]:
        """The range of a factor: as stated, or of its values, or of what was run."""
        if choices := self.choices(factor):
            return 0.0, float(len(choices) - 1)
        if factor.low <= factor.high:
            return float(factor.low), float(factor.high)
        column = factor.values or self.points[factor.name]
        return float(min(column)), float(max(column))

    def choices(self, factor: Factor) -> tuple[str, ...]:
        """The words a factor chose from, in the order of the experiment; empty for numbers."""
        column = self.points[factor.name]
        if not factor.choice and _numeric(column):
            return ()
        return tuple(dict.fromkeys(map(str, [*factor.values, *column])))

    def _numbers(self, factor: Factor) -> np.ndarray:
        column = self.points[factor.name]
        if choices := self.choices(factor):
            places = {word: float(at) for at, word in enumerate(choices)}
            return np.array([places[str(value)] for value in column], np.float64)
        return column.to_numpy(np.float64)

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each row of the runs, its place in an array (points, worlds)."""
        return self.points.index.get_indexer(self.runs["point"]), self.runs["world"].to_numpy()


def _numeric(column: Sequence[Any]) -> bool:
    kinds = set(map(type, column))
    return all(issubclass(kind, Real) and not issubclass(kind, bool | np.bool_) for kind in kinds)
