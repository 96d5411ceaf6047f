"""The life of a community on one page: who came, how they felt, what was done, what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.finding import finding
from comsim.measure.observed import errors
from comsim.present.figures import style
from comsim.present.figures.style import BLUE, GREEN, INK, ORANGE, PINK, RED, SMALL, SOFT
from comsim.present.figures.style import end_labels as _labels
from comsim.present.figures.timeline import draw_timeline, entries

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from comsim.run.simulation import Run

HEIGHT = {"stages": 0.36, "active": 3.6, "members": 1.5, "states": 1.7, "posts": 1.3, "money": 1.3}
BAND = 0.30  # inches a row of the timeline
LEFT, RIGHT, TOP, BOTTOM = 1.1, 2.5, 1.2, 1.25  # margins, inches
GAP = 0.52  # between panels, where their titles stand
ACTIVE = {"wau": BLUE, "dau": ORANGE}
POSTS = {"posts": GREEN, "official_posts": PINK}


def lifecycle(run: Run, observed: pd.DataFrame | None = None) -> Figure:
    """The picture of a run; `observed` series are laid over the simulated ones as dots."""
    from matplotlib import rc_context

    words = [run.scenario.name, *run.plan.rule_names, *run.plan.segment_names, *run.plan.arm_names]
    with rc_context(style.look(*words)):
        return _draw(run, observed)


def _draw(run: Run, observed: pd.DataFrame | None) -> Figure:
    daily, real = run.daily, _by_metric(observed)
    done, left_out = entries(run)
    rows = max((entry.row + 1 for entry in done), default=0)
    figure, panels = _panels({"stages": HEIGHT["stages"], "timeline": BAND * rows, **HEIGHT})
    for name, axes in panels.items():
        axes.set_xlim(0, max(len(daily) - 1, 1))
        axes.tick_params(bottom=False, labelbottom=False)
        for stage, first, last in run.stages:
            axes.axvspan(first - 0.5, last + 0.5, color=style.STAGE[stage], lw=0, zorder=-2,
                         alpha=1 if name == "stages" else 0.45)  # fmt: skip
    _stage_names(panels["stages"], run)
    if done:
        draw_timeline(panels, done, left_out)
    _active(panels["active"], daily, real)
    _members(panels["members"], daily, real)
    _states(panels["states"], daily)
    _posts(panels["posts"], daily, real)
    _money(panels["money"], daily)
    bottom = panels["money"]
    bottom.set_xticks(*style.day_ticks(run.scenario.start, len(daily)), fontsize=SMALL)
    bottom.tick_params(bottom=True, labelbottom=True)
    _words(figure, run)
    return figure


def _panels(heights: dict[str, float]) -> tuple[Figure, dict[str, Axes]]:
    """A figure as high as its panels need, and the panels, from top to bottom."""
    from comsim.present.figures.picture import Picture

    bands = [name for name in ("stages", "timeline") if heights[name]]
    names = [*bands, *(name for name in heights if name not in ("stages", "timeline"))]
    high = TOP + BOTTOM + sum(heights[n] for n in names) + GAP * (len(names) - len(bands))
    figure = Picture(figsize=(style.WIDTH, high), dpi=style.DPI)
    wide = (style.WIDTH - LEFT - RIGHT) / style.WIDTH
    panels, y = {}, high - TOP
    for name in names:
        y -= heights[name] + (0 if name in bands else GAP)
        box = (LEFT / style.WIDTH, y / high, wide, heights[name] / high)
        panels[name] = figure.add_axes(box)
        if name in bands:
            panels[name].set_yticks([])
            panels[name].spines["bottom"].set_visible(False)
    return figure, panels


def _words(figure: Figure, run: Run) -> None:
    """What it shows, above; what it doesn't, below."""
    high = figure.get_figheight()
    x = LEFT / style.WIDTH
    said = finding(run)
    said = said[0].upper() + said[1:]
    size = min(style.LARGE, 1450 / len(said))
    figure.text(x, 1 - 0.2 / high, run.scenario.name, color=SOFT, weight="bold", va="top")
    figure.text(x, 1 - 0.5 / high, said, size=size, weight="bold", va="top")
    below = (
        f"One world, seed {run.seed}: luck, and what nobody knows about members, could make it "
        "another; only many worlds show how different.\n"
        "Trust and money are assumptions: no data has tested them."
    )
    figure.text(x, 0.15 / high, below, size=SMALL, color=SOFT, va="bottom")


def _stage_names(axes: Axes, run: Run) -> None:
    """The name of each stage: in its days, or small above them where it is too long."""
    inch = (style.WIDTH - LEFT - RIGHT) / len(run.daily)
    free = -1.0  # inches; above the band names must not meet
    for stage, first, last in run.stages:
        middle, half = (first + last + 1) / 2, 0.04 * len(stage)
        inside = (last - first + 1) * inch > 0.13 * len(stage)
        if inside or middle * inch - half > free:
            axes.annotate(stage, (middle, 0.5 if inside else 1.06),
                          xycoords=("data", "axes fraction"), ha="center",
                          va="center_baseline" if inside else "bottom",
                          **({"weight": "bold"} if inside else {"size": 11, "color": SOFT}),
                          annotation_clip=False)  # fmt: skip
        if not inside:
            free = max(free, middle * inch + half)
        if first:
            axes.axvline(first - 0.5, color="white", lw=1.5)


def _by_metric(observed: pd.DataFrame | None) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Days and values of each observed series."""
    if observed is None:
        return {}
    return {
        metric: (seen["day"].to_numpy(), seen[metric].to_numpy())
        for metric in observed.columns.drop("day")
        if len(seen := observed.dropna(subset=[metric]))
    }


def _active(axes: Axes, daily: pd.DataFrame, real: dict) -> None:
    _title(axes, "Active members", "people a day and in 7 days")
    axes.plot(daily["dau"], color=ORANGE, lw=0.8, alpha=0.45)
    lines = {"dau": style.week_mean(daily["dau"]), "wau": daily["wau"].to_numpy()}
    names = {"wau": "weekly (WAU)", "dau": "daily (DAU),\n7-day mean"}
    labels = []
    for metric, values in lines.items():
        axes.plot(values, color=ACTIVE[metric])
        labels.append((values[-1], f"{names[metric]}", ACTIVE[metric]))
    _dots(axes, real, ACTIVE)
    at, peak = int(daily["wau"].argmax()), int(daily["wau"].max())
    axes.plot(at, peak, "o", color=BLUE, ms=8)
    axes.set_ylim(0, 1.12 * max([peak, 1, *(v.max() for m, (_, v) in real.items() if m in ACTIVE)]))
    side = "left" if at < 0.8 * len(daily) else "right"
    date = daily["date"][at]
    axes.annotate(f"peak {peak:,}, {date.day} {date:%b %Y}", (at, peak),
                  (10 if side == "left" else -10, 4), textcoords="offset points", ha=side,
                  color=BLUE, weight="bold")  # fmt: skip
    _labels(axes, labels)
    if any(metric in real for metric in ACTIVE):
        _against(axes, daily, real)


def _against(axes: Axes, daily: pd.DataFrame, real: dict) -> None:
    """How far the lines are from the dots."""
    import pandas as pd

    lines = ["dots: real community"]
    for metric in ACTIVE:
        if metric in real:
            days, values = real[metric]
            error = errors(daily, pd.DataFrame({"day": days, metric: values}))[metric]
            if error["error_share"] is not None:
                lines.append(f"{metric.upper()} off by {error['error_share']:.0%}")
    axes.text(1.015, 0.98, "\n".join(lines), transform=axes.transAxes, va="top", color=INK,
              size=SMALL)  # fmt: skip


def _members(axes: Axes, daily: pd.DataFrame, real: dict) -> None:
    _title(axes, "Members", "people")
    days = daily["day"]
    members, awake = daily["members"].to_numpy(), (daily["members"] - daily["dormant"]).to_numpy()
    axes.fill_between(days, members, awake, color=BLUE, alpha=0.18, lw=0)
    axes.fill_between(days, awake, color=BLUE, alpha=0.6, lw=0)
    _dots(axes, real, {"members": BLUE})
    axes.set_ylim(0, 1.08 * max(members.max(), 1))
    labels = [(members[-1], f"all: {members[-1]:,}", BLUE), (awake[-1] / 2, "not dormant", BLUE)]
    if daily["muted"].max() > 0.01 * members.max():
        axes.plot(daily["muted"], color=RED, lw=1.6)
        labels.append((daily["muted"].iloc[-1], "muted", RED))
    _labels(axes, labels)


def _states(axes: Axes, daily: pd.DataFrame) -> None:
    _title(axes, "What members feel", "mean over members, 0 to 1")
    labels = []
    for name, column, colour in (
        ("trust", "trust_mean", GREEN),
        ("interest", "interest_mean", BLUE),
        ("novelty", "novelty", PINK),
    ):
        values = daily[column].to_numpy()
        axes.plot(values, color=colour)
        known = values[np.isfinite(values)]
        labels.append((known[-1] if len(known) else 0.0, name, colour))
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1])
    _labels(axes, labels)


def _posts(axes: Axes, daily: pd.DataFrame, real: dict) -> None:
    _title(axes, "Posts", "a day, 7-day mean")
    labels = []
    for metric, name in (("posts", "by members"), ("official_posts", "official")):
        values = style.week_mean(daily[metric])
        axes.plot(values, color=POSTS[metric])
        labels.append((values[-1], name, POSTS[metric]))
    _dots(axes, real, POSTS)
    axes.set_ylim(bottom=0)
    _labels(axes, labels)


def _money(axes: Axes, daily: pd.DataFrame) -> None:
    _title(axes, "Profit so far", "currency")
    profit = daily["profit_cumulative"].to_numpy()
    axes.axhline(0, color=SOFT, lw=1)
    axes.plot(profit, color=INK)
    _labels(axes, [(profit[-1], _number(profit[-1]), GREEN if profit[-1] >= 0 else RED)])


def _title(axes: Axes, name: str, unit: str) -> None:
    """Above the panel, where it is read first; the unit beside it."""
    from matplotlib.ticker import FuncFormatter

    above = axes.annotate(name, (0, 1), (0, 6), xycoords="axes fraction",
                          textcoords="offset points", weight="bold")  # fmt: skip
    axes.annotate(f"  {unit}", (1, 0), xycoords=above, color=SOFT, size=SMALL, va="bottom")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    axes.locator_params(axis="y", nbins=5 if name == "Active members" else 3)
    axes.tick_params(axis="y", labelsize=SMALL)


def _number(value: float) -> str:
    """With separators and a true minus sign; whole from a hundred on."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text.replace("-", "−")


def _dots(axes: Axes, real: dict, colours: dict[str, str]) -> None:
    for metric, colour in colours.items():
        if metric in real:
            axes.plot(*real[metric], "o", ms=4.5, color=colour, mec="white", mew=0.6, zorder=3)
