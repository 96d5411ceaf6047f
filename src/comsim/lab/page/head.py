"""The head of the page: title, buttons, and the dialogs that they open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from comsim.lab import limits
from comsim.lab.page.away import away
from comsim.lab.page.pieces import button, dialog, heading
from comsim.lab.page.state import PageState

Act = Callable[[], Awaitable[None]]


def head(
    state: PageState, branch: Callable[[str], Awaitable[None]], leave: Act, switch: Act
) -> None:
    """Show the head of the page.

    Its buttons call `branch` (fork a future, with the name given), `leave` (leave the community)
    and `switch` (change the language).
    """
    say, visit = state.say, state.visit
    with ui.element("header").classes("top"):
        with ui.element("div").classes("grow"):
            if visit is None:
                heading(1, say("lab.title"))
                ui.label(say("lab.claim")).classes("hint")
            else:
                scenario = visit.now.timeline.base
                heading(1, state.title.get(say.language, scenario.name))
                facts = say(
                    "lab.facts",
                    market=say.number(scenario.community.market),
                    days=say.days(scenario.days),
                    seed=visit.now.timeline.seed,
                )
                ui.label(facts).classes("hint")
        if visit is not None:
            _branching(state, branch)
            button(say("lab.take"), away(state).open)
            button(say("lab.other"), _leaving(state, leave))
        button(say("lab.language"), switch).props(f"lang={'zh' if say.language == 'en' else 'en'}")


def _branching(state: PageState, branch: Callable[[str], Awaitable[None]]) -> None:
    """The button that forks the future, and a dialog for its name."""
    say = state.say

    async def fork() -> None:
        if asking.value:  # not clicked twice
            asking.close()
            await branch(name.value)

    def ask() -> None:
        count = len(state.visit.futures) if state.visit else 1
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


def _leaving(state: PageState, leave: Act) -> Act:
    """Leave the community; ask first if something would be lost."""
    say = state.say
    with (
        dialog(say("lab.leave"), say("lab.leave_hint")) as asking,
        ui.element("div").classes("way"),
    ):
        button(say("lab.stay"), asking.close, "strong")
        button(say("lab.leave_go"), leave)

    async def ask_or_leave() -> None:
        if state.visit is not None and state.visit.touched:
            asking.open()
        else:
            await leave()

    return ask_or_leave
