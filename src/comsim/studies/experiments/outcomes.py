"""The outcomes of an experiment, and how each is computed from a run.

They are those of `comsim.studies.comparison.outcomes`, by name, or are defined by a daily metric
(as in `daily.parquet`) or a stage. If a stop condition ends a run, the days after it do not exist:
outcomes that need one of them, or the last day, are NaN. Days on which something begins are
computed from the simulated days; NaN if it has not begun by then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from comsim.common.errors import nearest
from comsim.model.catalogue import COLUMNS
from comsim.model.stages import STAGES
from comsim.run.tables import MEANS, SUMS, mean_state
from comsim.scenario.checks import Described, number, one_of, shown, wrong
from comsim.scenario.scenario import MAX_DAYS
from comsim.scenario.table import Amount, Name, Table
from comsim.studies.comparison.outcomes import (
    BY_NAME,
    MEASURES,
    Life,
    Outcome,
    first_day,
    first_day_of,
)
from comsim.studies.experiments.factors import Word

Measure = Callable[[Life], float]

COUNTS = [c.name for c in COLUMNS.values() if c.name not in MEANS and c.unit != "code"]
METRICS = [*COUNTS, *SUMS]
TAKES: dict[str, Callable[[np.ndarray], float]] = {
    "mean": np.mean, "sum": np.sum, "least": np.min, "most": np.max,
}  # fmt: skip
Day = number(0, MAX_DAYS - 1, whole=True)
Window = number(1, 366, whole=True)


class Measured(Table):
    """A number to record for each run."""

    name: Word = Field(description="a name")
    """Without other keys, an outcome of `comsim compare`; otherwise the name of a new outcome."""
    label: Name | None = None
    """Its name in figures and sentences."""
    unit: Name | None = None
    """Its unit; by default that of the metric."""
    good: one_of(("more", "less", "neither"), "good") = "neither"
    """Which is better."""
    metric: one_of(METRICS, "metric") | None = None
    """A column of the daily table."""
    day: Day | None = None
    """The day of the value."""
    from_: Day = Field(0, alias="from")
    """The first day of a period, or the first on which the metric may be above or below."""
    to: Day | None = None
    """The last day of a period; by default that of the run."""
    take: one_of(TAKES, "take") | None = None
    """The statistic of a period: mean, sum, least or most."""
    above: Amount | None = None
    """The outcome is the first day on which the metric is above this."""
    below: Amount | None = None
    """The outcome is the first day on which the metric is below this."""
    window: Window | None = None
    """For above and below: the number of days over which the metric is averaged."""
    stage: one_of(STAGES, "stage") | None = None
    """The outcome is the first day of this stage, determined in retrospect."""

    @model_validator(mode="after")
    def _check(self) -> Measured:
        given = self.model_fields_set - {"name", "label", "unit", "good"}
        if not given:
            if self.name not in BY_NAME:
                wrong(Described(f"outcome {shown(self.name)}"), nearest(self.name, BY_NAME))
            return self
        if self.name in BY_NAME:
            allowed = "another name: comsim compare has an outcome of this name"
            wrong(self.name, allowed, "name")
        if self.stage is not None:
            self._only(given, "a stage", "stage")
        elif self.metric is None:
            wrong(Described("neither"), "one of metric, stage", "metric")
        elif self.day is not None:
            self._only(given, "a day", "metric", "day")
        elif self.above is not None or self.below is not None:
            self._exactly_one("above", "below")
            self._only(given, "above or below", "metric", "above", "below", "window", "from_")
        else:
            self._only(given, "a period", "metric", "from_", "to", "take")
            if self.to is not None and self.to < self.from_:
                wrong(Described(f"from {self.from_} to {self.to}"), "from before to", "to")
        return self

    def _only(self, given: set[str], what: str, *keys: str) -> None:
        for key in given - set(keys):
            name = key.rstrip("_")
            wrong(Described(f"{name} together with {what}"), f"{what} without {name}", name)

    @property
    def begins(self) -> bool:
        """Whether it is the day on which something begins."""
        if self.name in BY_NAME:
            return BY_NAME[self.name].begins
        return self.stage is not None or self.above is not None or self.below is not None

    @property
    def latest(self) -> int:
        """The latest day in its definition; -1 if there is none."""
        return max(self.to or 0, self.day or 0, self.from_) if self.metric else -1

    @property
    def outcome(self) -> Outcome:
        """The meaning of its column."""
        known = BY_NAME.get(self.name)
        if known:
            label, unit, good, meaning = known.label, known.unit, known.good, known.meaning
        else:
            label, unit, good, meaning = self.name.replace("_", " "), "day", 0, self._meaning()
            if not self.begins:
                column = COLUMNS.get(self.metric)
                unit = column.unit if column else "0 to 1"
        if "good" in self.model_fields_set:
            good = {"more": 1, "less": -1, "neither": 0}[self.good]
        return Outcome(
            self.name, self.label or label, self.unit or unit, good, meaning,
            validated=known.validated if known else True, begins=self.begins,
        )  # fmt: skip

    def _meaning(self) -> str:
        if self.stage:
            return f"first day of the stage {self.stage}, determined in retrospect"
        if self.day is not None:
            return f"{self.metric} on day {self.day}"
        if self.begins:
            side, bound = ("above", self.above) if self.below is None else ("below", self.below)
            mean = f"the {self.window}-day mean of " if self.window else ""
            return f"first day from day {self.from_} with {mean}{self.metric} {side} {bound:g}"
        to = "the last day" if self.to is None else f"day {self.to}"
        return f"{self.take or 'mean'} of {self.metric} from day {self.from_} to {to}"


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


MeasuredOrName = Annotated[Measured, BeforeValidator(_named, json_schema_input_type=str | Measured)]


def measure(outcome: Measured, days: int) -> Measure:
    """The function that computes an outcome from a run planned for a number of days; NaN if the run
    lacks a day that it needs."""
    if outcome.begins:
        return _beginning(outcome)
    needed = days - 1 if outcome.metric is None or outcome.to is None else outcome.to
    if outcome.metric is None:
        read = MEASURES[outcome.name]
    elif outcome.day is not None:
        needed = outcome.day
        read = lambda life: values(life.daily, outcome.metric)[needed]  # noqa: E731
    else:
        take, stretch = TAKES[outcome.take or "mean"], slice(outcome.from_, needed + 1)
        read = lambda life: take(values(life.daily, outcome.metric)[stretch])  # noqa: E731
    if needed >= days or outcome.from_ >= days:
        return lambda life: np.nan
    return lambda life: read(life) if needed < len(life.daily) else np.nan


def _beginning(outcome: Measured) -> Measure:
    if outcome.metric is None:
        return first_day_of(outcome.stage) if outcome.stage else MEASURES[outcome.name]
    above, below, window = outcome.above, outcome.below, outcome.window or 1
    metric, from_ = outcome.metric, outcome.from_
    return lambda life: first_day_that(life.daily, metric, window, above, below, from_)


def first_day_that(
    daily: np.ndarray,
    metric: str,
    window: int,
    above: float | None,
    below: float | None,
    from_: int = 0,
) -> float:
    """The first day from `from_` on with the mean of a metric over the last `window` days above
    (or below) a bound; NaN if there is none. It needs `window` days.

    Counts are added as integers, so that the result does not depend on the days passed.
    """
    if len(daily) < window:
        return np.nan
    count = metric not in SUMS
    series = daily[metric] if count else values(daily, metric)
    sums = np.lib.stride_tricks.sliding_window_view(series, window).sum(axis=1)
    unit = window * (COLUMNS[metric].scale if count else 1.0)
    holds = sums > above * unit if below is None else sums < below * unit
    holds[: max(from_ - window + 1, 0)] = False
    return first_day(holds) + window - 1


def values(daily: np.ndarray, metric: str) -> np.ndarray:
    """A metric on each day of a run from its first day on, float64, as in the daily table; means of
    states are NaN without members or visits."""
    if metric in SUMS:
        return mean_state(daily, metric)
    return daily[metric] / COLUMNS[metric].scale
