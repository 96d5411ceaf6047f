"""Tipping thresholds: a map of an event's probability over two factors, and its curve along one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import seaborn as sns
import seaborn.objects as so
from matplotlib import rc_context
from matplotlib.ticker import LogLocator, MaxNLocator

from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import HALO, LARGE, SHARE, WIDTH, panel, plain, tick
from comsim.present.palette import BLUE, INK, PAPER, RED, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 8.4
MOST_DOTS = 900
NEARLY_ALL = 0.9  # of the map: a band as wide says nothing


def tipping(
    title: str,
    axes: list[dict[str, Any]],
    share: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    cells: pd.DataFrame,
    nearby: float,
) -> Figure:
    """The map: the smoothed probability, the line at one half, and its band. Dots show the runs.

    `axes` describes the horizontal and the vertical factor: `name`, `label`, `unit`, `scale`,
    `nodes`. `share`, `low` and `high` are (up, across) at those nodes. `cells` has one row per pair
    of values, with its observed `share`.
    """
    how = "all points" if nearby == 1 else f"the nearest {100 * nearby:.0f} % of points"
    unsure = (low < 0.5) & (high > 0.5)
    known = bool(unsure.mean() < NEARLY_ALL)
    line = "line: tipping threshold (50 %), hatched: its 95 % band"
    if not known:
        line = "dashed: 50 %, but its 95 % band is as wide as the map"
    subtitle = f"dots: share of worlds, as run; colour: logistic regression over {how}; {line}"

    def draw(figure: Figure) -> None:
        seldom, mostly = (sns.blend_palette([PAPER, hue], 8)[-2] for hue in (BLUE, RED))
        shades = sns.blend_palette([seldom, PAPER, mostly], as_cmap=True)
        box = panel(figure, 1.3, 3.0, TOP + 0.15, 0.95)
        bar = panel(figure, WIDTH - 2.3, 2.05, TOP + 1.2, 2.2)
        sns.heatmap(share, vmin=0, vmax=1, cmap=shades, shading="gouraud", ax=box, cbar_ax=bar)
        bar.set_yticks([0, 0.25, 0.5, 0.75, 1], ["never", "25 %", "50 %", "75 %", "always"])
        bar.tick_params(length=0)
        _line(box, share, np.minimum(high - 0.5, 0.5 - low) if known else None)
        if len(cells) <= MOST_DOTS:
            x, y = (_place(about, cells[about["name"]]) for about in axes)
            sns.scatterplot(x=x, y=y, hue=cells["share"], hue_norm=(0, 1), palette=shades,
                            s=float(np.clip(9000 / len(cells), 14, 90)), ec=SOFT, lw=0.7,
                            legend=False, clip_on=False, zorder=3, ax=box)  # fmt: skip
        _axes(box, *axes)
        _names(box, share)

    words = [about[part] for about in axes for part in ("label", "unit")]
    return headed(title, subtitle, HEIGHT, draw, words)


def core(
    title: str,
    table: pd.DataFrame,
    curve: pd.DataFrame,
    label: str,
    unit: str,
    scale: str,
    says: str,
    limit: float,
    found: tuple[float, float, float],
) -> Figure:
    """The probability along one factor: observed shares with intervals, the falling curve, the
    limit.

    `table` and `curve` are those of `comsim.studies.analysis.maps.smallest_core`. `found` is the
    value from which on the curve stays below the limit, with its interval (infinite if there is
    none).
    """
    subtitle = (
        "dots: share of runs, 95 % confidence interval; blue: best falling curve, and its interval"
    )

    def draw(figure: Figure) -> None:
        axes = panel(figure, 1.3, 1.0, TOP + 0.15, 0.95)
        if scale == "log" and curve["value"].iloc[0] > 0:
            axes.set_xscale("log")
        (
            so.Plot(curve, x="value")
            .add(so.Band(color=BLUE, alpha=0.2), ymin="low", ymax="high")
            .add(so.Line(color=BLUE, linewidth=2.4), y="fitted")
            .on(axes)
            .plot()
        )
        stepped = len(curve) == len(table)
        middle = table["from"] if stepped else (table["from"] + table["to"]) / 2
        error = np.abs(table[["low", "high"]].to_numpy().T - table["share"].to_numpy())
        axes.errorbar(middle, table["share"], yerr=error, fmt="o", color=INK, ms=7, elinewidth=1.4,
                      zorder=3)  # fmt: skip
        axes.axhline(limit, color=SOFT, lw=1.2, ls=(0, (4, 3)))
        axes.annotate(f"{100 * limit:.0f} %", (1, limit), (6, 0), va="center", color=SOFT,
                      xycoords=("axes fraction", "data"), textcoords="offset points")  # fmt: skip
        if np.isfinite(found[0]):
            _threshold(axes, found, *curve["value"].iloc[[0, -1]])
        axes.set_ylim(-0.015, 1.02)
        axes.set_ylabel(f"runs in which {says}" if len(says) < 36 else "share of runs")
        axes.yaxis.set_major_formatter(SHARE)
        axes.xaxis.set_major_formatter(tick)
        axes.set_xlabel(f"{label}, {unit}" if unit else label)

    return headed(title, subtitle, 6.8, draw, [label, unit, says])


def _threshold(axes: Axes, found: tuple[float, float, float], first: float, last: float) -> None:
    """The value from which on the curve stays below the limit, and its interval."""
    value, start, stop = found
    axes.axvspan(max(start, first), min(stop, last), color=RED, alpha=0.14)
    axes.axvline(value, color=RED, lw=2.4)
    left = value > (first + last) / 2
    end = plain(stop) if np.isfinite(stop) else "beyond"
    axes.annotate(f"from {plain(value)} on\n[{plain(start)}, {end}]", (value, 1),
                  (-10 if left else 10, -4), va="top", weight="bold", color=RED,
                  ha="right" if left else "left", xycoords=("data", "axes fraction"),
                  textcoords="offset points")  # fmt: skip


def _place(about: dict[str, Any], values: Any) -> np.ndarray:
    """The positions of a factor's values on the heat map, whose nodes are 1 apart."""
    return np.interp(values, about["nodes"], np.arange(len(about["nodes"])))


def _line(box: Axes, share: np.ndarray, inside: np.ndarray | None) -> None:
    """The line at one half, and its band, in which `inside` is above 0."""
    up, across = map(np.arange, share.shape)
    if inside is not None and (inside > 0).any():
        with rc_context({"hatch.color": f"{INK}55", "hatch.linewidth": 0.8}):
            box.contourf(across, up, inside, levels=[0, 1], colors="none", hatches=["///"])
    if share.min() < 0.5 < share.max():
        box.contour(across, up, share, levels=[0.5], colors=INK, linewidths=3.2,
                    linestyles="dashed" if inside is None else "solid")  # fmt: skip


def _axes(box: Axes, across: dict[str, Any], up: dict[str, Any]) -> None:
    """Numbers of the factors on the axes of the heat map, from low to high."""
    for about, axis, limit in ((across, box.xaxis, box.set_xlim), (up, box.yaxis, box.set_ylim)):
        nodes = about["nodes"]
        log = about["scale"] == "log" and nodes[0] > 0
        locator = LogLocator(subs=(1, 2, 5)) if log else MaxNLocator(8, steps=[1, 2, 2.5, 5, 10])
        ticks = [at for at in locator.tick_values(nodes[0], nodes[-1])
                 if nodes[0] <= at <= nodes[-1]]  # fmt: skip
        axis.set_ticks(_place(about, ticks), [tick(at) for at in ticks])
        axis.set_label_text(
            f"{about['label']}, {about['unit']}" if about["unit"] else about["label"]
        )
        limit(0, len(nodes) - 1)
    box.tick_params(bottom=True, left=True, length=4, pad=7, rotation=0)


def _names(box: Axes, share: np.ndarray) -> None:
    """Labels on both sides of the line, where there is most room."""
    from scipy.ndimage import distance_transform_edt

    for side, text in ((share < 0.3, "seldom"), (share > 0.7, "mostly")):
        if side.mean() < 0.06:
            continue
        room = distance_transform_edt(np.pad(side, 1))[1:-1, 1:-1]  # steps to the other side
        row, column = np.unravel_index(room.argmax(), room.shape)
        box.text(column, row, text, ha="center", va="center", size=LARGE,
                 weight="bold", color=INK, zorder=4, path_effects=[HALO])  # fmt: skip
