"""Lessons: guided stories of a community, in steps, as data.

    for lesson in load_lessons():
        timelines = lesson.begin()          # {"main": Timeline}, on day 0
        for step in lesson.steps:
            step.text("en")                 # its text; every kind of step has one
            step.act(timelines)             # carry it out (see below)

A lesson is a file of `lessons/`, read and checked like a scenario. Its steps, by `step.kind`:

- `tell`: only `text`.
- `set`: sets the levers of `moves` in the timeline `branch`, each on its `day` or, without one,
  today. `act` does so and returns to today.
- `branch`: forks the future `name` (shown as `label(language)`) off `of` on the morning of `day`,
  and makes `moves` in it. `act` adds it to `timelines`, on the morning of `day`.
- `play`: simulates all timelines up to the morning of day `to`. A page may do this day by day;
  `act` does it at once.
- `ask`: a question with two to four `options`: each with `text` and, once chosen, its `answer`;
  `right` is true for one of them.
- `show`: look at `chart` (one of CHARTS), at the timelines `branches` (empty: all). Each of
  `claims` is a prediction about them: `claim.holds(timelines)`, and `claim.words(timelines,
  language)`, with the numbers of this run. `claim.lived(timelines)` says whether the days that it
  needs have been simulated.
- `source`: the sources of the theory: `text`, and `sources`, each a citation.

`lesson.labels` names its timelines. If the visitor moves levers meanwhile, a claim may not hold;
its words then say so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from comsim.lab.claim import MAIN, Bilingual, Branch, Claim, Day
from comsim.lab.timeline import Timeline
from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario
from comsim.scenario.checks import Described as Finding
from comsim.scenario.checks import choices, explain, in_range, number, one_of, text, wrong
from comsim.scenario.reading import read_toml
from comsim.scenario.table import Amount, Table

CHARTS = ("members", "activity", "feelings", "posts", "money", "retention", "field")
TIMELINES = 4  # that a lesson may have, the main one included


class LeverMove(Table):
    """Sets a lever: for one day if it is an act, otherwise from then on."""

    lever: one_of(LEVERS, "lever") = Field(description="a lever")
    value: Amount = Field(description="a number")
    day: Day | None = None
    """The morning; by default, that of the current day."""

    @model_validator(mode="after")
    def _check(self) -> LeverMove:
        lever = LEVERS[self.lever]
        in_range(self.value, lever.low, lever.high)
        return self


class Option(Table):
    text: Bilingual = Field(description="the option")
    answer: Bilingual = Field(description="the response once it is chosen")
    right: bool = False


class StepBase(Table):
    """A step: it has a text, and may act on the timelines."""

    text: Bilingual = Field(description="its text")

    def act(self, timelines: dict[str, Timeline]) -> None:
        """Carry out the step; most steps do nothing."""


class Tell(StepBase):
    kind: Literal["tell"]


class Set(StepBase):
    kind: Literal["set"]
    branch: Branch = MAIN
    """The timeline."""
    moves: tuple[LeverMove, ...] = Field(min_length=1, max_length=40, description="lever moves")

    def act(self, timelines: dict[str, Timeline]) -> None:
        _move(timelines[self.branch], self.moves)


class Fork(StepBase):
    kind: Literal["branch"]
    name: Branch = Field(description="a name")
    label: Bilingual = Field(description="its name on charts")
    of: Branch = MAIN
    """The timeline to fork."""
    day: Day = Field(description="the morning on which it forks")
    moves: tuple[LeverMove, ...] = Field((), max_length=40)

    def act(self, timelines: dict[str, Timeline]) -> None:
        other = timelines[self.of].fork()
        other.go_to(self.day)
        _move(other, self.moves)
        timelines[self.name] = other


class Play(StepBase):
    kind: Literal["play"]
    to: Day = Field(description="a day")

    def act(self, timelines: dict[str, Timeline]) -> None:
        for life in timelines.values():
            life.go_to(self.to)


class Ask(StepBase):
    kind: Literal["ask"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=4, description="2 to 4 options")

    @model_validator(mode="after")
    def _check(self) -> Ask:
        right = sum(option.right for option in self.options)
        if right != 1:
            wrong(Finding(f"{right} right options"), "one right option", "options")
        return self


class Show(StepBase):
    kind: Literal["show"]
    chart: one_of(CHARTS, "chart") = Field(description="what to look at")
    branches: tuple[Branch, ...] = Field((), max_length=TIMELINES)
    """The timelines to look at; empty for all."""
    claims: tuple[Claim, ...] = Field(min_length=1, max_length=4, description="claims")


class Source(StepBase):
    kind: Literal["source"]
    sources: tuple[Bilingual, ...] = Field(min_length=1, max_length=6, description="citations")


STEPS: dict[str, type[StepBase]] = {
    "tell": Tell, "set": Set, "branch": Fork, "play": Play, "ask": Ask, "show": Show,
    "source": Source,
}  # fmt: skip


def _of_a_kind(data: Any) -> Any:
    """A step as a table. Its kind is checked first, since it determines the other keys."""
    if isinstance(data, dict) and data.get("kind") not in STEPS:
        kind = data.get("kind", Finding("nothing"))
        wrong(kind, choices(kind, STEPS), "kind")
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
    title: Bilingual = Field(description="a title")
    about: Bilingual = Field(description="a sentence that arouses curiosity")
    seed: number(0, 2**63 - 1, whole=True) = Field(description="a seed")
    main: Bilingual = Field(description="the name of the first timeline on charts")
    scenario: Scenario = Field(description="a scenario")
    steps: tuple[Step, ...] = Field(min_length=5, max_length=8, description="5 to 8 steps")

    @classmethod
    def from_dict(cls, data: dict[str, Any], file: str = "lesson") -> Lesson:
        """A lesson from nested dicts. Raises InputError, in one line, for any error."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise explain(error, file) from None

    def begin(self) -> dict[str, Timeline]:
        """Its timelines at the start: only the main one, on the morning of day 0."""
        return {MAIN: Timeline(self.scenario, self.seed)}

    @property
    def labels(self) -> dict[str, Bilingual]:
        """Labels of its timelines on charts, by name."""
        forks = {step.name: step.label for step in self.steps if isinstance(step, Fork)}
        return {MAIN: self.main} | forks

    @model_validator(mode="after")
    def _check(self) -> Lesson:
        known, question, last = [MAIN], False, self.scenario.days
        for place, step in enumerate(self.steps):
            key = f"steps[{place}]"
            _within(_days(step), last, key)
            for name in _names(step):
                if name not in known:
                    wrong(Finding(f"branch {name!r}"), choices(name, known), key)
            if isinstance(step, Fork):
                if step.name in known:
                    wrong(Finding(f"{step.name!r} twice"), "a name of its own", f"{key}.name")
                known.append(step.name)
            if isinstance(step, Show) and not question:
                wrong(Finding("an answer without a question"), "ask before the first show", key)
            question = question or isinstance(step, Ask)
        if len(known) > TIMELINES:
            wrong(Finding(f"{len(known)} timelines"), f"at most {TIMELINES}", "steps")
        return self


def _within(days: list[int], last: int, key: str) -> None:
    for day in days:
        if day > last:
            wrong(Finding(f"day {day}"), f"days 0 to {last} of its scenario", key)


def _days(step: StepBase) -> list[int]:
    """The days that a step refers to, as mornings."""
    if isinstance(step, Play):
        return [step.to]
    if isinstance(step, Show):
        return [reading.last + 1 for claim in step.claims for reading in claim.readings]
    days = [step.day + 1] if isinstance(step, Fork) else []
    return days + [(move.day or 0) + 1 for move in getattr(step, "moves", ())]


def _names(step: StepBase) -> list[str]:
    """The timelines that a step refers to."""
    if isinstance(step, Set):
        return [step.branch]
    if isinstance(step, Fork):
        return [step.of]
    if isinstance(step, Show):
        read = [reading.branch for claim in step.claims for reading in claim.readings]
        return [*step.branches, *read]
    return []


def _move(life: Timeline, moves: tuple[LeverMove, ...]) -> None:
    """Set levers on their days, the earliest first, and return to today. The visitor can't undo
    these moves."""
    today = life.day
    when: Callable[[LeverMove], int] = lambda move: today if move.day is None else move.day  # noqa: E731
    for move in sorted(moves, key=when):
        life.go_to(when(move))
        life.set(move.lever, move.value)
    life.go_to(today)
    life.before.clear()


@cache
def load_lessons() -> tuple[Lesson, ...]:
    """The lessons of the package, in order."""
    folder = Path(str(files(__package__).joinpath("lessons")))
    lessons = [Lesson.from_dict(read_toml(path, "a lesson"), path.name) for path in
               sorted(folder.glob("*.toml"))]  # fmt: skip
    return tuple(sorted(lessons, key=lambda lesson: lesson.place))
