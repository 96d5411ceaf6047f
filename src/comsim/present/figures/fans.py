"""Fan charts over worlds: the futures under two policies, their difference, and which policy is
ahead on which day.

Each function takes tables with one row per day and returns a figure. The columns of a fan are those
of `Comparison.series`: `day`, `q05`, `q25`, `q50`, `q75`, `q95`, `mean`, `mean_low`, `mean_high`,
`ahead`, `ahead_low`, `ahead_high`, `tied`.
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd
import seaborn as sns
import seaborn.objects as so

from comsim.language.amounts import probability
from comsim.language.dates import Dates
from comsim.model.periods import FOUR_WEEKS
from comsim.present import palette
from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import HALO, SHARE, SMALL, day_axis, end_labels, panel, tick
from comsim.present.palette import INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 6.0
LEFT, RIGHT, BOTTOM = 1.2, 2.6, 0.95  # margins, inches
LETTERS = 20  # of a label
FIRST, SECOND = (palette.COLOURS[name] for name in palette.SERIES[:2])


def futures(
    fans: dict[str, pd.DataFrame], dates: Dates, title: str, since: int = 0,
    what: str = "weekly active members",
) -> Figure:  # fmt: skip
    """The futures under each of two policies: median, middle half and middle 90 % of worlds.
    `since` is the first day on which the policies can differ; four weeks before it are shown."""
    fans = {name: _recent(fan, since) for name, fan in fans.items()}

    def draw(axes: Axes) -> None:
        _fans(axes, fans, [FIRST, SECOND])
        axes.set_ylim(bottom=min(0.0, min(fan["q05"].min() for fan in fans.values())))
        end_labels(axes, [
            (float(fan["q50"].iloc[-1]), fill(name, LETTERS), colour)
            for (name, fan), colour in zip(fans.items(), (FIRST, SECOND), strict=False)
        ])  # fmt: skip

    subtitle = f"{what}: median (line), middle half (dark) and 5–95 % (pale) of worlds"
    return _figure(next(iter(fans.values())), dates, title, subtitle, since, draw, *fans)


def difference(
    fan: pd.DataFrame, dates: Dates, title: str, names: tuple[str, str], since: int = 0,
    what: str = "weekly active members",
) -> Figure:  # fmt: skip
    """The difference between the second policy and the first, world by world and on average."""
    fan = _recent(fan, since)

    def draw(axes: Axes) -> None:
        axes.axhline(0, color=SOFT, lw=1.2)
        _fans(axes, {names[1]: fan}, [SECOND])
        mean = fan.set_index("day")[["mean", "mean_low", "mean_high"]]
        sns.lineplot(mean, palette=[INK] * 3, dashes=["", (3, 2), (3, 2)], linewidth=1.2,
                     estimator=None, legend=False, ax=axes)  # fmt: skip
        last = fan.iloc[-1]
        end_labels(
            axes,
            [
                (last["q50"], "median of worlds", SECOND),
                (last["mean"], "mean (dashed: its\n95 % confidence\ninterval)", INK),
            ],
        )

    subtitle = (
        f"{what}: {names[1]} minus {names[0]} in the same world; "
        "dark: middle half, pale: 5–95 % of worlds"
    )
    return _figure(fan, dates, title, subtitle, since, draw)


def ahead(
    fan: pd.DataFrame, dates: Dates, title: str, names: tuple[str, str], since: int = 0
) -> Figure:
    """The probability, on each day, that the second policy is ahead of the first."""
    fan = _recent(fan, since)

    def draw(axes: Axes) -> None:
        axes.axhline(0.5, color=SOFT, lw=1.2)
        (
            so.Plot(fan, x="day")
            .add(so.Band(color=SECOND, alpha=0.22), ymin="ahead_low", ymax="ahead_high")
            .add(so.Line(color=SECOND, linewidth=2.4), y="ahead")
            .label(x="", y="")
            .on(axes)
            .plot()
        )
        axes.set_ylim(-0.02, 1.02)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
        last = fan.iloc[-1]
        share = (
            "no difference"
            if last["tied"] == 1
            else probability(last["ahead"], "more than ", "less than ")
        )
        end_labels(axes, [(last["ahead"], f"{share} on the\nlast day", SECOND)])
        for y, name, side in ((0.97, names[1], "top"), (0.05, names[0], "bottom")):
            axes.text(0.01, y, f"{name} ahead", transform=axes.transAxes, color=SOFT, size=SMALL,
                      va=side, path_effects=[HALO], zorder=4)  # fmt: skip

    subtitle = (
        f"share of worlds in which {names[1]} has more weekly active members (ties count half), "
        "95 % confidence interval"
    )
    return _figure(fan, dates, title, subtitle, since, draw, shares=True)


def _recent(fan: pd.DataFrame, since: int) -> pd.DataFrame:
    """The days from four weeks before the policies can differ."""
    return fan[fan["day"] >= since - FOUR_WEEKS]


def _fans(axes: Axes, fans: dict[str, pd.DataFrame], colours: list[str]) -> None:
    """The median of each policy, and its quantiles as bands."""
    together = pd.concat([fan.assign(policy=name) for name, fan in fans.items()])
    (
        so.Plot(together, x="day", color="policy")
        .add(so.Band(alpha=0.16), ymin="q05", ymax="q95", legend=False)
        .add(so.Band(alpha=0.30), ymin="q25", ymax="q75", legend=False)
        .add(so.Line(linewidth=2.4), y="q50", legend=False)
        .scale(color=so.Nominal(colours[: len(fans)], order=list(fans)))
        .label(x="", y="")
        .on(axes)
        .plot()
    )


def _figure(
    days: pd.DataFrame, dates: Dates, title: str, subtitle: str, since: int,
    draw: Callable[[Axes], None], *words: str, shares: bool = False,
) -> Figure:  # fmt: skip
    """One panel over days."""

    def drawn(figure: Figure) -> None:
        axes = panel(figure, LEFT, RIGHT, TOP, BOTTOM)
        draw(axes)
        axes.yaxis.set_major_formatter(SHARE if shares else tick)
        first, last = (int(days["day"].iloc[at]) for at in (0, -1))
        axes.set(xlim=(first, max(last, first + 1)), xlabel=None, ylabel=None)
        if since:
            side = "right" if since > (first + last) / 2 else "left"
            axes.axvline(since, color=SOFT, lw=1.2, ls=(0, (2, 2)))
            axes.text(since, 0.99, " the policies can differ from here ", color=SOFT, size=SMALL,
                      transform=axes.get_xaxis_transform(), ha=side, va="top")  # fmt: skip
        day_axis(axes, dates, last + 1, first)

    return headed(title, subtitle, HEIGHT, drawn, words)
