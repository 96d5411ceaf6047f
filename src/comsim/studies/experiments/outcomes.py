"""The outcomes that an experiment asks for, and how each is read from a run.

Those of `comsim.studies.comparison.outcomes` by name, or made of a daily metric (as in
`daily.parquet`) or of a stage. Of a run that a stop condition ended, the days after it do not
exist: what needs one of them, or the last day, is NaN. Days on which something begins are read
from the days that were lived; NaN where it did not begin by then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from comsim.common.errors import nearest
from comsim.model.catalogue import COLUMNS
from comsim.model.kernel.basics import ONE
from comsim.model.stages import STAGES
from comsim.run.tables import MEANS
from comsim.scenario.checks import Words, number, one_of, shown, wrong
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

SUMS = {mean: total for total, mean in MEANS.items()}
COUNTS = [c.name for c in COLUMNS.values() if c.name not in MEANS and c.unit != "code"]
METRICS = [*COUNTS, *SUMS]
TAKES: dict[str, Callable[[np.ndarray], float]] = {
    "mean": np.mean, "sum": np.sum, "least": np.min, "most": np.max,
}  # fmt: skip
Day = number(0, MAX_DAYS - 1, whole=True)
Window = number(1, 366, whole=True)


class Measured(Table):
    """A number that each run is judged by."""

    name: Word = Field(description="a name")
    """Alone: an outcome of `comsim compare`. Otherwise: what this one is to be called."""
    label: Name | None = None
    """In words."""
    unit: Name | None = None
    good: one_of(("more", "less", "neither"), "good") = "neither"
    """What is better."""
    metric: one_of(METRICS, "metric") | None = None
    """A column of the daily table."""
    day: Day | None = None
    """Its value on this day."""
    from_: Day = Field(0, alias="from")
    """The first day of a stretch, or the first on which it may be above or below."""
    to: Day | None = None
    """The last day of a stretch; left out, the last of the run."""
    take: one_of(TAKES, "take") | None = None
    """What is taken of a stretch: its mean, sum, least or most."""
    above: Amount | None = None
    """The first day on which the metric is above this."""
    below: Amount | None = None
    """The first day on which the metric is below this."""
    window: Window | None = None
    """For above and below: the mean over so many days."""
    stage: one_of(STAGES, "stage") | None = None
    """The first day of this stage, read in retrospect."""

    @model_validator(mode="after")
    def _check(self) -> Measured:
        said = self.model_fields_set - {"name", "label", "unit", "good"}
        if not said:
            if self.name not in BY_NAME:
                wrong(Words(f"outcome {shown(self.name)}"), nearest(self.name, BY_NAME))
            return self
        if self.name in BY_NAME:
            allowed = "another name: comsim compare has this outcome, and defines it otherwise"
            wrong(self.name, allowed, "name")
        if self.stage is not None:
            self._only(said, "a stage", "stage")
        elif self.metric is None:
            wrong(Words("neither"), "one of metric, stage", "metric")
        elif self.day is not None:
            self._only(said, "a day", "metric", "day")
        elif self.above is not None or self.below is not None:
            self._exactly_one("above", "below")
            self._only(said, "above or below", "metric", "above", "below", "window", "from_")
        else:
            self._only(said, "a stretch of days", "metric", "from_", "to", "take")
            if self.to is not None and self.to < self.from_:
                wrong(Words(f"from {self.from_} to {self.to}"), "the first day first", "to")
        return self

    def _only(self, said: set[str], what: str, *keys: str) -> None:
        for key in said - set(keys):
            wrong(Words(f"{key.rstrip('_')} beside {what}"), f"{what} alone", key.rstrip("_"))

    @property
    def begins(self) -> bool:
        """Whether it is a day on which something begins."""
        if self.name in BY_NAME:
            return BY_NAME[self.name].begins
        return self.stage is not None or self.above is not None or self.below is not None

    @property
    def latest(self) -> int:
        """The latest day that it names; -1 for none."""
        return max(self.to or 0, self.day or 0, self.from_) if self.metric else -1

    @property
    def outcome(self) -> Outcome:
        """What its column means."""
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
            return f"first day of the stage {self.stage}, read in retrospect"
        if self.day is not None:
            return f"{self.metric} on day {self.day}"
        if self.begins:
            side, bound = ("above", self.above) if self.below is None else ("below", self.below)
            mean = f"the mean over {self.window} days of " if self.window else ""
            return f"first day from {self.from_} on with {mean}{self.metric} {side} {bound:g}"
        to = "the last day" if self.to is None else f"day {self.to}"
        return f"{self.take or 'mean'} of {self.metric} from day {self.from_} to {to}"


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Asked = Annotated[Measured, BeforeValidator(_named, json_schema_input_type=str | Measured)]


def measure(asked: Measured, days: int) -> Measure:
    """How an outcome is read from a run that was to have so many days; NaN for what it lacks."""
    if asked.begins:
        return _beginning(asked)
    needed = days - 1 if asked.metric is None or asked.to is None else asked.to
    if asked.metric is None:
        read = MEASURES[asked.name]
    elif asked.day is not None:
        needed = asked.day
        read = lambda life: values(life.daily[needed], asked.metric)  # noqa: E731
    else:
        take, stretch = TAKES[asked.take or "mean"], slice(asked.from_, needed + 1)
        read = lambda life: take(values(life.daily[stretch], asked.metric))  # noqa: E731
    if needed >= days or asked.from_ >= days:
        return lambda life: np.nan
    return lambda life: read(life) if needed < len(life.daily) else np.nan


def _beginning(asked: Measured) -> Measure:
    if asked.metric is None:
        return first_day_of(asked.stage) if asked.stage else MEASURES[asked.name]
    above, below, window = asked.above, asked.below, asked.window or 1
    return lambda life: first_day_that(life.daily, asked.metric, window, above, below, asked.from_)


def first_day_that(
    daily: np.ndarray,
    metric: str,
    window: int,
    above: float | None,
    below: float | None,
    from_: int = 0,
) -> float:
    """The first day from `from_` on with the mean of a metric over the last `window` days above
    (or below) a bound; NaN for none. Never before there are so many days.

    Counts are added up as integers, so that a day is the same whichever days are looked at.
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
    """A metric on the days of some records, float64, as in the daily table; means over members
    are NaN where there are none."""
    if metric in SUMS:
        members = daily["members"]
        mean = np.full(members.shape, np.nan)
        return np.divide(daily[SUMS[metric]] / ONE, members, out=mean, where=members > 0)
    return daily[metric] / COLUMNS[metric].scale
