"""The operator's actions: a band of labels above the curves, and thin lines through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.present.figures.style import HALO, SMALL, bare
from comsim.present.palette import INK, SOFT

if TYPE_CHECKING:
    from comsim.run.simulation import Run

Spell = tuple[int, int]  # first and last day

# In shares of the panel's width:
LETTER = 0.0089
DOT = 0.012
ROOM = 1.21  # a label may run into the margin beside the panel
MOST_ROWS = 6
LONGEST = 60  # letters


@dataclass
class Entry:
    """One action, which may be repeated, and the place of its label."""

    words: str
    spells: list[Spell]
    row: int
    after: bool
    """Whether the words stand after its last day, or before its first."""


def entries(run: Run) -> tuple[list[Entry], int]:
    """Scheduled changes, shocks and rules that acted, placed so that labels do not overlap; and the
    number of those left out for lack of room."""
    done: dict[str, list[Spell]] = {}
    for day, words in run.policy_changes:
        done.setdefault(words, []).append((int(day), int(day)))
    for day, kind, severity, _ in run.shocks:
        done.setdefault(f"shock: {kind} {severity:g}", []).append((day, day))
    if spells := _rule_spells(run):
        done[_rule_name(run)] = spells
    days = len(run.daily)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(MOST_ROWS)]
    placed = []
    for words, spells in sorted(done.items(), key=lambda item: item[1]):
        first, last = spells[0][0] / days, spells[-1][1] / days
        room = max(ROOM - last, first) - DOT
        words = _shorten(words.replace("_", " ").replace("->", "→"), int(room / LETTER))
        wide = DOT + LETTER * len(words)
        extent = {True: (first, last + wide), False: (first - wide, last)}
        for row, after in ((row, after) for row in range(MOST_ROWS) for after in (True, False)):
            start, stop = extent[after]
            if 0 <= start and stop <= ROOM and all(stop < a or b < start for a, b in taken[row]):
                taken[row].append((start - DOT, stop + DOT))
                placed.append(Entry(words, spells, row, after))
                break
    return placed, len(done) - len(placed)


def _shorten(words: str, letters: int) -> str:
    letters = max(min(letters, LONGEST), 1)
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"


def _rule_spells(run: Run) -> list[Spell]:
    acting = run.daily["rules_acting"].to_numpy() > 0
    edges = np.flatnonzero(np.diff(np.r_[False, acting, False])).reshape(-1, 2)
    return [(int(first), int(stop) - 1) for first, stop in edges]


def _rule_name(run: Run) -> str:
    """The name of the rule if only one ever acted; otherwise their number, since the daily counts
    do not show which rule acted."""
    fired = run.world.rules["fired"]
    names = [name for name, times in zip(run.plan.rule_names, fired, strict=True) if times]
    return f"rule: {names[0]}" if len(names) == 1 else f"{len(names)} rules"


def draw_timeline(panels: dict[str, Any], done: list[Entry], left_out: int) -> None:
    """Draw labels in the band `timeline`, and lines through the other panels."""
    band = panels["timeline"]
    rows = max(entry.row for entry in done) + 1
    band.set_ylim(rows, 0)
    band.grid(False)
    for entry in done:
        y = entry.row + 0.5
        at, shift, side = (
            (entry.spells[-1][1], 8, "left") if entry.after else (entry.spells[0][0], -8, "right")
        )
        band.annotate(entry.words, (at, y), (shift, 0), textcoords="offset points", ha=side,
                      va="center_baseline", size=SMALL, annotation_clip=False, zorder=4,
                      path_effects=[HALO])  # fmt: skip
        once = len(entry.spells) == 1
        for first, last in entry.spells:
            band.plot([first, last], [y, y], color=INK, lw=5, solid_capstyle="butt")
            band.plot(first, y, "o", color=INK, ms=5)
            band.plot([first, first], [y, rows], color=SOFT, lw=1, alpha=1 if once else 0.4)
            for name, axes in panels.items():
                if name not in ("stages", "timeline"):
                    axes.axvline(first, color=SOFT, lw=1, alpha=1 if once else 0.4, zorder=0.5)
    if left_out:
        bare(band, f"and {left_out} more", 1, 0, 8, 0, size=SMALL, color=SOFT)
