"""Boxes of scenario discovery: their part of each factor's range, and the share of runs in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import seaborn as sns
from matplotlib.cm import ScalarMappable
from matplotlib.patches import Rectangle

from comsim.present.figures import style
from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import SHARE, SMALL, panel, percent, plain
from comsim.present.palette import FAINT, INK, RED, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

ROW, HEAD = 0.66, 0.8  # inches a factor, and over each box
MAP = 5.2  # inches, where there are two factors to draw


def boxes(
    title: str,
    table: pd.DataFrame,
    points: pd.DataFrame,
    ranges: pd.DataFrame,
    says: str,
    anywhere: float,
) -> Figure:
    """Bars for the restrictions of each box, and a map of the points over the two main factors.

    `table` is that of `comsim.studies.analysis.boxes.boxes`. `points` has one or two factors and
    `share`, the share of worlds with the event at each point. `ranges` has one row per factor:
    `factor`, `label`, `unit`, `low`, `high`, `scale`, `choices`. `says` is the event in words, and
    `anywhere` its share of all runs.
    """
    ranges = ranges.set_index("factor")
    groups = [group for _, group in table.groupby("box")]
    high = sum(HEAD + ROW * len(group) for group in groups) + 0.3 * (len(groups) - 1)
    height = TOP + max(high, 4.2) + 0.9
    subtitle = (
        f"red: where {says}; 95 % confidence intervals, from runs that the search did not see; "
        f"over all values it is {percent(anywhere)} of runs"
    )

    def draw(figure: Figure) -> None:
        top = TOP + 0.1
        for group in groups:
            tall = ROW * len(group)
            axes = panel(figure, 0.5, MAP + 2.2, top + HEAD,
                         height - top - HEAD - tall)  # fmt: skip
            _bars(axes, group, ranges, len(groups) > 1)
            top += HEAD + tall + 0.3
        both = len(points.columns) == 3
        right = panel(figure, style.WIDTH - MAP - 0.4, 0.4, TOP + (0.1 if both else 0.5), 0.9)
        (_map if both else _strip)(right, points, table, ranges)

    choices = [choice for some in ranges["choices"] for choice in some]
    return headed(title, subtitle, height, draw, [*table["words"], *ranges["label"], *choices])


def _bars(axes: Axes, group: pd.DataFrame, ranges: pd.DataFrame, many: bool) -> None:
    """The part of each range that belongs to the box, with its description above it."""
    first = group.iloc[0]
    name = f"Box {first.box}: " if many else "In this box: "
    for text, lift, look in (
        (f"{name}{_share(first, 'density')} of runs", 33, {"weight": "bold"}),
        (f"{_share(first, 'coverage')} of all such runs lie in it", 14, {"color": SOFT}),
    ):
        style.bare(axes, text, 0, 1, 0, lift, **look)
    for row, one in enumerate(group.itertuples()):
        y = len(group) - 1 - row
        about = ranges.loc[one.factor]
        axes.barh(y, 1, height=0.22, left=0, color=FAINT)
        for a, b in _parts(one, about):
            axes.barh(y, b - a, height=0.22, left=a, color=RED)
        axes.text(0, y + 0.17, one.words, va="bottom", color=INK)
        ends = (about.low, about.high) if not about.choices else ("", "")
        for at, end, side in zip((0, 1), ends, ("left", "right"), strict=True):
            if end != "":
                axes.text(at, y - 0.15, plain(end), ha=side, va="top", color=SOFT, size=SMALL)
        for k, choice in enumerate(about.choices):
            axes.text((k + 0.5) / len(about.choices), y - 0.15, choice, ha="center", va="top",
                      color=SOFT, size=SMALL)  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.5, len(group) - 0.5)
    axes.axis("off")


def _parts(one: object, about: pd.Series) -> list[tuple[float, float]]:
    """The parts of the bar that are dark, from 0 to 1."""
    if about.choices:
        many, kept = len(about.choices), one.values.split(", ")
        return [(k / many, (k + 1) / many) for k, c in enumerate(about.choices) if c in kept]
    low, high = (_place(end, about) for end in (one.low, one.high))
    return [(max(low, 0.0), min(high, 1.0))]


def _place(value: float, about: pd.Series) -> float:
    if np.isinf(value):
        return value
    low, high = about.low, about.high
    if about.scale == "log" and low > 0:
        low, high, value = np.log(low), np.log(high), np.log(value)
    return (value - low) / (high - low)


def _map(axes: Axes, points: pd.DataFrame, table: pd.DataFrame, ranges: pd.DataFrame) -> None:
    """All points over two factors, dark where the event is frequent, and the boxes that these
    factors restrict."""
    across, up = points.columns[:2]
    ends = (
        _axis(axes.xaxis, ranges.loc[across], axes.set_xscale, axes.set_xlim),
        _axis(axes.yaxis, ranges.loc[up], axes.set_yscale, axes.set_ylim),
    )
    shown = points.dropna().sort_values("share", kind="stable")  # the frequent on top
    x, y = (_apart(shown[name], ranges.loc[name]) for name in (across, up))
    shades = sns.blend_palette([FAINT, RED], as_cmap=True)
    sns.scatterplot(x=x, y=y, hue=shown["share"].to_numpy(), hue_norm=(0, 1), palette=shades,
                    s=float(np.clip(16000 / len(shown), 9, 60)), linewidth=0, legend=False,
                    ax=axes)  # fmt: skip
    for box, rows in table.groupby("box"):
        rows = rows.set_index("factor")
        if box > 1 and not set(rows.index) <= {across, up}:
            continue
        (x0, x1), (y0, y1) = (
            _bounds(rows.loc[name], edge, ranges.loc[name]) if name in rows.index else edge
            for name, edge in zip((across, up), ends, strict=True)
        )
        axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec=INK, lw=2.4))
        if table["box"].nunique() > 1:
            axes.annotate(str(box), (x0, y1), (5, -5), textcoords="offset points", va="top",
                          weight="bold")  # fmt: skip
    axes.grid(False)
    scale = axes.figure.colorbar(ScalarMappable(cmap=shades), ax=axes, shrink=0.6, aspect=16,
                                 ticks=[0, 0.5, 1], format=SHARE, pad=0.03)  # fmt: skip
    scale.ax.set_title("of worlds", fontsize=SMALL, color=SOFT, loc="left")
    scale.ax.tick_params(length=0)
    scale.outline.set_visible(False)


def _strip(axes: Axes, points: pd.DataFrame, table: pd.DataFrame, ranges: pd.DataFrame) -> None:
    """The share of worlds with the event along the only factor of the first box."""
    name = points.columns[0]
    about = ranges.loc[name]
    edges = _axis(axes.xaxis, about, axes.set_xscale, axes.set_xlim)
    row = table[table["box"] == 1].iloc[0]
    if about.choices:
        for k, choice in enumerate(about.choices):
            if choice in row["values"].split(", "):
                axes.axvspan(k - 0.5, k + 0.5, color=RED, alpha=0.16)
    else:
        axes.axvspan(*_bounds(row, edges, about), color=RED, alpha=0.16)
    sns.scatterplot(x=_apart(points[name], about), y=points["share"].to_numpy(), color=INK,
                    s=float(np.clip(16000 / len(points), 9, 90)), linewidth=0,
                    ax=axes)  # fmt: skip
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(SHARE)
    style.bare(axes, "share of worlds", 0, 1, 0, 9, color=SOFT, size=SMALL)


def _axis(
    axis: Axis, about: pd.Series, set_scale: Callable, set_limits: Callable
) -> tuple[float, float]:
    """Label a factor's axis and set it to slightly more than the range; returns its ends."""
    low, high = about.low, about.high
    edges = low - 0.03 * (high - low), high + 0.03 * (high - low)
    if about.choices:
        edges = -0.5, len(about.choices) - 0.5
        axis.set_ticks(range(len(about.choices)), about.choices)
    elif about.scale == "log":
        set_scale("log")
        edges = low / (high / low) ** 0.03, high * (high / low) ** 0.03
    set_limits(*edges)
    axis.set_label_text(f"{about.label}, {about.unit}" if about.unit else about.label)
    return edges


def _apart(values: pd.Series, about: pd.Series) -> np.ndarray:
    """The positions of dots; dots of the same choice are placed side by side."""
    if not about.choices or values.is_unique:
        return values.to_numpy()
    golden = (5**0.5 - 1) / 2
    return values.to_numpy() + 0.7 * (np.arange(len(values)) * golden % 1 - 0.5)


def _bounds(row: pd.Series, edges: tuple[float, float], about: pd.Series) -> tuple[float, float]:
    """The ends of the box on an axis. An open end lies just inside the panel."""
    hair = 0.006 * (edges[1] - edges[0])
    if about.choices:
        kept = [k for k, c in enumerate(about.choices) if c in row["values"].split(", ")]
        return min(kept) - 0.5 + hair, max(kept) + 0.5 - hair
    return max(row["low"], edges[0] + hair), min(row["high"], edges[1] - hair)


def _share(row: pd.Series, name: str) -> str:
    value, low, high = (100 * row[name + end] for end in ("", "_low", "_high"))
    return f"{value:.0f} % [{low:.0f}, {high:.0f}]"
