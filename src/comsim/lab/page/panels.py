"""The smaller parts of the page: its head, a member's story, the marks of lever moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nicegui import ui

from comsim.lab import limits
from comsim.lab.moves import Move, parting
from comsim.lab.page.away import away
from comsim.lab.page.pieces import button, dialog, focus, heading, paragraph
from comsim.lab.phrasebook import Words
from comsim.lab.visit import Future, Visit

NAMED = 2  # moves of a day that a mark names

if TYPE_CHECKING:
    from comsim.lab.page.page import Page


def top(page: Page) -> None:
    say, visit = page.say, page.visit
    with ui.element("header").classes("top"):
        with ui.element("div").classes("grow"):
            if visit is None:
                heading(1, say("lab.title"))
                ui.label(say("lab.claim")).classes("hint")
            else:
                scenario = visit.now.timeline.base
                heading(1, page.title.get(say.language, scenario.name))
                facts = say(
                    "lab.facts",
                    market=say.number(scenario.community.market),
                    days=say.days(scenario.days),
                    seed=visit.now.timeline.seed,
                )
                ui.label(facts).classes("hint")
        if visit is not None:
            branching(page)
            button(say("lab.take"), away(page).open)
            button(say("lab.other"), leaving(page))
        button(say("lab.language"), page.switch).props(
            f"lang={'zh' if say.language == 'en' else 'en'}"
        )


def branching(page: Page) -> None:
    """The button that forks the future, and what it asks first."""
    say = page.say

    async def fork() -> None:
        if asking.value:  # not clicked twice
            asking.close()
            await page.wish("branch", name.value)

    def ask() -> None:
        count = len(page.visit.futures) if page.visit else 1
        name.value = say("lab.branch_default", n=count)
        asking.open()

    with dialog(say("lab.branch"), say("lab.branch_hint")) as asking:
        name = ui.input(say("lab.branch_name")).props(f"maxlength={limits.NAME} autofocus")
        name.on("focus", js_handler="(focus) => focus.target.select()")  # typing replaces it
        name.on("keydown.enter", fork, js_handler="(key) => key.isComposing || emit()")
        with ui.element("div").classes("way"):
            button(say("lab.branch_go"), fork, "strong")
            button(say("lab.cancel"), asking.close)
    button(say("lab.branch"), ask, "strong")


def story_place() -> ui.element:
    """Where stories are told. Escape closes one; after keys have, the field has them again."""
    made = ui.element("div").classes("panel story").props("role=dialog tabindex=-1")
    made.on(
        "keydown.escape", js_handler="(key) => key.currentTarget.querySelector('button').click()"
    )
    made.on(
        "click", js_handler="(click) => click.detail || document.querySelector('.square').focus()"
    )
    made.set_visibility(False)
    return made


def leaving(page: Page) -> Callable[[], Awaitable[None]]:
    """What leads to another community; it asks first, where something would be lost."""
    say = page.say
    with (
        dialog(say("lab.leave"), say("lab.leave_hint")) as asking,
        ui.element("div").classes("way"),
    ):
        button(say("lab.stay"), asking.close, "strong")
        button(say("lab.leave_go"), page.choose_again)

    async def leave() -> None:
        if page.visit is not None and page.visit.touched:
            asking.open()
        else:
            await page.choose_again()

    return leave


@dataclass(frozen=True)
class About:
    """What a story tells of: a member of a future, on a morning and after such moves."""

    row: int
    future: Future
    day: int
    moves: list[Move]

    def holds(self, visit: Visit) -> bool:
        """Whether it is still what came to pass in the chosen future."""
        moves = self.future.timeline.moves
        return visit.now is self.future and parting(self.moves, moves, self.day) >= self.day

    def title(self, visit: Visit, say: Words) -> str:
        of = [self.future.name or say("lab.first")] if len(visit.futures) > 1 else []
        when = say("member.when", days=say.days(self.day))
        return " · ".join([say("member.title", n=self.row), *of, when])


def show_story(page: Page, about: About, lines: list[str], more: bool) -> None:
    """Show a member's story; `more` of it may be on its way."""
    page.about = about
    title = page.story.props["aria-label"] = about.title(page.visit, page.say)
    page.story.clear()
    page.story.set_visibility(True)
    focus(page.story, "body, .square")
    with page.story:
        heading(2, title)
        for line in lines:
            paragraph(line)
        if more:
            paragraph(page.say("member.more"), "hint")
        button(page.say("lab.done"), page.close_story)


def marks(visit: Visit, say: Words) -> list[dict[str, Any]]:
    """Where levers were moved: a mark for each day and future (None where all have it), with what
    was moved; but for what the first future has, too."""
    moves = [dict.fromkeys(future.timeline.moves) for future in visit.futures]
    found: dict[tuple[int, int | None], list[str]] = {}
    for future, own in zip(visit.futures, moves, strict=True):
        for move in own:
            if own is moves[0] or move not in moves[0]:
                whose = None if all(move in other for other in moves) else future.colour
                text = say(
                    "lab.mark", lever=say.name("lever", move.lever), value=say.short(move.value)
                )
                found.setdefault((move.day, whose), []).append(text)
    return [
        {"day": day, "future": whose, "label": _brief(say, texts)}
        for (day, whose), texts in sorted(found.items(), key=lambda one: one[0][0])
    ]


def _brief(say: Words, texts: list[str]) -> str:
    """The first of some moves, and how many more there are."""
    more = len(texts) - NAMED
    return say.listed(texts[:NAMED] + ([f"+{more}"] if more > 0 else []))
