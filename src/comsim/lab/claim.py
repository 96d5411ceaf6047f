"""Claims: what a lesson predicts, checked on the timelines of a visitor.

claim.holds(timelines)          True or False; timelines: dict[str, Timeline]
claim.words(timelines, "zh")    the outcome in words, with its numbers
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

import numpy as np
from pydantic import Field, model_validator

from comsim.lab.timeline import Timeline
from comsim.language.phrases import LANGUAGES, Words
from comsim.scenario.checks import Described as Finding
from comsim.scenario.checks import number, one_of, text, wrong
from comsim.scenario.scenario import MAX_DAYS
from comsim.scenario.table import Amount, Table
from comsim.studies.experiments.outcomes import METRICS, TAKES, values

MAIN = "main"  # the timeline that a lesson starts with

Day = number(0, MAX_DAYS, whole=True)
Branch = text(20)
Lives = Mapping[str, Timeline]


class Bilingual(Table):
    """A text in each language: `text("en")`."""

    en: text(600) = Field(description="text in English")
    zh: text(300) = Field(description="text in Chinese")

    def __call__(self, language: str) -> str:
        return getattr(self, language if language in LANGUAGES else "en")


OTHERWISE = Bilingual(
    en="This is not what the lesson expects: a lever was moved, or it is due to chance.",
    zh="这与课程预期不同：可能动过杠杆，也可能是随机波动所致。",
)
CLOSED = Bilingual(en="A future that this compares was closed.", zh="这里所说的未来已被关闭。")
NOT_YET = Bilingual(
    en="Keep playing: these days are still to come.", zh="请继续播放：这几天还没有到。"
)


class Reading(Table):
    """A number read from a timeline, for one day or a range of days."""

    branch: Branch = MAIN
    """The timeline."""
    metric: one_of(METRICS, "metric") = Field(description="a column of the daily table")
    day: Day | None = None
    """Its value on this day."""
    from_: Day | None = Field(None, alias="from")
    """The first day of a range."""
    to: Day | None = None
    """The last day of a range."""
    take: one_of(TAKES, "take") = "mean"
    """How a range is summarised: mean, sum, minimum or maximum."""
    per: one_of(METRICS, "metric") | None = None
    """Divide by the same summary of this metric."""

    @model_validator(mode="after")
    def _check(self) -> Reading:
        stretch = (self.from_ is not None, self.to is not None)
        if stretch != ((self.day is None),) * 2:
            wrong(Finding(f"day {self.day}, from {self.from_}, to {self.to}"),
                  "a day, or from and to")  # fmt: skip
        if self.day is None and self.to < self.from_:
            wrong(Finding(f"from {self.from_} to {self.to}"), "the first day first", "to")
        return self

    @property
    def last(self) -> int:
        """The last day that it needs."""
        return self.to if self.day is None else self.day

    def value(self, timelines: Lives) -> float:
        """The number; NaN if its timeline or days don't exist yet."""
        life = timelines.get(self.branch)
        if life is None or life.day <= self.last:
            return float("nan")
        days = life.daily[self.last if self.from_ is None else self.from_ : self.last + 1]
        amount = TAKES[self.take](values(days, self.metric))
        if self.per is None:
            return float(amount)
        total = TAKES[self.take](values(days, self.per))
        return float(amount / total) if total else float("nan")


class Claim(Table):
    """A prediction: a number, or its ratio to another one, lies between two bounds."""

    a: Reading = Field(description="a reading")
    b: Reading | None = None
    """Divide `a` by this reading."""
    at_least: Amount | None = None
    """Lower bound of `a`, or of `a` / `b`."""
    at_most: Amount | None = None
    says: Bilingual = Field(description="the outcome, with {a}, {b}, {times} or {change} in it")
    """{a} and {b} are the numbers ({a_share} as a percentage), {times} is a / b, {share} the same
    as a percentage, {change} how much more or less a is than b, in percent."""

    @model_validator(mode="after")
    def _check(self) -> Claim:
        if self.at_least is None and self.at_most is None:
            wrong(Finding("no bound"), "at_least, at_most or both")
        for language in LANGUAGES:
            try:
                self.says(language).format(**self._values(1.0, 1.0, Words(language)))
            except (KeyError, IndexError, ValueError):
                wrong(self.says(language), "text with {a}, {b}, {times}, {share}, {change}", "says")
        return self

    @property
    def readings(self) -> tuple[Reading, ...]:
        return (self.a,) if self.b is None else (self.a, self.b)

    def lived(self, timelines: Lives) -> bool:
        """Whether the timelines and days that it needs exist."""
        return all(
            each.branch in timelines and timelines[each.branch].day > each.last
            for each in self.readings
        )

    def value(self, timelines: Lives) -> float:
        """The number that the bounds apply to; NaN if it can't be computed."""
        a = self.a.value(timelines)
        if self.b is None:
            return a
        b = self.b.value(timelines)
        return a / b if b else float("nan")

    def holds(self, timelines: Lives) -> bool:
        """Whether it is true in these timelines; False if it can't be computed."""
        value = self.value(timelines)
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return not isnan(value) and low <= value <= high

    def words(self, timelines: Lives, language: str) -> str:
        """The outcome in these timelines, as predicted or not."""
        if any(each.branch not in timelines for each in self.readings):
            return CLOSED(language)
        if not self.lived(timelines):
            return NOT_YET(language)
        b = None if self.b is None else self.b.value(timelines)
        numbers = self._values(self.a.value(timelines), b, Words(language))
        text = self.says(language).format(**numbers)
        if self.holds(timelines):
            return text
        return text + (" " if language == "en" else "") + OTHERWISE(language)

    def _values(self, a: float, b: float | None, words: Words) -> dict[str, str]:
        values = {"a": words.short(a), "a_share": words.percent(a)}
        if self.b is None or b is None:
            return values
        ratio = a / b if b else float("nan")
        more = round(100 * (ratio - 1)) if not isnan(ratio) else float("nan")
        return values | {
            "b": words.short(b), "times": words.short(ratio), "share": words.percent(ratio),
            "change": words.signed(more, "%"),
        }  # fmt: skip
