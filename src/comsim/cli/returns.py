"""What programmes cost and bring in, as tables for a terminal."""

from __future__ import annotations

from string import ascii_uppercase
from textwrap import fill
from typing import TYPE_CHECKING

from comsim.cli.verdicts import ENGLISH, NAMED, aligned
from comsim.studies.comparison.words.return_rows import ahead_rows, cost_rows

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison


def return_lines(comparison: Comparison, width: int) -> list[str]:
    """Spending, margin, profit and return of each policy, and who is ahead of whom; text is filled
    to `width`."""
    columns, rows = cost_rows(comparison, ENGLISH)
    lines = aligned([columns, *([f"{name:.{NAMED}}", *cells] for name, *cells in rows)])
    lines.append(fill(ENGLISH("returns.lead", first=comparison.policies[0]), width))
    if ahead := ahead_rows(comparison, ENGLISH):
        head, *_ = ahead.columns
        letters = ascii_uppercase[: len(ahead.rows)]
        grid = [[head, *letters, *ahead.columns[1 + len(letters) :]]]
        for letter, (name, *cells) in zip(letters, ahead.rows, strict=True):
            grid.append([f"{letter} {name:.{NAMED}}", *cells])
        lines += ["", *aligned(grid, right=tuple(range(1, len(grid[0]))))]
        lines.append(fill(ENGLISH("returns.shares"), width))
    return lines
