"""Choosing a community: lessons, the shelf of scenarios, and a file of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from nicegui import ui

from comsim.lab import limits
from comsim.lab.dropped import scenario_from, toml_from
from comsim.lab.lesson import Lesson, load_lessons
from comsim.lab.page.pieces import heading
from comsim.lab.page.world import FUTURES, TINTS
from comsim.lab.phrasebook import LANGUAGES
from comsim.lab.saved import Branch, branches_from, is_branches
from comsim.lab.shelf import KINDS, Card, Picture, cards, with_market
from comsim.lab.visit import Visit
from comsim.model.stages import STAGES
from comsim.scenario import Scenario

if TYPE_CHECKING:
    from comsim.lab.page.page import Page

WIDE, HIGH = 240, 50


@dataclass(frozen=True)
class Place:
    """The progress of a visitor in a lesson: the step shown, the last step carried out, and the
    guesses by step."""

    at: int
    done: int
    guesses: dict[int, int]


@dataclass(frozen=True)
class Begun:
    """What a page begins with: a visit, and its card or lesson."""

    visit: Visit
    card: Card | None = None
    lesson: Lesson | None = None
    place: Place | None = None
    """Where to continue in the lesson; None for a new lesson."""
    other_code: bool = False
    """Whether another version of comsim simulated its days before."""

    @property
    def title(self) -> dict[str, str]:
        """Its title by language, if different from the name of its scenario."""
        if self.lesson is not None:
            return {one: self.lesson.title(one) for one in LANGUAGES}
        return {} if self.card is None else self.card.name


def chooser(page: Page) -> None:
    say = page.say
    heading(2, say("lab.lessons"))
    ui.label(say("lab.lessons_hint")).classes("hint")
    with ui.element("div").classes("shelf lessons"):
        for lesson in load_lessons():
            _lesson(page, lesson)
    heading(2, say("lab.choose"))
    ui.label(say("lab.choose_hint")).classes("hint")
    if page.given is not None:
        _given(page, page.given)
    for kind in KINDS.values():
        heading(3, say.name("shelf", kind)).classes("shelf-name")
        with ui.element("div").classes("shelf"):
            for card in cards():
                if card.kind == kind:
                    _card(page, card)
            if kind == "launch":
                dropping(page)


async def begin(page: Page, lesson: Lesson) -> None:
    """Begin a lesson, in a community of its own."""
    await page.open(
        lambda: Begun(Visit(lesson.scenario, lesson.seed, limits.LESSON_SPEED), lesson=lesson)
    )


def _lesson(page: Page, lesson: Lesson) -> None:
    language = page.say.language
    card = ui.element("button").classes("card").props(f"data-lesson={lesson.id}")
    with card.on("click", lambda: begin(page, lesson)):
        _line("b", f"{lesson.place} · {lesson.title(language)}")
        _line("span", lesson.about(language))


def _market(card: Card) -> int:
    return card.market if card.market <= limits.MEMBERS else limits.SMALLER


def in_the_lab(card: Card) -> Scenario:
    """The scenario of a card, in a market of a size that the lab allows."""
    return with_market(card.scenario(), _market(card))


def _card(page: Page, card: Card) -> None:
    language, market = page.say.language, _market(card)

    async def begin() -> None:
        await page.open(lambda: Begun(Visit(in_the_lab(card), page.seed), card))

    with ui.element("button").classes("card").on("click", begin).props(f"data-card={card.id}"):
        if card.picture is not None:
            ui.html(_drawn(card.picture), sanitize=False)  # numbers and nothing else
        _line("b", card.name[language])
        _line("span", card.line[language])
        if card.market > market:
            here, there = page.say.number(market), page.say.number(card.market)
            _line("i", page.say("lab.smaller", here=here, there=there))


def _given(page: Page, scenario: Scenario) -> None:
    async def begin() -> None:
        await page.open(lambda: Begun(Visit(scenario, page.seed)))

    heading(3, page.say("lab.given")).classes("shelf-name")
    with ui.element("div").classes("shelf"), ui.element("button").classes("card") as card:
        card.on("click", begin)
        _line("b", scenario.name)
        _line("span", scenario.description)


def _drawn(picture: Picture) -> str:
    bands = "".join(
        f'<rect x="{left}" width="{width}" height="{HIGH}" fill="{TINTS[STAGES.index(stage)]}"/>'
        for stage, left, width in picture.bands(WIDE)
    )
    return (
        f'<svg viewBox="0 -2 {WIDE} {HIGH + 4}" preserveAspectRatio="none" aria-hidden="true">'
        f'{bands}<path d="{picture.line(WIDE, HIGH)}"/></svg>'
    )


def _line(tag: str, text: str) -> None:
    with ui.element(tag):
        ui.label(text)


def opened(text: bytes, name: str, seed: int | None = None, known: Scenario | None = None) -> Visit:
    """What a file that was dropped begins: a scenario, or the branches of an earlier visit; these
    may be of the scenario that the lab was started with, which is `known`."""
    said = toml_from(text, name, limits.BYTES)
    if is_branches(said):
        found = branches_from(said, name, known)
        return coloured(Visit.reopened(found), found)
    return Visit(scenario_from(said, name), seed)


def coloured(visit: Visit, branches: Sequence[Branch]) -> Visit:
    """The visit with its futures in their branches' colours, where the page has them all."""
    places = [FUTURES.index(branch.colour) for branch in branches if branch.colour in FUTURES]
    if len({*places}) == len(branches):
        for future, place in zip(visit.futures, places, strict=True):
            future.colour = place
    return visit


def dropping(page: Page) -> None:
    """A place to drop a scenario file on."""
    say = page.say

    async def dropped(event: Any) -> None:
        uploader.reset()
        for file in event.files[:1]:  # a foreign form may contain any number
            if file.size() > limits.BYTES:
                return too_big()
            text, name = await file.read(), file.name[: limits.NAME]
            await page.open(partial(begun, text, name))

    def begun(text: bytes, name: str) -> Begun:
        return Begun(opened(text, name, page.seed, page.given))

    def too_big() -> None:
        page.say_line(say("lab.too_big_file", bytes=say.number(limits.BYTES)), stays=True)

    uploader = ui.upload(
        auto_upload=True, max_file_size=limits.BYTES, on_multi_upload=dropped, on_rejected=too_big
    )
    uploader.classes("drop").props("accept=.toml flat")
    uploader.on("failed", too_big, js_handler="({xhr}) => xhr.status === 413 && emit()")
    words = f"<span>{escape(say('lab.drop'))}</span>"
    uploader.add_slot("header", f"<label>{words}<q-uploader-add-trigger /></label>")
    page.client.run_javascript(  # Quasar hides it from keys
        f"getHtmlElement({uploader.id})?.querySelector('input')?.setAttribute('tabindex', 0)"
    )
