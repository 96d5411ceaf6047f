"""What programmes cost and bring in, as tables for a terminal."""

from __future__ import annotations

from string import ascii_uppercase
from textwrap import fill
from typing import TYPE_CHECKING

from comsim.cli.verdicts import ENGLISH, OF_WORLDS, aligned
from comsim.language.amounts import rounded
from comsim.studies.comparison.returns import OTHERS

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

NAMED = 40  # characters of a name
NOTE = (
    "spending: costs beyond those of {first}, without goods. margin: revenue less goods. return: "
    "(margin − spending) / spending. Each is a median and {of}. Money is not validated."
)


def return_lines(comparison: Comparison, width: int) -> list[str]:
    """Spending, margin and return of each policy, and who is ahead of whom; text is filled to
    `width`."""
    table = comparison.returns.set_index(["policy", "against", "figure"])
    first, *others = comparison.policies
    heads = ["", "spending", "", "margin", "", "return", ""]
    grid = [heads]
    for policy in others:
        cells = [f"{policy:.{NAMED}}"]
        for figure in ("spending", "margin", "return"):
            cells += _range(table.loc[policy, first, figure], figure == "return")
        grid.append(cells)
    lines = aligned(grid, right=(1, 3, 5))
    lines.append(fill(NOTE.format(first=f"“{first}”", of=OF_WORLDS), width))
    if OTHERS in table.index.get_level_values("against"):
        lines += ["", *_ahead(table, comparison.policies)]
    return lines


def _range(row: pd.Series, share: bool) -> list[str]:
    """A median, and the range over worlds."""
    ends = [row["q50"], row["q05"], row["q95"]]
    if ends[0] != ends[0]:  # NaN
        return ["–", ""]
    if share:
        middle, low, high = (ENGLISH.percent(float(f"{x:.2g}")) for x in ends)
    else:
        middle, low, high = rounded(*ends)
    return [middle, f"[{low}, {high}]"]


def _ahead(table: pd.DataFrame, policies: tuple[str, ...]) -> list[str]:
    """In which share of worlds each policy has more weekly members than each other one."""
    letters = dict(zip(policies, ascii_uppercase, strict=False))
    grid = [["More weekly members than", *letters.values(), "most members", "most profit"]]
    for policy, letter in letters.items():
        cells = [f"{letter} {policy:.{NAMED}}"]
        for other in policies:
            if other == policy:
                cells.append("")
            elif (policy, other, "wau_mean") in table.index:
                cells.append(ENGLISH.percent(table.loc[(policy, other, "wau_mean"), "ahead"]))
            else:
                turned = table.loc[(other, policy, "wau_mean"), "ahead"]
                cells.append(ENGLISH.percent(1 - turned))
        cells += [
            ENGLISH.percent(table.loc[(policy, OTHERS, figure), "ahead"])
            for figure in ("wau_mean", "profit")
        ]
        grid.append(cells)
    return [*aligned(grid, right=tuple(range(1, len(grid[0])))), "Shares of worlds; ties half."]
