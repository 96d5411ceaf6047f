"""What is taken away: the scenario, the report, the data, the branches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import run, ui

from comsim.lab import saved
from comsim.lab.page.pieces import button, dialog
from comsim.lab.page.world import FUTURES
from comsim.lab.visit import Visit
from comsim.scenario import Scenario

if TYPE_CHECKING:
    from comsim.lab.page.page import Page

MAKING = ThreadPoolExecutor(2, thread_name_prefix="making")  # lives to their end; days go by beside


def away(page: Page) -> ui.dialog:
    """The dialog that offers it."""
    say, language, first = page.say, page.say.language, page.say("lab.first")

    def offer(what: str, name: str, how: Callable[..., Awaitable[Any]], make: Any) -> None:
        async def give() -> None:
            if page.visit is None:
                return
            if how is beside and page.making:
                return page.say_line(say("away.busy"))
            page.say_line(say("away.making"))
            now, several = page.visit.now, len(page.visit.futures) > 1 and what != "branches"
            of = (now.name or first) if several else ""
            called = saved.name_of(now.timeline, name, of)
            with page.careful():
                made = await how(page, make)
                if made is not None:
                    data = made.encode() if isinstance(made, str) else made
                    page.client.download(data, called)  # its button may be gone by now

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


async def at_once(page: Page, make: Callable[[Visit], str]) -> str | None:
    """What can be said of the futures as they are."""
    async with page.lock:
        return None if page.visit is None else await run.io_bound(make, page.visit)


async def beside(page: Page, make: Callable[[Scenario, int], str | bytes]) -> str | bytes | None:
    """What has the chosen future lived to its end, while the visitor goes on: one thing at a time
    for each page, and nothing once the visitor has gone."""
    taken = chosen(page.visit)
    page.making = True
    try:
        return await asyncio.get_running_loop().run_in_executor(
            MAKING, lambda: None if page.visit is None else make(*taken)
        )
    finally:
        page.making = False


def chosen(visit: Visit) -> tuple[Scenario, int]:
    """The chosen future as it is now, without its worlds: its scenario and seed."""
    return visit.now.timeline.scenario, visit.now.timeline.seed


def branches(visit: Visit, first: str) -> str:
    """All futures as a file; `first` is what one without a name is called."""
    visit.arrive()
    return saved.branches_as_toml(
        [
            saved.Branch(future.name or first, FUTURES[future.colour], future.timeline)
            for future in visit.futures
        ]
    )
