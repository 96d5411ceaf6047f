"""What is taken away: the scenario, the report, the data, the branches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import run, ui

from comsim.lab import saved
from comsim.lab.page.pieces import button, dialog
from comsim.lab.page.world import FUTURES
from comsim.lab.timeline import Timeline
from comsim.lab.visit import Visit

if TYPE_CHECKING:
    from comsim.lab.page.page import Page

MAKING = ThreadPoolExecutor(2, thread_name_prefix="making")  # lives to their end; days go by beside


def away(page: Page) -> ui.dialog:
    """The dialog that offers it."""
    say = page.say

    def offer(
        what: str, name: str, take: Callable[[Visit], Any], make: Callable[[Any], str | bytes]
    ) -> None:
        name = saved.name_of(page.visit.now.timeline, name)

        async def give() -> None:
            page.say_line(say("away.making"))
            with page.careful():
                async with page.lock:  # the futures stand still only while they are copied
                    if page.visit is None:
                        return
                    taken = await run.io_bound(take, page.visit)
                loop = asyncio.get_running_loop()
                made = await loop.run_in_executor(MAKING, make, taken)
                data = made.encode() if isinstance(made, str) else made
                page.client.download(data, name)  # its button may be gone by now

        button(say(f"away.{what}"), give, "strong" if what == "scenario" else "")
        ui.label(say(f"away.{what}_hint")).classes("hint")

    with dialog(say("lab.take"), classes="away") as made:
        offer("scenario", "scenario.toml", chosen, saved.as_toml)
        offer("branches", "branches.toml", partial(branches, first=say("lab.first")), str)
        offer("report", "report.html", chosen, partial(saved.report, language=say.language))
        offer("data", "data.zip", chosen, partial(saved.data, language=say.language))
        with ui.element("div").classes("way"):
            button(say("lab.done"), made.close)
    return made


def chosen(visit: Visit) -> Timeline:
    """The chosen future as it is now, to be read while the visitor goes on: what levers it has is
    its own; its days are not."""
    return copy(visit.now.timeline)


def branches(visit: Visit, first: str) -> str:
    """All futures as a file; `first` is what one without a name is called."""
    visit.arrive()
    return saved.branches_as_toml(
        [
            saved.Branch(future.name or first, FUTURES[future.colour], future.timeline)
            for future in visit.futures
        ]
    )
