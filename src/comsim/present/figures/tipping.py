"""Where it tips: a map of an event's probability over two factors, and its course along one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.present.figures import style
from comsim.present.figures.headed import TOP, headed, panel, plain
from comsim.present.figures.style import BLUE, INK, RED, SMALL, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# From hardly ever (blue) over even (near white) to nearly always (orange).
SHADES = ("#3b8bc2", "#bcd9ec", "#f7f4ee", "#f3c193", "#c44601")
LEVELS = np.linspace(0, 1, 11)
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
    """The map: the smooth probability, the line at one half, and its band; dots are what was run.

    `axes` says of the factor across and the one up: `name`, `label`, `unit`, `scale`, `nodes`;
    `share`, `low`, `high` are (up, across) at those nodes; `cells` has a row a pair of values with
    its own `share`.
    """
    how = "all runs" if nearby == 1 else f"the nearest {100 * nearby:.0f} % of points"
    unsure = (low < 0.5) & (high > 0.5)
    known = unsure.mean() < NEARLY_ALL
    line = "black line: one half; hatched: its 95 % band"
    if not known:
        line = "dashed: one half, perhaps, for its 95 % band is as wide as the map"
    said = f"dots: share of worlds, as run; colour: logistic regression through {how}; {line}"

    def draw(figure: Figure) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        shades = LinearSegmentedColormap.from_list("tip", SHADES)
        box = panel(figure, 1.3, 3.0, TOP + 0.15, 0.95)
        across, up = (about["nodes"] for about in axes)
        _scales(box, axes)
        filled = box.contourf(across, up, share, levels=LEVELS, cmap=shades, alpha=0.85)
        if known and unsure.any():
            from matplotlib import rc_context

            with rc_context({"hatch.color": "#22222255", "hatch.linewidth": 0.8}):
                # The smaller of the distances to one half is above 0 inside the band.
                inside = np.minimum(high - 0.5, 0.5 - low)
                box.contourf(across, up, inside, levels=[0, 1], colors="none", hatches=["///"])
        if share.min() < 0.5 < share.max():
            box.contour(
                across,
                up,
                share,
                levels=[0.5],
                colors=INK,
                linewidths=3.2,
                linestyles="solid" if known else "dashed",
            )
        if len(cells) <= MOST_DOTS:
            box.scatter(*(cells[about["name"]] for about in axes), c=cells["share"], cmap=shades,
                        vmin=0, vmax=1, s=float(np.clip(9000 / len(cells), 14, 90)),
                        ec="#22222288", lw=0.7, clip_on=False, zorder=3)  # fmt: skip
        box.grid(False)
        bar = figure.colorbar(filled, cax=panel(figure, style.WIDTH - 2.3, 2.05, TOP + 1.2, 2.2),
                              ticks=[0, 0.25, 0.5, 0.75, 1])  # fmt: skip
        bar.ax.set_yticklabels(["never", "25 %", "50 %", "75 %", "always"], fontsize=SMALL)
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0)
        _names(box, axes, share)

    words = [about[part] for about in axes for part in ("label", "unit")]
    return headed(title, said, HEIGHT, draw, words)


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
    """The probability along one factor: own shares with intervals, the falling curve, the limit.

    `table` and `curve` as `comsim.studies.analysis.maps.smallest_core` makes them; `found` is the
    value from which on the curve stays below the limit, with its interval (infinite: nowhere).
    """
    said = (
        "dots: share of runs, 95 % confidence interval; blue: best falling curve, and its interval"
    )

    def draw(figure: Figure) -> None:
        from matplotlib.ticker import FuncFormatter, PercentFormatter

        axes = panel(figure, 1.3, 1.0, TOP + 0.15, 0.95)
        low, high = curve["value"].iloc[[0, -1]]
        if scale == "log" and low > 0:
            axes.set_xscale("log")
        stepped = len(curve) == len(table)
        middle = table["from"] if stepped else (table["from"] + table["to"]) / 2
        axes.fill_between(curve["value"], curve["low"], curve["high"], color=BLUE, alpha=0.2, lw=0)
        axes.plot(curve["value"], curve["fitted"], color=BLUE)
        error = np.abs(table[["low", "high"]].to_numpy().T - table["share"].to_numpy())
        axes.errorbar(middle, table["share"], yerr=error, fmt="o", color=INK, ms=7, elinewidth=1.4,
                      zorder=3)  # fmt: skip
        axes.axhline(limit, color=SOFT, lw=1.2, ls=(0, (4, 3)))
        axes.annotate(f"{100 * limit:.0f} %", (1, limit), (6, 0), va="center", color=SOFT,
                      xycoords=("axes fraction", "data"), textcoords="offset points")  # fmt: skip
        value, start, stop = found
        if np.isfinite(value):
            stop = min(stop, high)
            axes.axvspan(max(start, low), stop, color=RED, alpha=0.14, lw=0)
            axes.axvline(value, color=RED, lw=2.4)
            left = value > (low + high) / 2
            axes.annotate(f"from {plain(value)} on\n[{plain(start)}, "
                          f"{plain(found[2]) if np.isfinite(found[2]) else 'beyond'}]",
                          (value, 1), (-10 if left else 10, -4), va="top", weight="bold",
                          ha="right" if left else "left", color=RED,
                          xycoords=("data", "axes fraction"),
                          textcoords="offset points")  # fmt: skip
        axes.set_ylim(-0.015, 1.02)
        axes.set_ylabel(f"runs in which {says}" if len(says) < 36 else "share of runs")
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: plain(x)))
        axes.set_xlabel(f"{label}, {unit}" if unit else label)
        axes.tick_params(labelsize=SMALL)

    return headed(title, said, 6.8, draw, [label, unit, says])


def _scales(box: Axes, axes: list[dict[str, Any]]) -> None:
    from matplotlib.ticker import FuncFormatter

    for about, axis, set_scale, set_limits in (
        (axes[0], box.xaxis, box.set_xscale, box.set_xlim),
        (axes[1], box.yaxis, box.set_yscale, box.set_ylim),
    ):
        nodes = about["nodes"]
        if about["scale"] == "log" and nodes[0] > 0:
            set_scale("log")
        set_limits(nodes[0], nodes[-1])
        axis.set_major_formatter(FuncFormatter(lambda x, _: plain(x)))
        axis.set_label_text(f"{about['label']}, {about['unit']}" if about["unit"]
                            else about["label"])  # fmt: skip
    box.tick_params(labelsize=SMALL, pad=9)


def _names(box: Axes, axes: list[dict[str, Any]], share: np.ndarray) -> None:
    """Words on both sides of the line, in the middle of what is clear."""
    from matplotlib.patheffects import withStroke

    across, up = (about["nodes"] for about in axes)
    for side, text in ((share < 0.3, "seldom"), (share > 0.7, "mostly")):
        if side.mean() < 0.06:
            continue
        # The place with the most room around it: farthest from the edge of its side.
        room = _room(side)
        row, column = np.unravel_index(room.argmax(), room.shape)
        box.text(across[column], up[row], text, ha="center", va="center", size=style.LARGE,
                 weight="bold", color=INK, zorder=4,
                 path_effects=[withStroke(linewidth=5, foreground="#ffffffcc")])  # fmt: skip


def _room(side: np.ndarray) -> np.ndarray:
    """Steps from each place to the nearest one that is not on this side."""
    from scipy.ndimage import distance_transform_edt

    return distance_transform_edt(np.pad(side, 1))[1:-1, 1:-1]
