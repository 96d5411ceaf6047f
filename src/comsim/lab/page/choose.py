"""Choosing a community: lessons, the shelf of scenarios, and the visitor's own file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from nicegui import ui

from comsim.lab import limits
from comsim.lab.dropped import scenario_from, toml_from
from comsim.lab.lesson import Lesson, load_lessons
from comsim.lab.page.pieces import heading
from comsim.lab.page.state import PageState
from comsim.lab.page.world import FUTURES
from comsim.lab.phrasebook import LANGUAGES
from comsim.lab.saved import Branch, branches_from, is_branches
from comsim.lab.shelf import KINDS, Card, Outline, cards, with_market
from comsim.lab.visit import Visit
from comsim.present import palette
from comsim.scenario import Scenario

Open = Callable[[Callable[[], "VisitStart"]], Awaitable[None]]

WIDE, HIGH = 240, 50


@dataclass(frozen=True)
class LessonProgress:
    """The progress of a visitor in a lesson: the step shown, the last step carried out, and the
    guesses by step."""

    at: int
    done: int
    guesses: dict[int, int]


@dataclass(frozen=True)
class VisitStart:
    """What a page starts with: a visit, and its card or lesson."""

    visit: Visit
    card: Card | None = None
    lesson: Lesson | None = None
    progress: LessonProgress | None = None
    """Where to continue in the lesson; None for a new lesson."""
    other_code: bool = False
    """Whether another version of comsim simulated its days before."""

    @property
    def title(self) -> dict[str, str]:
        """Its title by language, if different from the name of its scenario."""
        if self.lesson is not None:
            return {one: self.lesson.title(one) for one in LANGUAGES}
        return {} if self.card is None else self.card.name


def chooser(state: PageState, open_visit: Open) -> None:
    """Lessons, scenarios and a place to drop a file; `open_visit` opens the one chosen."""
    say = state.say
    heading(2, say("lab.lessons"))
    ui.label(say("lab.lessons_hint")).classes("hint")
    with ui.element("div").classes("shelf lessons"):
        for lesson in load_lessons():
            _lesson(state, lesson, open_visit)
    heading(2, say("lab.choose"))
    ui.label(say("lab.choose_hint")).classes("hint")
    if state.given is not None:
        _given(state, state.given, open_visit)
    for kind in KINDS.values():
        heading(3, say.name("shelf", kind)).classes("shelf-name")
        with ui.element("div").classes("shelf"):
            for card in cards():
                if card.kind == kind:
                    _card(state, card, open_visit)
            if kind == "launch":
                _dropping(state, open_visit)


async def begin(lesson: Lesson, open_visit: Open) -> None:
    """Begin a lesson, in a community of its own."""
    await open_visit(
        lambda: VisitStart(Visit(lesson.scenario, lesson.seed, limits.LESSON_SPEED), lesson=lesson)
    )


def _lesson(state: PageState, lesson: Lesson, open_visit: Open) -> None:
    language = state.say.language
    card = ui.element("button").classes("card").props(f"data-lesson={lesson.id}")
    with card.on("click", lambda: begin(lesson, open_visit)):
        _line("b", f"{lesson.place} · {lesson.title(language)}")
        _line("span", lesson.about(language))


def _market(card: Card) -> int:
    return card.market if card.market <= limits.MEMBERS else limits.SMALLER


def in_the_lab(card: Card) -> Scenario:
    """The scenario of a card, in a market of a size that the lab allows."""
    return with_market(card.scenario(), _market(card))


def _card(state: PageState, card: Card, open_visit: Open) -> None:
    language, market = state.say.language, _market(card)

    async def begin() -> None:
        await open_visit(lambda: VisitStart(Visit(in_the_lab(card), state.seed), card))

    with ui.element("button").classes("card").on("click", begin).props(f"data-card={card.id}"):
        if card.picture is not None:
            ui.html(_drawn(card.picture), sanitize=False)  # numbers and nothing else
        _line("b", card.name[language])
        _line("span", card.line[language])
        if card.market > market:
            here, there = state.say.number(market), state.say.number(card.market)
            _line("i", state.say("lab.smaller", here=here, there=there))


def _given(state: PageState, scenario: Scenario, open_visit: Open) -> None:
    async def begin() -> None:
        await open_visit(lambda: VisitStart(Visit(scenario, state.seed)))

    heading(3, state.say("lab.given")).classes("shelf-name")
    with ui.element("div").classes("shelf"), ui.element("button").classes("card") as card:
        card.on("click", begin)
        _line("b", scenario.name)
        _line("span", scenario.description)


def _drawn(picture: Outline) -> str:
    bands = "".join(
        f'<rect x="{left}" width="{width}" height="{HIGH}" fill="{palette.STAGES[stage]}"/>'
        for stage, left, width in picture.bands(WIDE)
    )
    return (
        f'<svg viewBox="0 -2 {WIDE} {HIGH + 4}" preserveAspectRatio="none" aria-hidden="true">'
        f'{bands}<path d="{picture.line(WIDE, HIGH)}"/></svg>'
    )


def _line(tag: str, text: str) -> None:
    with ui.element(tag):
        ui.label(text)


def visit_from_file(
    text: bytes, name: str, seed: int | None = None, known: Scenario | None = None
) -> Visit:
    """The visit that a dropped file starts: a scenario, or the branches of an earlier visit.

    Branches may belong to the scenario that the lab was started with, which is `known`.
    """
    data = toml_from(text, name, limits.BYTES)
    if is_branches(data):
        branches = branches_from(data, name, known)
        return coloured(Visit.reopened(branches), branches)
    return Visit(scenario_from(data, name), seed)


def coloured(visit: Visit, branches: Sequence[Branch]) -> Visit:
    """The visit with its futures in the colours of their branches, if the page has all of them."""
    places = [FUTURES.index(branch.colour) for branch in branches if branch.colour in FUTURES]
    if len({*places}) == len(branches):
        for future, place in zip(visit.futures, places, strict=True):
            future.colour = place
    return visit


def _dropping(state: PageState, open_visit: Open) -> None:
    """A place to drop a scenario file on."""
    say = state.say

    async def dropped(event: Any) -> None:
        uploader.reset()
        for file in event.files[:1]:  # a foreign form may contain any number
            if file.size() > limits.BYTES:
                return too_big()
            text, name = await file.read(), file.name[: limits.NAME]
            await open_visit(partial(start, text, name))

    def start(text: bytes, name: str) -> VisitStart:
        return VisitStart(visit_from_file(text, name, state.seed, state.given))

    def too_big() -> None:
        state.say_line(say("lab.too_big_file", bytes=say.number(limits.BYTES)), stays=True)

    uploader = ui.upload(
        auto_upload=True, max_file_size=limits.BYTES, on_multi_upload=dropped, on_rejected=too_big
    )
    uploader.classes("drop").props("accept=.toml flat")
    uploader.on("failed", too_big, js_handler="({xhr}) => xhr.status === 413 && emit()")
    words = f"<span>{escape(say('lab.drop'))}</span>"
    uploader.add_slot("header", f"<label>{words}<q-uploader-add-trigger /></label>")
    state.client.run_javascript(  # Quasar hides it from keys
        f"getHtmlElement({uploader.id})?.querySelector('input')?.setAttribute('tabindex', 0)"
    )
