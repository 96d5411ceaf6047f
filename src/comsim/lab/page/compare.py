"""How the chosen future differs from the first one: computed in the background, for as long as the
page shows these futures."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.lab.futures import OUTCOMES, Difference, differences, sentence
from comsim.lab.phrasebook import Words
from comsim.lab.visit import Visit

if TYPE_CHECKING:
    from comsim.lab.page.page import Page

# One at a time on this machine, so that pages stay quick; each visitor in turn, world by world.
BACKGROUND = ThreadPoolExecutor(1, thread_name_prefix="difference")
STEPS = (0, 10, 20, 40)  # worlds that are told of
CALM = 1.0  # seconds without a change before it is worth computing


async def compare(page: Page, visit: Visit, mark: object) -> None:
    """Tell the page how its futures differ, from ever more worlds, until they change."""
    await asyncio.sleep(CALM)

    def wanted() -> bool:
        return page.visit is visit and page.compared is mark

    if not wanted():
        return
    first, chosen = visit.futures[0].timeline, visit.now.timeline
    loop = asyncio.get_running_loop()
    found = differences(first, chosen, range(2, STEPS[-1] + 1), wanted)
    while wanted():
        difference = await loop.run_in_executor(BACKGROUND, next, found, None)
        if difference is None or not wanted():
            return
        if difference.worlds not in STEPS:
            continue
        page.difference = partial(show, page, difference, visit.now.colour)
        page.difference()


def show(page: Page, difference: Difference, colour: int) -> None:
    """Show it on the page, in its language."""
    page.world.run_method("showDifference", as_sent(difference, colour, page.say))


def wants(visit: Visit) -> bool:
    """Whether there are two futures that differ."""
    return visit.chosen > 0 and visit.now.timeline.moves != visit.futures[0].timeline.moves


def as_sent(difference: Difference, colour: int, say: Words) -> dict[str, Any]:
    """A difference as the page draws it."""
    return {
        "colour": colour, "worlds": difference.worlds, "since": difference.since,
        "outcomes": [
            {
                "name": outcome, "words": sentence(difference, outcome, say.language),
                "columns": {
                    part: _listed(getattr(difference, part)[at])
                    for part in ("here", "mean", "low", "high", "least", "most")
                },
            }
            for at, outcome in enumerate(OUTCOMES)
        ],
    }  # fmt: skip


def _listed(values: np.ndarray) -> list[float | None]:
    return [None if value != value else value for value in np.round(values, 4).tolist()]
