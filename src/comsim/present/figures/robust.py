"""Policies over everything that nobody knows: expected, worst tenth, regret, wins."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from comsim.present.figures import style
from comsim.present.figures.headed import TOP, headed, panel, plain
from comsim.present.figures.style import BLUE, FAINT, INK, SMALL, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 14  # policies drawn
ROW = 0.58  # inches a policy
NAMES, GAP = 3.1, 0.35  # inches
LETTERS = 34


def robust(
    title: str, table: pd.DataFrame, label: str, unit: str, better: int, split: str
) -> Figure:
    """A row a policy, best expected first; the best of each column in blue, with its interval.

    `table` as `comsim.studies.analysis.robust.robust` makes it; `better` is 1 where more of the
    outcome is, -1 where less is; `split` is the sentence on which policy wins where.
    """
    shown = table.head(MOST)
    unit = "" if unit in ("share", "0 to 1") else unit
    columns = (
        ("expected", "On average", unit, better),
        ("worst", "Worst tenth", unit, better),
        ("regret", "Regret, on average", unit, -1),
        ("wins", "Wins", "of futures", 1),
    )
    rest = f" (the best {MOST} of {len(table)} policies)" if len(table) > MOST else ""
    said = (
        f"{label}; over {shown['futures'].iloc[0]:,} futures, the same for all{rest}; "
        "95 % confidence intervals; blue: the best of each column"
    )
    lines = fill(split, 120)
    foot = 0.35 + (0.28 * (lines.count("\n") + 1) if split else 0)
    height = TOP + 0.75 + max(ROW * len(shown), 1.2) + 0.55 + foot

    def draw(figure: Figure) -> None:
        wide = (style.WIDTH - 0.5 - NAMES - 0.9 - 3 * GAP) / 4
        for k, column in enumerate(columns):
            left = 0.5 + NAMES + k * (wide + GAP)
            axes = panel(figure, left, style.WIDTH - left - wide, TOP + 0.75, 0.55 + foot)
            _column(axes, shown, *column)
            if not k:
                for row, name in enumerate(shown["policy"]):
                    axes.annotate(_broken(name), (0, row), (-14, 0), ha="right",
                                  va="center", xycoords=("axes fraction", "data"),
                                  textcoords="offset points", annotation_clip=False,
                                  size=style.NORMAL if len(name) <= LETTERS else 11,
                                  weight="normal" if row else "bold")  # fmt: skip
        figure.text(0.5 / style.WIDTH, 0.2 / height, lines, va="bottom", color=INK)

    return headed(title, said, height, draw, [*shown["policy"], split, unit])


def _broken(name: str) -> str:
    """A policy's name in short lines, broken between its levers."""
    parts = [part.replace(" ", "\u00a0") for part in name.split(", ")]
    return fill(", ".join(parts), LETTERS, break_long_words=False)


def _column(axes: Axes, table: pd.DataFrame, name: str, head: str, unit: str, better: int) -> None:
    """One measure: a dot and its interval a row, its number beside it."""
    from matplotlib.ticker import FuncFormatter

    values, low, high = (table[name + end].to_numpy() for end in ("", "_low", "_high"))
    rows, best = np.arange(len(table)), int(np.argmax(better * values))
    share = name == "wins"
    for row in rows:
        colour = BLUE if values[row] == values[best] else SOFT
        axes.axhline(row, color=FAINT, lw=1, zorder=0)
        axes.plot([low[row], high[row]], [row, row], color=colour, lw=2.6)
        axes.plot(values[row], row, "o", color=colour, ms=9)
        text = f"{100 * values[row]:.0f} %" if share else plain(values[row])
        axes.annotate(text, (values[row], row), (0, 8), textcoords="offset points", ha="center",
                      color=colour, size=SMALL,
                      weight="bold" if colour == BLUE else "normal")  # fmt: skip
    axes.annotate(head, (0, 1), (0, 24), xycoords="axes fraction", textcoords="offset points",
                  weight="bold", annotation_clip=False)  # fmt: skip
    axes.annotate(unit, (0, 1), (0, 8), xycoords="axes fraction", textcoords="offset points",
                  color=SOFT, size=SMALL, annotation_clip=False)  # fmt: skip
    room = 0.12 * (np.nanmax(high) - np.nanmin(low) or 1.0)
    axes.set_xlim(np.nanmin(low) - room, np.nanmax(high) + room)
    axes.set_ylim(len(table) - 0.5, -0.65)
    axes.set_yticks([])
    axes.grid(False)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: f"{100 * x:.0f} %" if share else plain(x))
    )
    axes.tick_params(labelsize=SMALL)
