"""Downloads: the scenario, the report, the data, the branches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from nicegui import run, ui

from comsim.lab import saved
from comsim.lab.page.pieces import button, dialog
from comsim.lab.page.state import PageState
from comsim.lab.page.world import FUTURES
from comsim.lab.visit import Visit
from comsim.scenario import Scenario

MAKING = ThreadPoolExecutor(2, thread_name_prefix="making")  # simulates to the end, beside the page


def away(state: PageState) -> ui.dialog:
    """The dialog that offers them."""
    say, language, first = state.say, state.say.language, state.say("lab.first")

    def offer(what: str, name: str, how: Callable[..., Awaitable[Any]], make: Any) -> None:
        async def give() -> None:
            if state.visit is None:
                return
            if how is beside and state.making:
                return state.say_line(say("away.busy"))
            state.say_line(say("away.making"))
            now, several = state.visit.now, len(state.visit.futures) > 1 and what != "branches"
            of = (now.name or first) if several else ""
            called = saved.name_of(now.timeline, name, of)
            with state.careful():
                made = await how(state, make)
                if made is not None:
                    data = made.encode() if isinstance(made, str) else made
                    state.client.download(data, called)  # its button may be gone by now

        button(say(f"away.{what}"), give, "strong" if what == "scenario" else "")
        ui.label(say(f"away.{what}_hint")).classes("hint")

    with dialog(say("lab.take"), classes="away") as made:
        offer("scenario", "scenario.toml", at_once, lambda visit: saved.as_toml(*chosen(visit)))
        offer("branches", "branches.toml", at_once, partial(branches, first=first))
        offer("report", "report.html", beside, partial(saved.report, language=language))
        offer("data", "data.zip", beside, partial(saved.data, language=language))
        with ui.element("div").classes("way"):
            button(say("lab.done"), made.close)
    return made


async def at_once(state: PageState, make: Callable[[Visit], str]) -> str | None:
    """Make a file of the futures as they are."""
    async with state.lock:
        return None if state.visit is None else await run.io_bound(make, state.visit)


async def beside(
    state: PageState, make: Callable[[Scenario, int], str | bytes]
) -> str | bytes | None:
    """Make a file of the chosen future simulated to its end, while the visitor goes on.

    One file at a time for each page; None once the visitor has gone.
    """
    taken = chosen(state.visit)
    state.making = True
    try:
        return await asyncio.get_running_loop().run_in_executor(
            MAKING, lambda: None if state.visit is None else make(*taken)
        )
    finally:
        state.making = False


def chosen(visit: Visit) -> tuple[Scenario, int]:
    """The scenario and seed of the chosen future as it is now."""
    return visit.now.timeline.scenario, visit.now.timeline.seed


def branches(visit: Visit, first: str) -> str:
    """All futures as a file; `first` is the name of a future without one."""
    visit.arrive()
    return saved.branches_as_toml(
        [
            saved.Branch(future.name or first, FUTURES[future.colour], future.timeline)
            for future in visit.futures
        ]
    )
