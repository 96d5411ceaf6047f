"""What is taken away: the scenario, the report, the data, the branches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from nicegui import ui

from comsim.lab import saved
from comsim.lab.page.pieces import button, dialog
from comsim.lab.page.world import FUTURES
from comsim.lab.visit import Visit

if TYPE_CHECKING:
    from comsim.lab.page.page import Page

MAKING = ThreadPoolExecutor(2, thread_name_prefix="making")  # lives to their end; days go by beside


def away(page: Page) -> ui.dialog:
    """The dialog that offers it."""
    say = page.say

    def offer(what: str, name: str, make: Callable[[Visit], str | bytes]) -> None:
        async def give() -> None:
            if page.visit is None:
                return
            page.say_line(say("away.making"))
            with page.careful():
                async with page.lock:  # the futures stand still while they are written down
                    loop = asyncio.get_running_loop()
                    made = await loop.run_in_executor(MAKING, make, page.visit)
                if made is not None:
                    data = made.encode() if isinstance(made, str) else made
                    page.client.download(data, name)  # its button may be gone by now

        button(say(f"away.{what}"), give, "strong" if what == "scenario" else "")
        ui.label(say(f"away.{what}_hint")).classes("hint")

    with dialog(say("lab.take"), classes="away") as made:
        offer("scenario", "scenario.toml", lambda visit: saved.as_toml(visit.now.timeline))
        offer("branches", "branches.toml", lambda visit: branches(visit, say("lab.first")))
        offer("report", "report.html", lambda v: saved.report(v.now.timeline, say.language))
        offer("data", "data.zip", lambda visit: saved.data(visit.now.timeline, say.language))
        with ui.element("div").classes("way"):
            button(say("lab.done"), made.close)
    return made


def branches(visit: Visit, first: str) -> str:
    """All futures as a file; `first` is what one without a name is called."""
    return saved.branches_as_toml(
        [
            saved.Branch(future.name or first, FUTURES[future.colour], future.timeline)
            for future in visit.futures
        ]
    )
