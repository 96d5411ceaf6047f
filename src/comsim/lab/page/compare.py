"""How the chosen future differs from the first one, computed in the background while the page shows
these futures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from comsim.lab.futures import OUTCOMES, Difference, differences, sentence
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.visit import Visit

# One thread on this machine, so that pages stay fast; visitors take turns, world by world.
BACKGROUND = ThreadPoolExecutor(1, thread_name_prefix="difference")
STEPS = (0, 10, 20, 40)  # numbers of worlds after which a result is shown
CALM = 1.0  # seconds without a change before computing starts


async def compare(
    visit: Visit, wanted: Callable[[], bool], show: Callable[[Difference, int], None]
) -> None:
    """Compute the difference from more and more worlds, as long as it is `wanted`; `show` each
    result, with the colour of the chosen future."""
    await asyncio.sleep(CALM)
    if not wanted():
        return
    first, chosen = visit.futures[0].timeline, visit.now.timeline
    loop = asyncio.get_running_loop()
    results = differences(first, chosen, range(2, STEPS[-1] + 1), wanted)
    while wanted():
        difference = await loop.run_in_executor(BACKGROUND, next, results, None)
        if difference is None or not wanted():
            return
        if difference.worlds not in STEPS:
            continue
        show(difference, visit.now.colour)


def wants(visit: Visit) -> bool:
    """Whether there are two futures that differ."""
    return visit.chosen > 0 and visit.now.timeline.moves != visit.futures[0].timeline.moves


def as_sent(difference: Difference, colour: int, say: LabPhrases) -> dict[str, Any]:
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
