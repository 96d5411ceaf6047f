"""Policies over all parameter samples: expected outcome, worst tenth, regret, wins."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import seaborn.objects as so

from comsim.present.figures import style
from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import NORMAL, SHARE, SMALL, WIDTH, bare, panel, percent, plain
from comsim.present.palette import BLUE, FAINT, INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 14  # policies drawn
ROW = 0.58  # inches a policy
NAMES, GAP = 3.1, 0.35  # inches
LETTERS = 34


def robust(
    title: str, table: pd.DataFrame, label: str, unit: str, better: int, split: str
) -> Figure:
    """One row per policy, the best expected value first; the best of each column is in blue.

    `table` is that of `comsim.studies.analysis.robust.robust`. `better` is 1 if more of the outcome
    is better, and -1 if less is. `split` is the sentence that says which policy is better where.
    """
    shown = table.head(MOST)
    unit = "" if unit in ("share", "0 to 1") else unit
    columns = (
        ("expected", "On average", unit, better),
        ("worst", "Worst tenth", unit, better),
        ("regret", "Mean regret", unit, -1),
        ("wins", "Wins", "of futures", 1),
    )
    rest = f" (the best {MOST} of {len(table)} policies)" if len(table) > MOST else ""
    subtitle = (
        f"{label}; over {shown['futures'].iloc[0]:,} futures, the same for all{rest}; "
        "95 % confidence intervals; blue: the best of each column"
    )
    lines = fill(split, 120)
    foot = 0.35 + (0.28 * (lines.count("\n") + 1) if split else 0)
    height = TOP + 0.75 + max(ROW * len(shown), 1.2) + 0.55 + foot

    def draw(figure: Figure) -> None:
        wide = (WIDTH - 0.5 - NAMES - 0.9 - 3 * GAP) / 4
        for k, column in enumerate(columns):
            left = 0.5 + NAMES + k * (wide + GAP)
            axes = panel(figure, left, WIDTH - left - wide, TOP + 0.75, 0.55 + foot)
            _column(axes, shown, *column)
            if not k:
                _policies(axes, shown["policy"])
        figure.text(0.5 / WIDTH, 0.2 / height, lines, va="bottom", color=INK)

    return headed(title, subtitle, height, draw, [*shown["policy"], split, unit])


def _policies(axes: Axes, names: pd.Series) -> None:
    """The names of policies, with line breaks between levers; the first is in bold."""
    broken = [
        fill(", ".join(part.replace(" ", "\u00a0") for part in name.split(", ")), LETTERS,
             break_long_words=False)
        for name in names
    ]  # fmt: skip
    axes.set_yticks(range(len(broken)), broken)
    axes.tick_params(axis="y", pad=12)
    for k, (name, text) in enumerate(zip(names, axes.get_yticklabels(), strict=True)):
        text.set(color=INK, size=NORMAL if len(name) <= LETTERS else 11,
                 weight="normal" if k else "bold")  # fmt: skip


def _column(axes: Axes, table: pd.DataFrame, name: str, head: str, unit: str, better: int) -> None:
    """One measure: in each row a dot with its interval, and its number above."""
    share = name == "wins"
    data = pd.DataFrame(
        {
            "row": np.arange(len(table)),
            "value": table[name],
            "low": table[f"{name}_low"],
            "high": table[f"{name}_high"],
            "best": (better * table[name] == (better * table[name]).max()).map(str),
            "text": [percent(value) if share else plain(value) for value in table[name]],
        }
    )
    (
        so.Plot(data, x="value", y="row", color="best")
        .add(so.Range(linewidth=2.6), orient="y", xmin="low", xmax="high", legend=False)
        .add(so.Dot(pointsize=9), legend=False)
        .add(so.Text(fontsize=SMALL, valign="bottom", offset=7), text="text", legend=False)
        .scale(color={"True": BLUE, "False": SOFT})
        .label(x="", y="")
        .on(axes)
        .plot()
    )
    for text, best in zip(axes.texts, data["best"], strict=True):
        text.set(weight="bold" if best == "True" else "normal", ha="center")
    bare(axes, head, 0, 1, 0, 24, weight="bold")
    bare(axes, unit, 0, 1, 0, 8, color=SOFT, size=SMALL)
    room = 0.12 * (data["high"].max() - data["low"].min() or 1.0)
    axes.set_xlim(data["low"].min() - room, data["high"].max() + room)
    axes.set_ylim(len(table) - 0.5, -0.65)
    axes.set_yticks([])
    axes.hlines(data["row"], *axes.get_xlim(), color=FAINT, lw=1, zorder=0)
    axes.grid(False)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(SHARE if share else style.tick)
