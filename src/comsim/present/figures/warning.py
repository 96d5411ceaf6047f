"""Early warning: the runs that each sign catches, its false alarms, and the days of warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import seaborn as sns
import seaborn.objects as so

from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import SHARE, SMALL, heading, panel, percent
from comsim.present.palette import BLUE, GREEN, INK, ORANGE, PINK, RED, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (BLUE, ORANGE, GREEN, PINK, RED)
MARKERS = ("s", "o", "^", "D", "v")
HEIGHT, ROW = 7.4, 1.05  # inches: of the figure at least, of a sign


def warning(title: str, table: pd.DataFrame, horizon: int) -> Figure:
    """On the left, runs caught in time against false alarms: one dot per threshold, with a large
    dot for the chosen one. On the right, days of warning at the chosen threshold: the median with
    its interval, and the middle half. If no alarm could be false, only the right panel is drawn.

    `table` is that of `comsim.studies.analysis.warning.early_warning`. An alarm more than `horizon`
    days ahead does not count as caught.
    """
    known = bool(table["false"].notna().any())
    subtitle = (
        f"{'large: the threshold that does best; ' if known else ''}95 % confidence intervals; "
        f"black: the naive rule; an alarm more than {horizon} days ahead is too early"
    )
    signs = list(dict.fromkeys(table["sign"]))
    colours = {s: COLOURS[(k - 1) % len(COLOURS)] if k else INK for k, s in enumerate(signs)}
    markers = {s: MARKERS[k % len(MARKERS)] for k, s in enumerate(signs)}

    def draw(figure: Figure) -> None:
        if known:
            _caught(panel(figure, 1.3, 6.9, TOP + 0.5, 0.95), table, colours, markers)
        right = panel(figure, 8.9 if known else 1.3, 0.7, TOP + 0.5, 0.95)
        _lead(right, table[table["chosen"]].set_index("sign").loc[signs], colours, markers)

    height = max(HEIGHT, TOP + 1.45 + ROW * len(signs))
    return headed(title, subtitle, height, draw, list(table["label"]))


def _caught(
    axes: Axes, table: pd.DataFrame, colours: dict[str, str], markers: dict[str, str]
) -> None:
    """Runs caught in time against false alarms, for all thresholds of each sign."""
    axes.plot([0, 1], [0, 1], color=SOFT, lw=1.2, ls=(0, (4, 3)))
    axes.annotate("no better than chance", (0.55, 0.55), (0, -8), textcoords="offset points",
                  color=SOFT, size=SMALL, va="top", ha="left")  # fmt: skip
    look = {"hue": "sign", "style": "sign", "palette": colours, "markers": markers,
            "legend": False, "ax": axes}  # fmt: skip
    sns.lineplot(table, x="false", y="caught", dashes=False, lw=1.3, alpha=0.6, ms=5,
                 estimator=None, sort=False, **look)  # fmt: skip
    chosen = table[table["chosen"]]
    for one in chosen.itertuples():
        axes.plot([one.false] * 2, [one.caught_low, one.caught_high], color=colours[one.sign], lw=2)
        axes.plot([one.false_low, one.false_high], [one.caught] * 2, color=colours[one.sign], lw=2)
    sns.scatterplot(chosen, x="false", y="caught", s=170, clip_on=False, zorder=4, **look)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04), ylabel=None)
    axes.xaxis.set_major_formatter(SHARE)
    axes.yaxis.set_major_formatter(SHARE)
    axes.set_xlabel("false alarms, of runs that don't decline")
    heading(axes, "Caught in time", "of runs that decline", 14)


def _lead(axes: Axes, rows: pd.DataFrame, colours: dict[str, str], markers: dict[str, str]) -> None:
    """Days of warning: one row per sign."""
    half, interval = so.Range(linewidth=9, alpha=0.25), so.Range(linewidth=2.4)
    (
        so.Plot(rows.reset_index(), x="lead", y=np.arange(len(rows)), color="sign", marker="sign")
        .add(half, orient="y", xmin="lead_q25", xmax="lead_q75", legend=False)
        .add(interval, orient="y", xmin="lead_low", xmax="lead_high", legend=False)
        .add(so.Dot(pointsize=10, edgecolor="white", edgewidth=1), legend=False)
        .scale(color=colours, marker=markers)
        .label(y="")
        .on(axes)
        .plot()
    )
    for row, one in enumerate(rows.itertuples()):
        label = f"{one.label} (naive rule)" if not row else one.label
        verdict = "" if not row or one.verdict == "not known" else f"; {one.verdict} than naive"
        caught = f"{one.lead:.0f} days, {percent(one.caught)} caught{verdict}"
        for text, lift, look in (
            (label, 17, {"color": colours[one.Index], "weight": "bold"}),
            (caught if np.isfinite(one.lead) else "catches none", -24,
             {"color": SOFT, "size": SMALL}),
        ):  # fmt: skip
            axes.annotate(text, (0, row), (0, lift), xycoords=("axes fraction", "data"),
                          textcoords="offset points", **look)  # fmt: skip
    top = np.nanmax([rows["lead_high"].max(), rows["lead_q75"].max(), 10.0])
    axes.set_xlim(0, 1.05 * top)
    axes.set_ylim(len(rows) - 0.45, -0.6)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.set_xlabel("days before decline begins")
    heading(axes, "How far ahead", "median; pale: middle half", 14)
