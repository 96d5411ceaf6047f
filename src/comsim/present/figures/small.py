"""Small pictures: the life of a community, and two policies beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from comsim.present import palette
from comsim.present.figures.style import lines, theme, tick
from comsim.present.palette import SOFT

if TYPE_CHECKING:
    from comsim.run.simulation import Run

WIDE, HIGH, DPI = 4.2, 1.7, 100  # inches, dots an inch


def small_life(run: Run) -> Figure:
    """Members (grey) and weekly members (blue) over the stages, 420 x 170 pixels."""
    with theme():
        figure = Figure(figsize=(WIDE, HIGH), dpi=DPI)
        axes = figure.add_axes((0.11, 0.15, 0.87, 0.74))
        daily = run.daily
        for stage, first, last in run.stages:
            axes.axvspan(first - 0.5, last + 0.5, color=palette.STAGES[stage], zorder=-2)
            if last - first > len(daily) / 9:
                axes.text((first + last) / 2, 1, stage, color=SOFT, ha="center", va="bottom",
                          transform=axes.get_xaxis_transform(), fontsize=7.5)  # fmt: skip
        lines(axes, daily[["members", "wau"]], lw=1.6)
        _scales(axes, len(daily), float(daily["members"].max()))
        return figure


def small_pair(medians: pd.DataFrame) -> Figure:
    """The median weekly members over worlds under two policies, 420 x 170 pixels. `medians` has one
    row per day and one column per policy: the first is drawn in grey, the second in blue."""
    with theme():
        figure = Figure(figsize=(WIDE, HIGH), dpi=DPI)
        axes = figure.add_axes((0.11, 0.15, 0.87, 0.72))
        colours = (SOFT, palette.BLUE)
        for place, (name, colour) in enumerate(zip(medians, colours, strict=True)):
            axes.plot(medians[name].to_numpy(), color=colour, lw=1.6)
            axes.text(place, 1.03, name, color=colour, ha=("left", "right")[place], va="bottom",
                      transform=axes.transAxes, fontsize=7.5, weight="bold")  # fmt: skip
        _scales(axes, len(medians), float(medians.to_numpy().max()))
        return figure


def _scales(axes: Axes, days: int, most: float) -> None:
    axes.set_xlim(0, max(days - 1, 1))
    axes.set_ylim(0, max(most, 1.0) * 1.05)
    axes.yaxis.set_major_formatter(lambda value, _: tick(value) if value else "")
    axes.xaxis.set_major_formatter(lambda day, _: f"day {day:,.0f}" if day else "")
    axes.locator_params(axis="y", nbins=4)
    axes.locator_params(axis="x", nbins=6)
    axes.tick_params(labelsize=7.5, pad=2)
