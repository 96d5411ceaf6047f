"""The runs of a sweep as the analyses read them, with the meaning of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from comsim.scenario.rows import DEFAULT
from comsim.scenario.worlds import WORLDS_PER_SAMPLE
from comsim.studies.comparison.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["lever", "uncertainty"]


@dataclass(frozen=True)
class FactorColumn:
    """A factor of the sweep: a column of the runs."""

    name: str
    label: str
    unit: str = ""
    kind: Kind = "lever"
    """The operator chooses a lever; nobody controls an uncertainty."""
    low: float = np.nan
    high: float = np.nan
    """The range of the factor; NaN if it has `values`, or none is stated."""
    scale: Literal["even", "log"] = "even"
    values: tuple[Any, ...] = ()
    """Its values instead of a range: numbers, or words (a choice)."""

    @property
    def choice(self) -> bool:
        """Whether its values have no order."""
        return any(isinstance(v, bool) or not isinstance(v, Real) for v in self.values)


@dataclass(frozen=True)
class Swept:
    """Runs of points (values of all factors) in worlds, the same worlds at every point.

    `runs` has one row per run, with the columns `point` (0, 1, ...), `world` (0, 1, ...), `error`
    (text; None or NaN without an error), and one for each factor and each outcome.
    """

    runs: pd.DataFrame
    factors: tuple[FactorColumn, ...]
    outcomes: tuple[Outcome, ...]
    design: str
    """"grid", "list", "csv", "latin_hypercube", "sobol" or "morris"."""
    days: int
    """Days of a run (the horizon)."""
    worlds: int = 1
    """Runs per point."""
    seed: int = 1
    drawn: bool = False
    """Whether worlds also have parameter samples; then each pair of worlds shares one."""
    sample: str = DEFAULT
    """Where the parameters of its worlds come from (`comsim.scenario.rows`)."""
    second_order: bool = False
    """Whether a Sobol design has the points for pairs of factors."""
    stops: bool = False
    """Whether a stop condition may have ended runs early; then `runs` has the days `lived`."""

    @property
    def levers(self) -> tuple[FactorColumn, ...]:
        return tuple(factor for factor in self.factors if factor.kind == "lever")

    @property
    def uncertainties(self) -> tuple[FactorColumn, ...]:
        return tuple(factor for factor in self.factors if factor.kind == "uncertainty")

    @property
    def replications(self) -> int:
        """Worlds per parameter sample: worlds are ordered as (samples, replications). The worlds of
        a running community have a sample each; some of them may be the same, in any order."""
        if not self.drawn or self.worlds % WORLDS_PER_SAMPLE:
            return 1
        if "draw" in self.runs:
            draws = self.runs["draw"].iloc[: self.worlds].to_numpy()
            draws = draws.reshape(-1, WORLDS_PER_SAMPLE)
            if (draws != draws[:, :1]).any():
                return 1
        return WORLDS_PER_SAMPLE

    @property
    def block(self) -> int:
        """Points per block of a Sobol design: the first and the last are independent, the others
        combine the two."""
        return (2 if self.second_order else 1) * len(self.factors) + 2

    def factor(self, name: str) -> FactorColumn:
        """A factor by name; KeyError if there is none."""
        return {factor.name: factor for factor in self.factors}[name]

    def outcome(self, name: str) -> Outcome:
        """An outcome by name; KeyError if there is none."""
        return {outcome.name: outcome for outcome in self.outcomes}[name]

    @cached_property
    def points(self) -> pd.DataFrame:
        """The values of the factors: one row per point, in order, and one column per factor."""
        first = self.runs.drop_duplicates("point").sort_values("point")
        return first.set_index("point")[[factor.name for factor in self.factors]]

    @cached_property
    def failed(self) -> np.ndarray:
        """Which runs have an error: bool (points, worlds)."""
        failed = np.ones((len(self.points), self.worlds), bool)
        failed[self._places] = self.runs["error"].notna().to_numpy()
        return failed

    @cached_property
    def stopped(self) -> np.ndarray:
        """Which runs ended before the horizon: bool (points, worlds)."""
        stopped = np.zeros((len(self.points), self.worlds), bool)
        if self.stops:
            stopped[self._places] = self.runs["lived"].to_numpy() < self.days
        return stopped

    def by_point(self, outcome: str) -> np.ndarray:
        """An outcome, float64 (points, worlds); NaN if it does not exist or the run failed.

        A day on which something begins is censored at the horizon if it never begins, as in a
        comparison: its mean is the restricted mean time (Royston and Parmar 2013, BMC Medical
        Research Methodology 13:152). It is unknown (NaN) if the run was stopped earlier.
        """
        values = np.full((len(self.points), self.worlds), np.nan)
        values[self._places] = self.runs[outcome].to_numpy(np.float64)
        if self.outcome(outcome).begins:
            values[np.isnan(values) & ~self.stopped] = self.days
        values[self.failed] = np.nan
        return values

    def matrix(self) -> np.ndarray:
        """The factors, float64 (points, factors): numbers unchanged, a choice as its position among
        the choices."""
        return np.column_stack([self._numbers(factor) for factor in self.factors])

    def scaled(self) -> np.ndarray:
        """The factors, float64 (points, factors), from 0 at the lower end of their range to 1 at
        the upper end, on their scale; choices as positions from 0 to 1."""
        columns = []
        for factor, column in zip(self.factors, self.matrix().T, strict=True):
            low, high = self.ends(factor)
            if factor.scale == "log" and low > 0:
                low, high, column = np.log(low), np.log(high), np.log(column)
            columns.append((column - low) / (high - low) if high > low else np.zeros(len(column)))
        return np.column_stack(columns)

    def ends(self, factor: FactorColumn) -> tuple[float, float]:
        """The range of a factor: as stated, of its values, or of the points."""
        if choices := self.choices(factor):
            return 0.0, float(len(choices) - 1)
        if factor.low <= factor.high:
            return float(factor.low), float(factor.high)
        column = factor.values or self.points[factor.name]
        return float(min(column)), float(max(column))

    def choices(self, factor: FactorColumn) -> tuple[str, ...]:
        """The choices of a factor, in the order of the experiment; empty for numbers."""
        column = self.points[factor.name]
        if not factor.choice and _numeric(column):
            return ()
        return tuple(dict.fromkeys(map(str, [*factor.values, *column])))

    def _numbers(self, factor: FactorColumn) -> np.ndarray:
        column = self.points[factor.name]
        if choices := self.choices(factor):
            places = {word: float(at) for at, word in enumerate(choices)}
            return np.array([places[str(value)] for value in column], np.float64)
        return column.to_numpy(np.float64)

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """The position of each row of `runs` in an array (points, worlds)."""
        return self.points.index.get_indexer(self.runs["point"]), self.runs["world"].to_numpy()


def _numeric(column: Sequence[Any]) -> bool:
    kinds = set(map(type, column))
    return all(issubclass(kind, Real) and not issubclass(kind, bool | np.bool_) for kind in kinds)
