"""Lessons: guided stories of a community, told in steps, as data.

    for lesson in load_lessons():
        timelines = lesson.begin()          # {"main": Timeline}, on day 0
        for step in lesson.steps:
            step.text("en")                 # what it says; each kind of step has it
            step.act(timelines)             # what it does, at once (see below)

A lesson is a file of `lessons/`, read and checked like a scenario. Its steps, by `step.kind`:

- `tell`: nothing but `text`.
- `set`: the levers of `moves` are set in the timeline `branch`, each on its `day` or, without one,
  today. `act` does so and comes back to today.
- `branch`: the future `name` (shown as `label(language)`) forks off `of` on the morning of `day`,
  with `moves` made in it. `act` puts it into `timelines`, standing on `day`.
- `play`: all timelines are to be lived up to the morning of day `to`. A page may do this day by
  day, side by side; `act` does it at once.
- `ask`: a question with two to four `options`: each with `text` and, once chosen, its `answer`;
  `right` is true of one of them.
- `show`: look at `chart` (one of CHARTS), at the timelines `branches` (empty: all). Each of
  `claims` says something about them: `claim.holds(timelines)`, and `claim.words(timelines,
  language)`, with the numbers of this very run, ready for a page. Claims wait for the days that
  they are about: `claim.lived(timelines)`.
- `source`: where the theory comes from: `text`, and `sources`, each a citation.

`lesson.labels` is what its timelines are called. A visitor may set levers of their own meanwhile:
then a claim may not hold, and its words say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from math import isnan
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from comsim.catalogue import LEVERS
from comsim.experiments.outcomes import METRICS, TAKES, values
from comsim.lab.timeline import Timeline
from comsim.report.words import LANGUAGES, Words
from comsim.scenario import Scenario
from comsim.scenario.checks import Words as Found
from comsim.scenario.checks import choices, explain, in_range, number, one_of, text, wrong
from comsim.scenario.form import MAX_DAYS
from comsim.scenario.reading import read_toml
from comsim.scenario.table import Amount, Table

MAIN = "main"  # the timeline that a lesson begins with
CHARTS = ("members", "activity", "feelings", "posts", "money", "retention", "field")
TIMELINES = 4  # that a lesson may have, the main one included

Day = number(0, MAX_DAYS, whole=True)
Branch = text(20)
Lives = Mapping[str, Timeline]


class Text(Table):
    """The same thing said in each language: `text("en")`."""

    en: text(600) = Field(description="text in English")
    zh: text(300) = Field(description="text in Chinese")

    def __call__(self, language: str) -> str:
        return getattr(self, language if language in LANGUAGES else "en")


OTHERWISE = Text(
    en="This is not what the lesson expects: a lever was moved, or luck was strong.",
    zh="这与课程预期不同：可能动过杠杆，也可能是运气使然。",
)
NOT_YET = Text(en="Play on: these days are still to come.", zh="请继续播放：这几天还没有到。")


class Reading(Table):
    """A number read from a timeline: on a day, or taken of a stretch of days."""

    branch: Branch = MAIN
    """The timeline."""
    metric: one_of(METRICS, "metric") = Field(description="a column of the daily table")
    day: Day | None = None
    """Its value on this day."""
    from_: Day | None = Field(None, alias="from")
    """The first day of a stretch."""
    to: Day | None = None
    """The last day of a stretch."""
    take: one_of(TAKES, "take") = "mean"
    """What is taken of a stretch: its mean, sum, least or most."""
    per: one_of(METRICS, "metric") | None = None
    """Divided by the same of this metric."""

    @model_validator(mode="after")
    def _check(self) -> Reading:
        stretch = (self.from_ is not None, self.to is not None)
        if stretch != ((self.day is None),) * 2:
            wrong(Found(f"day {self.day}, from {self.from_}, to {self.to}"),
                  "a day, or from and to")  # fmt: skip
        if self.day is None and self.to < self.from_:
            wrong(Found(f"from {self.from_} to {self.to}"), "the first day first", "to")
        return self

    @property
    def last(self) -> int:
        """The latest day that it needs."""
        return self.to if self.day is None else self.day

    def value(self, timelines: Lives) -> float:
        """The number; NaN where its timeline or its days don't exist yet."""
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
    """Something that will be seen: a number lies between two bounds, or its ratio to another."""

    a: Reading = Field(description="what is read")
    b: Reading | None = None
    """What it is divided by."""
    at_least: Amount | None = None
    """For `a`, or for `a` over `b`."""
    at_most: Amount | None = None
    says: Text = Field(description="what was seen, with {a}, {b}, {times} or {change} in it")
    """{a} and {b} are the numbers ({a_share} as a percentage), {times} is a / b, {share} the same
    as a percentage, {change} how much more or less a is than b, in percent."""

    @model_validator(mode="after")
    def _check(self) -> Claim:
        if self.at_least is None and self.at_most is None:
            wrong(Found("no bound"), "at_least, at_most or both")
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
        """Whether the timelines and days that it is about exist."""
        return all(
            each.branch in timelines and timelines[each.branch].day > each.last
            for each in self.readings
        )

    def value(self, timelines: Lives) -> float:
        """What the bounds are about; NaN where it can't be said."""
        a = self.a.value(timelines)
        if self.b is None:
            return a
        b = self.b.value(timelines)
        return a / b if b else float("nan")

    def holds(self, timelines: Lives) -> bool:
        """Whether it is so in these timelines; False as long as it can't be said."""
        value = self.value(timelines)
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return not isnan(value) and low <= value <= high

    def words(self, timelines: Lives, language: str) -> str:
        """What came out on these timelines, whether or not it was expected."""
        if not self.lived(timelines):
            return NOT_YET(language)
        b = None if self.b is None else self.b.value(timelines)
        numbers = self._values(self.a.value(timelines), b, Words(language))
        said = self.says(language).format(**numbers)
        if self.holds(timelines):
            return said
        return said + (" " if language == "en" else "") + OTHERWISE(language)

    def _values(self, a: float, b: float | None, words: Words) -> dict[str, str]:
        told = {"a": words.short(a), "a_share": words.percent(a)}
        if self.b is None or b is None:
            return told
        ratio = a / b if b else float("nan")
        more = round(100 * (ratio - 1)) if not isnan(ratio) else float("nan")
        return told | {
            "b": words.short(b), "times": words.short(ratio), "share": words.percent(ratio),
            "change": words.signed(more, "%"),
        }  # fmt: skip


class LeverMove(Table):
    """A lever is set: for a day where it is one of `moves.FOR_A_DAY`, else from then on."""

    lever: one_of(LEVERS, "lever") = Field(description="a lever")
    value: Amount = Field(description="a number")
    day: Day | None = None
    """The morning; left out, that of the day on which the timeline stands."""

    @model_validator(mode="after")
    def _check(self) -> LeverMove:
        lever = LEVERS[self.lever]
        in_range(self.value, lever.low, lever.high)
        return self


class Option(Table):
    text: Text = Field(description="what may be chosen")
    answer: Text = Field(description="what is said once it was chosen")
    right: bool = False


class Said(Table):
    """A step: it says something, and may do something to the timelines."""

    text: Text = Field(description="what it says")

    def act(self, timelines: dict[str, Timeline]) -> None:
        """Do at once what the step does; most do nothing."""


class Tell(Said):
    kind: Literal["tell"]


class Set(Said):
    kind: Literal["set"]
    branch: Branch = MAIN
    """The timeline."""
    moves: tuple[LeverMove, ...] = Field(min_length=1, max_length=40, description="lever moves")

    def act(self, timelines: dict[str, Timeline]) -> None:
        _move(timelines[self.branch], self.moves)


class Fork(Said):
    kind: Literal["branch"]
    name: Branch = Field(description="a name")
    label: Text = Field(description="what it is called on charts")
    of: Branch = MAIN
    """The timeline that it forks off."""
    day: Day = Field(description="the morning on which it forks")
    moves: tuple[LeverMove, ...] = Field((), max_length=40)

    def act(self, timelines: dict[str, Timeline]) -> None:
        other = timelines[self.of].fork()
        other.go_to(self.day)
        _move(other, self.moves)
        timelines[self.name] = other


class Play(Said):
    kind: Literal["play"]
    to: Day = Field(description="a day")

    def act(self, timelines: dict[str, Timeline]) -> None:
        for life in timelines.values():
            life.go_to(self.to)


class Ask(Said):
    kind: Literal["ask"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=4, description="2 to 4 options")

    @model_validator(mode="after")
    def _check(self) -> Ask:
        right = sum(option.right for option in self.options)
        if right != 1:
            wrong(Found(f"{right} right options"), "one right option", "options")
        return self


class Show(Said):
    kind: Literal["show"]
    chart: one_of(CHARTS, "chart") = Field(description="what to look at")
    branches: tuple[Branch, ...] = Field((), max_length=TIMELINES)
    """The timelines to look at; empty for all."""
    claims: tuple[Claim, ...] = Field(min_length=1, max_length=4, description="claims")


class Source(Said):
    kind: Literal["source"]
    sources: tuple[Text, ...] = Field(min_length=1, max_length=6, description="citations")


STEPS: dict[str, type[Said]] = {
    "tell": Tell, "set": Set, "branch": Fork, "play": Play, "ask": Ask, "show": Show,
    "source": Source,
}  # fmt: skip


def _of_a_kind(data: Any) -> Any:
    """A step as a table; its kind is looked at first, for it says what else may stand in it."""
    if isinstance(data, dict) and data.get("kind") not in STEPS:
        found = data.get("kind", Found("nothing"))
        wrong(found, choices(found, STEPS), "kind")
    return data


Step = Annotated[
    Tell | Set | Fork | Play | Ask | Show | Source,
    Field(discriminator="kind"),
    BeforeValidator(_of_a_kind),
]


class Lesson(Table):
    """A guided story: a scenario, a seed and steps."""

    id: text(40) = Field(description="a short name, as in an address")
    place: number(1, 99, whole=True) = Field(description="its place among the lessons")
    title: Text = Field(description="a title")
    about: Text = Field(description="a sentence that makes one curious")
    seed: number(0, 2**63 - 1, whole=True) = Field(description="a seed")
    main: Text = Field(description="what the timeline that it begins with is called on charts")
    scenario: Scenario = Field(description="a scenario")
    steps: tuple[Step, ...] = Field(min_length=5, max_length=8, description="5 to 8 steps")

    @classmethod
    def from_dict(cls, data: dict[str, Any], file: str = "lesson") -> Lesson:
        """A lesson given as nested dicts; InputError, in one line, for whatever is wrong."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise explain(error, file) from None

    def begin(self) -> dict[str, Timeline]:
        """Its timelines at the start: the main one, on the morning of day 0."""
        return {MAIN: Timeline(self.scenario, self.seed)}

    @property
    def labels(self) -> dict[str, Text]:
        """What its timelines are called on charts, by name."""
        forks = {step.name: step.label for step in self.steps if isinstance(step, Fork)}
        return {MAIN: self.main} | forks

    @model_validator(mode="after")
    def _check(self) -> Lesson:
        known, asked, last = [MAIN], False, self.scenario.days
        for place, step in enumerate(self.steps):
            key = f"steps[{place}]"
            _within(_days(step), last, key)
            for name in _names(step):
                if name not in known:
                    wrong(Found(f"branch {name!r}"), choices(name, known), key)
            if isinstance(step, Fork):
                if step.name in known:
                    wrong(Found(f"{step.name!r} twice"), "a name of its own", f"{key}.name")
                known.append(step.name)
            if isinstance(step, Show) and not asked:
                wrong(Found("an answer without a question"), "ask before the first show", key)
            asked = asked or isinstance(step, Ask)
        if len(known) > TIMELINES:
            wrong(Found(f"{len(known)} timelines"), f"at most {TIMELINES}", "steps")
        return self


def _within(days: list[int], last: int, key: str) -> None:
    for day in days:
        if day > last:
            wrong(Found(f"day {day}"), f"days 0 to {last} of its scenario", key)


def _days(step: Said) -> list[int]:
    """The days that a step names, as mornings."""
    if isinstance(step, Play):
        return [step.to]
    if isinstance(step, Show):
        return [reading.last + 1 for claim in step.claims for reading in claim.readings]
    days = [step.day + 1] if isinstance(step, Fork) else []
    return days + [(move.day or 0) + 1 for move in getattr(step, "moves", ())]


def _names(step: Said) -> list[str]:
    """The timelines that a step needs."""
    if isinstance(step, Set):
        return [step.branch]
    if isinstance(step, Fork):
        return [step.of]
    if isinstance(step, Show):
        read = [reading.branch for claim in step.claims for reading in claim.readings]
        return [*step.branches, *read]
    return []


def _move(life: Timeline, moves: tuple[LeverMove, ...]) -> None:
    """Set levers on their days, the earliest first, and come back to today."""
    today = life.day
    when: Callable[[LeverMove], int] = lambda move: today if move.day is None else move.day  # noqa: E731
    for move in sorted(moves, key=when):
        life.go_to(when(move))
        life.set(move.lever, move.value)
    life.go_to(today)


@cache
def load_lessons() -> tuple[Lesson, ...]:
    """The lessons that come with the package, in their order."""
    folder = Path(str(files(__package__).joinpath("lessons")))
    found = [Lesson.from_dict(read_toml(path, "a lesson"), path.name) for path in
             sorted(folder.glob("*.toml"))]  # fmt: skip
    return tuple(sorted(found, key=lambda lesson: lesson.place))
