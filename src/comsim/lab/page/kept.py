"""The part of a visit that the browser keeps, so that nothing is lost when the connection breaks,
the page is reloaded, or the lab is restarted.

After each action of the visitor, the page sends a branches file (`comsim.lab.saved`) with an
additional table [page]; with each frame, the days of the futures. The browser keeps both for its
tab (sessionStorage, written in world.js) and returns them when the page opens. They are checked
like any file dropped on the page, and the days are simulated again. The server therefore keeps
nothing for disconnected visitors.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Any

from nicegui import Client
from pydantic import AfterValidator, Field, ValidationError

from comsim.common.errors import InputError
from comsim.files.origin import code_hash
from comsim.lab import limits
from comsim.lab.dropped import toml_from
from comsim.lab.lesson import Ask, Lesson, load_lessons
from comsim.lab.moves import TimelineMove
from comsim.lab.page.choose import LessonProgress, VisitStart, coloured, in_the_lab
from comsim.lab.page.guide import Guide
from comsim.lab.page.world import FUTURES
from comsim.lab.saved import MOST_MOVES, Branch, SavedMove, branches_as_toml, branches_from
from comsim.lab.shelf import Card, cards
from comsim.lab.timeline import UNDONE
from comsim.lab.visit import Visit
from comsim.scenario import Scenario
from comsim.scenario.checks import choices, explain, number, text, wrong
from comsim.scenario.table import Table

KEPT = "data kept by this browser"
ANSWER = 10  # seconds for the browser to return it
HANDED_BACK = "['comsim-lab', 'comsim-lab-days'].map((key) => sessionStorage.getItem(key))"
FORGET = "['comsim-lab', 'comsim-lab-days'].forEach((key) => sessionStorage.removeItem(key))"
this_code = cache(code_hash)  # at the start of the lab; files may change later
Step = number(0, 99, whole=True)  # of a lesson


def _speed(value: object) -> int:
    known = [str(speed) for speed in limits.SPEEDS]
    if str(value) not in known:
        wrong(value, choices(value, known))
    return int(str(value))


class _Future(Table):
    """Data of a future beyond its branch in the file."""

    named: bool = True
    """Whether it has a name of its own."""
    own: bool = False
    part: text(40, empty=True) = ""
    first: tuple[SavedMove, ...] = Field((), max_length=MOST_MOVES)
    """The moves that can't be taken back, and those that can, in the order they were made:"""
    made: tuple[SavedMove, ...] = Field((), max_length=UNDONE)


class _Page(Table):
    code: text(100, empty=True) = ""
    """The hash of the code that simulated these days."""
    futures: tuple[_Future, ...] = Field(max_length=limits.BRANCHES, description="its futures")
    chosen: number(0, limits.BRANCHES - 1, whole=True) = 0
    speed: Annotated[Any, AfterValidator(_speed)] = limits.SPEED
    card: text(100, empty=True) = ""
    lesson: text(40, empty=True) = ""
    at: Step = 0
    done: Step = 0
    guesses: tuple[tuple[Step, number(0, 3, whole=True)], ...] = Field((), max_length=99)


def kept(visit: Visit, card: Card | None = None, guide: Guide | None = None) -> str:
    """The text that a browser should keep of a visit; "" if it is too large."""
    futures = []
    for future in visit.futures:
        first, made = future.timeline.made
        futures.append({
            "named": bool(future.name), "own": future.own, "part": future.part,
            "first": _plain(first), "made": _plain(made),
        })  # fmt: skip
    table: dict[str, Any] = {
        "code": this_code(), "futures": futures, "chosen": visit.chosen, "speed": visit.speed,
    }  # fmt: skip
    if card is not None:
        table["card"] = card.id
    if guide is not None:
        guesses = [list(guess) for guess in guide.guesses.items()]
        table |= {"lesson": guide.lesson.id, "at": guide.at, "done": guide.done, "guesses": guesses}
    branches = [
        Branch(future.name or KEPT, FUTURES[future.colour], future.timeline)
        for future in visit.futures
    ]
    text = branches_as_toml(branches, page=table)
    return text if len(text.encode()) <= limits.KEPT else ""


def _plain(moves: list[TimelineMove]) -> list[dict[str, Any]]:
    return [vars(move) for move in moves]


async def handed_back(client: Client) -> tuple[str, dict[str, int]] | None:
    """What the browser kept in this tab, and the last day shown of each future, by colour; None if
    it kept nothing."""
    try:
        text, days = await client.run_javascript(HANDED_BACK, timeout=ANSWER)
        days = json.loads(days or "{}")
    except (TimeoutError, TypeError, ValueError, RecursionError):  # not from our page
        return None
    if not isinstance(text, str) or not text or not isinstance(days, dict):
        return None
    return text, {colour: day for colour, day in days.items() if type(day) is int}


def come_back(text: str, days: dict[str, int], given: Scenario | None) -> VisitStart:
    """The visit that a browser kept, with the day it showed as its target; `given` is the scenario
    that the lab was started with, if any.

    InputError, in one line, if the data is invalid or there is no room for the visit.
    """
    data = toml_from(text, KEPT, limits.KEPT)
    try:
        form = _Page.model_validate(data.pop("page", {}))
    except ValidationError as error:
        raise explain(error, KEPT) from None
    card, lesson = _card(form.card), _lesson(form)
    known = given if card is None else in_the_lab(card)
    branches = branches_from(data, KEPT, known)
    if len(branches) != len(form.futures) or form.chosen >= len(branches):
        raise InputError.at(KEPT, "page.futures", str(len(form.futures)), "as many as branches")
    visit = coloured(Visit.reopened(branches), branches)
    visit.chosen, visit.speed = form.chosen, form.speed
    stood = []
    for future, branch, more in zip(visit.futures, branches, form.futures, strict=True):
        future.name = future.name if more.named else ""
        future.own, future.part = more.own, more.part
        future.timeline.remake(*([TimelineMove(**vars(move)) for move in moves]
                                 for moves in (more.first, more.made)))  # fmt: skip
        day = days.get(str(future.colour), branch.day)
        stood.append(day if 0 <= day <= visit.days else branch.day)
    visit.target = min(stood) or None
    for future, day in zip(visit.futures, stood, strict=True):
        if day > min(stood):  # futures that a lesson forked in the past are behind
            future.go_to(day)
    progress = LessonProgress(form.at, form.done, dict(form.guesses))
    return VisitStart(visit, card, lesson, progress, other_code=form.code != this_code())


def _card(name: str) -> Card | None:
    return next((card for card in cards() if card.id == name), None)


def _lesson(form: _Page) -> Lesson | None:
    """The lesson that was open; None if it no longer exists, or has changed."""
    lesson = next((lesson for lesson in load_lessons() if lesson.id == form.lesson), None)
    if lesson is None:
        return None
    steps = lesson.steps
    options = {at: len(step.options) for at, step in enumerate(steps) if isinstance(step, Ask)}
    fits = (
        max(form.at, form.done) < len(steps)
        and all(option < options.get(at, 0) for at, option in form.guesses)
        and all(future.part in ("", *lesson.labels) for future in form.futures)
    )  # fmt: skip
    return lesson if fits else None
