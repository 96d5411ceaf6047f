"""The life of a community in one line, for the terminal, pictures and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.language.phrases import Words

if TYPE_CHECKING:
    from comsim.run.simulation import Run

LAST = 14  # days at the end whose mean counts
WANING = 0.25  # a loss of this share since the peak is stated even before the stage of decline
SHORT = 92  # days; dates are given in a life so short, and calendar months in a longer one


def finding(run: Run) -> str:
    """The life of a run in one line, in English and without a capital."""
    words = Words("en", run.scenario.start)
    return words.listed(clauses(run.world.daily["wau"], run.stages, words))


def clauses(wau: np.ndarray, stages: list[tuple[str, int, int]], words: Words) -> list[str]:
    """The parts of that line. `wau` holds weekly members by day; `stages` are (stage, first day,
    last day)."""
    parts = []
    for what, number in turns(wau, stages):
        on = "_on" if what == "peak" and len(wau) <= SHORT else ""
        when = words.date if len(wau) <= SHORT else words.month_of
        day = int(wau.argmax()) if what == "peak" else number
        parts.append(words(f"finding.{what}{on}", n=words.number(number), when=when(day)))
    return parts


def turns(wau: np.ndarray, stages: list[tuple[str, int, int]]) -> list[tuple[str, int]]:
    """The turns of a life as (what, number) pairs, in the order of a sentence.

    The number is weekly members for `never` and `peak`, a count for `waves`, a day for `decline`
    and `dormancy`, a percentage of the peak for `below`, and 0 for `growing` and `active`.
    """
    peak = int(wau.max())
    if all(stage == "seeding" for stage, _, _ in stages):
        return [("never", peak)]
    found = [("peak", peak)]
    waves = sum(stage == "growth" for stage, _, _ in stages)
    if waves > 1:
        found.append(("waves", waves))
    name, first, _ = stages[-1]
    if name == "dormancy" and len(stages) > 1 and stages[-2][0] == "decline":
        found.append(("decline", stages[-2][1]))
    if name == "activity":
        lost = 1 - float(wau[-LAST:].mean()) / peak
        return [*found, ("below", round(100 * lost)) if lost > WANING else ("active", 0)]
    return [*found, ("growing", 0) if name == "growth" else (name, first)]
