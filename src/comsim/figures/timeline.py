"""What the operator did, as a band of words above the curves and thin lines through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.figures.style import INK, SMALL, SOFT

if TYPE_CHECKING:
    from comsim.simulation import Run

LONGEST = 44  # letters of a label
MOST_ROWS = 5
LETTER = 0.0088  # of the panel's width
ROOM = 1.22  # a label may run into the margin beside the panel


def happenings(run: Run) -> list[tuple[int, int, str, int]]:
    """(first day, last day, words, row) of scheduled changes and of rules that acted, in rows
    where no label covers another. What finds no row is counted in a last one."""
    changes = [(int(day), int(day), words) for day, words in run.plan.policy_changes]
    days, placed, ends = len(run.daily), [], [0.0] * MOST_ROWS
    left_out = 0
    for first, last, words in sorted([*changes, *_rules(run)]):
        words = words.replace("_", " ").replace("->", "→")
        words = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
        start, stop = first / days, max(first / days + 0.012 + LETTER * len(words), last / days)
        rows = [row for row in range(MOST_ROWS) if ends[row] <= start]
        if not rows or stop > ROOM:
            left_out += 1
            continue
        ends[rows[0]] = stop + 0.01
        placed.append((first, last, words, rows[0]))
    if left_out:
        placed.append((0, 0, f"and {left_out} more", MOST_ROWS))
    return placed


def _rules(run: Run) -> list[tuple[int, int, str]]:
    """Spells in which rules acted; named where only one rule ever did."""
    acting = run.daily["rules_acting"].to_numpy() > 0
    edges = np.flatnonzero(np.diff(np.r_[False, acting, False])).reshape(-1, 2)
    fired = run.world.rules["fired"]
    names = [name for name, times in zip(run.plan.rule_names, fired, strict=True) if times]
    words = f"rule: {names[0]}" if len(names) == 1 else "rules acting"
    return [(int(first), int(stop) - 1, words) for first, stop in edges]


def draw_timeline(panels: dict[str, Any], done: list[tuple[int, int, str, int]]) -> None:
    """Labels in the band `timeline`, later rows lower, and lines through the other panels."""
    band = panels["timeline"]
    rows = max(row for *_, row in done) + 1
    band.set_ylim(rows, 0)
    band.grid(False)
    for first, last, words, row in done:
        counted = row == MOST_ROWS
        band.annotate(words, (first, row + 0.5), (0 if counted else 7, 0),
                      textcoords="offset points", va="center", size=SMALL,
                      color=SOFT if counted else INK, annotation_clip=False)  # fmt: skip
        if counted:
            continue
        band.plot([first, first], [row + 0.15, rows], color=SOFT, lw=1, ls=(0, (2, 2)))
        band.plot([first, last], [row + 0.92] * 2, color=INK, lw=2.5)
        band.plot(first, row + 0.5, "o", color=INK, ms=4.5)
        for name, axes in panels.items():
            if name not in ("stages", "timeline"):
                axes.axvline(first, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=0.5)
