"""The life of a community on one page: members, their states, the operator's actions, and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from comsim.measure.finding import finding
from comsim.measure.observed import errors
from comsim.present import palette
from comsim.present.figures import style
from comsim.present.figures.style import DPI, LARGE, SMALL, WIDTH, Picture, end_labels, lines
from comsim.present.figures.timeline import draw_timeline, entries
from comsim.present.palette import INK, SOFT
from comsim.present.series import week_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from comsim.run.simulation import Run

BANDS = {"stages": 0.36, "timeline": 0.0}  # heights, inches; without a gap above
HEIGHTS = {"active": 3.6, "members": 1.5, "states": 1.7, "posts": 1.3, "money": 1.3}
ROW = 0.30  # inches a row of the timeline
LEFT, RIGHT, TOP, BOTTOM = 1.1, 2.5, 1.2, 1.25  # margins, inches
GAP = 0.52  # between panels, where their titles stand
BLUE, RED, GREEN = palette.BLUE, palette.RED, palette.GREEN


def lifecycle(run: Run, observed: pd.DataFrame | None = None) -> Figure:
    """The figure of a run. `observed` series are drawn as dots over the simulated ones."""
    words = [run.scenario.name, *run.plan.rule_names, *run.plan.segment_names, *run.plan.arm_names]
    with style.theme(*words):
        return _draw(run, observed)


def _draw(run: Run, observed: pd.DataFrame | None) -> Figure:
    daily, real = run.daily, _by_metric(observed)
    done, left_out = entries(run)
    rows = max((entry.row + 1 for entry in done), default=0)
    figure, panels = _panels(BANDS | {"timeline": ROW * rows} | HEIGHTS)
    for name, axes in panels.items():
        axes.set_xlim(0, max(len(daily) - 1, 1))
        axes.tick_params(labelbottom=False)
        for stage, first, last in run.stages:
            axes.axvspan(first - 0.5, last + 0.5, color=palette.STAGES[stage], zorder=-2,
                         alpha=1 if name == "stages" else 0.5)  # fmt: skip
        if today := run.scenario.past:
            axes.axvline(today, color=SOFT, lw=1.2, ls=(0, (2, 2)), zorder=0.6)
    _stage_names(panels["stages"], run)
    if done:
        draw_timeline(panels, done, left_out)
    _active(panels["active"], daily, real)
    _members(panels["members"], daily, real)
    _states(panels["states"], daily)
    _posts(panels["posts"], daily, real)
    _money(panels["money"], daily)
    style.day_axis(panels["money"], run.scenario.dates, len(daily))
    _words(figure, run)
    return figure


def _panels(heights: dict[str, float]) -> tuple[Figure, dict[str, Axes]]:
    """A figure that is high enough for its panels, and the panels from top to bottom."""
    heights = {name: height for name, height in heights.items() if height}
    gaps = {name: 0 if name in BANDS else GAP for name in heights}
    high = TOP + BOTTOM + sum(heights.values()) + sum(gaps.values())
    figure = Picture(figsize=(WIDTH, high), dpi=DPI)
    panels, top = {}, TOP
    for name, height in heights.items():
        top += gaps[name]
        panels[name] = style.panel(figure, LEFT, RIGHT, top, high - top - height)
        top += height
        if name in BANDS:
            panels[name].set_yticks([])
            panels[name].spines["bottom"].set_visible(False)
    return figure, panels


def _words(figure: Figure, run: Run) -> None:
    """The texts: the finding above, and what one world cannot show below."""
    high = figure.get_figheight()
    x = LEFT / WIDTH
    title = finding(run)
    title = title[0].upper() + title[1:]
    size = min(LARGE, 1450 / len(title))
    figure.text(x, 1 - 0.2 / high, run.scenario.name, color=SOFT, weight="bold", va="top")
    figure.text(x, 1 - 0.5 / high, title, size=size, weight="bold", va="top")
    below = (
        f"One world (seed {run.seed}). Stochastic variation and parameter uncertainty make other "
        "worlds differ: comsim compare runs many.\n"
        "Trust and money are assumptions: no data has tested them."
    )
    figure.text(x, 0.15 / high, below, size=SMALL, color=SOFT, va="bottom")


def _stage_names(axes: Axes, run: Run) -> None:
    """The name of each stage, within its days; if it is too long, above them in small letters."""
    inch = (WIDTH - LEFT - RIGHT) / len(run.daily)
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


def _by_metric(observed: pd.DataFrame | None) -> dict[str, pd.Series]:
    """The known values of each observed series, by day."""
    if observed is None:
        return {}
    series = {name: values.dropna() for name, values in observed.set_index("day").items()}
    return {name: values for name, values in series.items() if len(values)}


def _active(axes: Axes, daily: pd.DataFrame, real: dict[str, pd.Series]) -> None:
    _title(axes, "Active members", "people a day and in 7 days", 5)
    lines(axes, daily[["dau"]], lw=0.8, alpha=0.45)
    shown = pd.DataFrame({"wau": daily["wau"], "dau": week_mean(daily["dau"])})
    lines(axes, shown)
    _dots(axes, real, *shown)
    at, peak = int(daily["wau"].argmax()), int(daily["wau"].max())
    axes.plot(at, peak, "o", color=BLUE, ms=8)
    axes.set_ylim(0, 1.12 * max([peak, 1, *(real[name].max() for name in shown if name in real)]))
    side = "left" if at < 0.8 * len(daily) else "right"
    date = daily["date"][at]
    axes.annotate(f"peak {peak:,}, {date.day} {date:%b %Y}", (at, peak),
                  (10 if side == "left" else -10, 4), textcoords="offset points", ha=side,
                  color=BLUE, weight="bold")  # fmt: skip
    _names(axes, shown, wau="weekly (WAU)", dau="daily (DAU),\n7-day mean")
    if set(shown) & set(real):
        _against(axes, daily, real)


def _against(axes: Axes, daily: pd.DataFrame, real: dict[str, pd.Series]) -> None:
    """The errors of the simulated series relative to the observed ones."""
    text = ["dots: real community"]
    for metric in ("wau", "dau"):
        if metric in real:
            error = errors(daily, real[metric].rename(metric).reset_index())[metric]
            if error["error_share"] is not None:
                text.append(f"{metric.upper()} off by {error['error_share']:.0%}")
    axes.text(1.015, 0.98, "\n".join(text), transform=axes.transAxes, va="top", color=INK,
              size=SMALL)  # fmt: skip


def _members(axes: Axes, daily: pd.DataFrame, real: dict[str, pd.Series]) -> None:
    _title(axes, "Members", "people")
    members, awake = daily["members"].to_numpy(), (daily["members"] - daily["dormant"]).to_numpy()
    axes.fill_between(daily["day"], members, awake, color=BLUE, alpha=0.18)
    axes.fill_between(daily["day"], awake, color=BLUE, alpha=0.6)
    _dots(axes, real, "members")
    axes.set_ylim(0, 1.08 * max(members.max(), 1))
    labels = [(members[-1], f"all: {members[-1]:,}", SOFT), (awake[-1] / 2, "not dormant", BLUE)]
    if daily["muted"].max() > 0.01 * members.max():
        lines(axes, daily[["muted"]], lw=1.6)
        labels.append((daily["muted"].iloc[-1], "muted", RED))
    end_labels(axes, labels)


def _states(axes: Axes, daily: pd.DataFrame) -> None:
    _title(axes, "States of this week's visitors", "mean, 0 to 1")
    shown = daily.rename(columns={"trust_mean": "trust", "interest_visitors": "interest"})
    shown = shown[["trust", "interest", "novelty"]]
    lines(axes, shown)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1])
    _names(axes, shown, trust="trust", interest="interest", novelty="novelty")


def _posts(axes: Axes, daily: pd.DataFrame, real: dict[str, pd.Series]) -> None:
    _title(axes, "Posts", "a day, 7-day mean")
    shown = daily[["posts", "official_posts"]].apply(week_mean)
    lines(axes, shown)
    _dots(axes, real, *shown)
    axes.set_ylim(bottom=0)
    _names(axes, shown, posts="by members", official_posts="official")


def _money(axes: Axes, daily: pd.DataFrame) -> None:
    _title(axes, "Cumulative profit", "currency")
    axes.axhline(0, color=SOFT, lw=1)
    lines(axes, daily[["profit_cumulative"]].set_axis(["profit"], axis=1))
    profit = daily["profit_cumulative"].iloc[-1]
    end_labels(axes, [(profit, style.plain(profit), GREEN if profit >= 0 else RED)])


def _title(axes: Axes, name: str, unit: str, ticks: int = 3) -> None:
    style.heading(axes, name, unit)
    axes.yaxis.set_major_formatter(style.tick)
    axes.locator_params(axis="y", nbins=ticks)


def _names(axes: Axes, shown: pd.DataFrame, **names: str) -> None:
    """Names at the ends of lines."""
    last = shown.ffill().fillna(0.0).iloc[-1]
    end_labels(axes, [(last[key], text, palette.metric(key)) for key, text in names.items()])


def _dots(axes: Axes, real: dict[str, pd.Series], *metrics: str) -> None:
    for metric in metrics:
        if metric in real:
            axes.plot(real[metric], "o", ms=4.5, color=palette.metric(metric), mec="white", mew=0.6,
                      zorder=3)  # fmt: skip
