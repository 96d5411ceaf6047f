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

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from comsim.lab.claim import MAIN, Branch, Claim, Day, Text
from comsim.lab.timeline import Timeline
from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario
from comsim.scenario.checks import Words as Found
from comsim.scenario.checks import choices, explain, in_range, number, one_of, text, wrong
from comsim.scenario.reading import read_toml
from comsim.scenario.table import Amount, Table

CHARTS = ("members", "activity", "feelings", "posts", "money", "retention", "field")
TIMELINES = 4  # that a lesson may have, the main one included


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
    """Set levers on their days, the earliest first, and come back to today. They are not the
    visitor's to take back."""
    today = life.day
    when: Callable[[LeverMove], int] = lambda move: today if move.day is None else move.day  # noqa: E731
    for move in sorted(moves, key=when):
        life.go_to(when(move))
        life.set(move.lever, move.value)
    life.go_to(today)
    life.before.clear()


@cache
def load_lessons() -> tuple[Lesson, ...]:
    """The lessons that come with the package, in their order."""
    folder = Path(str(files(__package__).joinpath("lessons")))
    found = [Lesson.from_dict(read_toml(path, "a lesson"), path.name) for path in
             sorted(folder.glob("*.toml"))]  # fmt: skip
    return tuple(sorted(found, key=lambda lesson: lesson.place))
