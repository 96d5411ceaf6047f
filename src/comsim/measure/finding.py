"""The life of a community in one line, decided and worded in one place, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from comsim.language.phrases import Words

if TYPE_CHECKING:
    from comsim.run.simulation import Run

LAST, WANING = 14, 0.25  # days at the end; a loss that is mentioned, though no wave is over yet
SHORT = 92  # days; a shorter life has dates, a longer one months

Stage = tuple[str, int, int]
"""A stage, its first day and its last."""


def turns(wau: np.ndarray, stages: Sequence[Stage]) -> list[tuple[str, int]]:
    """The turning points of a life, as (name, number) pairs in the order of the text.

    The number is people for `never` and `peak`, the number of waves for `waves`, a day for
    `peak_day`, `decline` and `dormancy`, and percent of the peak for `below`. It is 0 for `growing`
    and `active`.
    """
    peak = int(wau.max())
    if all(stage == "seeding" for stage, _, _ in stages):
        return [("never", peak)]
    turns = [("peak", peak), ("peak_day", int(wau.argmax()))]
    waves = sum(stage == "growth" for stage, _, _ in stages)
    if waves > 1:
        turns.append(("waves", waves))
    name, first, _ = stages[-1]
    if name == "dormancy" and len(stages) > 1 and stages[-2][0] == "decline":
        turns.append(("decline", stages[-2][1]))
    if name == "activity":
        lost = 1 - float(wau[-LAST:].mean()) / peak
        return [*turns, ("below", round(100 * lost)) if lost > WANING else ("active", 0)]
    return [*turns, ("growing", 0) if name == "growth" else (name, first)]


def finding_of(wau: np.ndarray, stages: Sequence[Stage], words: Words) -> str:
    """The life of a community in one line, without a capital letter or full stop, from its weekly
    active members on each day and its stages. `words` knows the date of day 0."""
    numbers = dict(turns(wau, stages))
    if "never" in numbers:
        return words("finding.never", n=words.number(numbers["never"]))
    short = len(wau) <= SHORT
    when = words.date if short else words.month_of
    peak, day = numbers.pop("peak"), numbers.pop("peak_day")
    key = "finding.peak_on" if short else "finding.peak"
    parts = [words(key, n=words.number(peak), when=when(day))]
    parts += [words(f"finding.{what}", n=n, when=when(n)) for what, n in numbers.items()]
    return words.joined(parts)


def finding(run: Run, language: str = "en") -> str:
    """The life of a run in one line (`finding_of`). `language`: "en" or "zh"."""
    words = Words(language, run.scenario.dates)
    return finding_of(run.world.daily["wau"], run.stages, words)
