"""Early warning: what each sign catches against what it gets wrong, and how many days ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.present.figures.headed import TOP, headed, panel
from comsim.present.figures.style import BLUE, GREEN, INK, ORANGE, PINK, RED, SMALL, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (BLUE, ORANGE, GREEN, PINK, RED)
MARKERS = ("s", "o", "^", "D", "v")
HEIGHT, ROW = 7.4, 1.05  # inches: of the figure at least, of a sign


def warning(title: str, table: pd.DataFrame, horizon: int) -> Figure:
    """Left: runs caught in time against false alarms, a dot a threshold, the chosen one large.
    Right: days of warning at the chosen threshold: median with its interval, and the middle half.
    Only that where no alarm could be false.

    `table` as `comsim.studies.analysis.warning.early_warning` makes it; an alarm more than
    `horizon` days ahead does not count as caught.
    """
    known = bool(table["false"].notna().any())
    said = (
        f"{'large: the threshold that does best; ' if known else ''}95 % confidence intervals; "
        f"black: the naive rule; an alarm more than {horizon} days ahead is too early"
    )
    names = list(dict.fromkeys(table["sign"]))
    looks = {
        name: (INK if not k else COLOURS[(k - 1) % len(COLOURS)], MARKERS[k % len(MARKERS)])
        for k, name in enumerate(names)
    }

    def draw(figure: Figure) -> None:
        if known:
            _caught(panel(figure, 1.3, 6.9, TOP + 0.5, 0.95), table, looks)
        right = panel(figure, 8.9 if known else 1.3, 0.7, TOP + 0.5, 0.95)
        _lead(right, table, looks)

    height = max(HEIGHT, TOP + 1.45 + ROW * len(names))
    return headed(title, said, height, draw, list(table["label"]))


def _caught(axes: Axes, table: pd.DataFrame, looks: dict[str, tuple[str, str]]) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.plot([0, 1], [0, 1], color=SOFT, lw=1.2, ls=(0, (4, 3)))
    axes.annotate("no better than chance", (0.55, 0.55), (0, -8), textcoords="offset points",
                  color=SOFT, size=SMALL, va="top", ha="left")  # fmt: skip
    for name, (colour, marker) in looks.items():
        rows = table[table["sign"] == name]
        axes.plot(rows["false"], rows["caught"], marker, ls="-", color=colour, lw=1.3, alpha=0.6,
                  ms=4)  # fmt: skip
        one = rows[rows["chosen"]].iloc[0]
        axes.plot([one.false] * 2, [one.caught_low, one.caught_high], color=colour, lw=2)
        axes.plot([one.false_low, one.false_high], [one.caught] * 2, color=colour, lw=2)
        axes.plot(one.false, one.caught, marker, color=colour, ms=13, mec="white", clip_on=False,
                  zorder=4)  # fmt: skip
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.04)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.set_xlabel("false alarms, of runs that don't decline")
    _head(axes, "Caught in time", "of runs that decline")
    axes.tick_params(labelsize=SMALL)


def _lead(axes: Axes, table: pd.DataFrame, looks: dict[str, tuple[str, str]]) -> None:
    rows = table[table["chosen"]].set_index("sign")
    for row, (name, (colour, marker)) in enumerate(looks.items()):
        one = rows.loc[name]
        label = f"{one.label} (naive rule)" if not row else one.label
        axes.annotate(label, (0, row), (0, 17), xycoords=("axes fraction", "data"), color=colour,
                      textcoords="offset points", weight="bold")  # fmt: skip
        if not np.isfinite(one.lead):
            axes.annotate("catches none", (0, row), (0, -4), xycoords=("axes fraction", "data"),
                          textcoords="offset points", color=SOFT, size=SMALL)  # fmt: skip
            continue
        axes.plot([one.lead_q25, one.lead_q75], [row, row], color=colour, lw=9, alpha=0.25,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot([one.lead_low, one.lead_high], [row, row], color=colour, lw=2.4)
        axes.plot(one.lead, row, marker, color=colour, ms=11, mec="white", zorder=4)
        verdict = "" if not row or one.verdict == "not known" else f"; {one.verdict} than naive"
        axes.annotate(f"{one.lead:.0f} days, {100 * one.caught:.0f} % caught{verdict}",
                      (0, row), (0, -24), xycoords=("axes fraction", "data"), size=SMALL,
                      textcoords="offset points", color=SOFT)  # fmt: skip
    top = np.nanmax([rows["lead_high"].max(), rows["lead_q75"].max(), 10.0])
    axes.set_xlim(0, 1.05 * top)
    axes.set_ylim(len(looks) - 0.45, -0.6)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.set_xlabel("days before decline begins")
    _head(axes, "How far ahead", "median; pale: middle half")
    axes.tick_params(labelsize=SMALL)


def _head(axes: Axes, name: str, unit: str) -> None:
    above = axes.annotate(name, (0, 1), (0, 14), xycoords="axes fraction",
                          textcoords="offset points", weight="bold")  # fmt: skip
    axes.annotate(f"  {unit}", (1, 0), xycoords=above, color=SOFT, size=SMALL, va="bottom")
