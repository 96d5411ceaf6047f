"""Fans over worlds: the futures under two policies, how far apart they are, who is ahead when.

Each function takes tables with a row a day and returns a figure. The columns of a fan are those
of `Comparison.series`: `day`, `q05`, `q25`, `q50`, `q75`, `q95`, `mean`, `mean_low`, `mean_high`,
`ahead`, `ahead_low`, `ahead_high`, `tied`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from textwrap import fill, wrap
from typing import TYPE_CHECKING

from comsim.language.amounts import probability
from comsim.present.figures import style
from comsim.present.figures.style import BLUE, INK, ORANGE, SMALL, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 6.0
LEFT, RIGHT, TOP, BOTTOM = 1.2, 2.6, 1.35, 1.1  # margins, inches
TITLE_LETTERS, LABEL_LETTERS = 78, 20
COLOURS = (BLUE, ORANGE)
BANDS = (("q05", "q95", 0.16), ("q25", "q75", 0.30))  # lowest, highest, opacity


def futures(
    fans: dict[str, pd.DataFrame], start: date, title: str, since: int = 0,
    what: str = "weekly active members",
) -> Figure:  # fmt: skip
    """What may come under each of two policies: median, middle half and middle 90 % of worlds.
    `since` is the first day on which the policies can differ."""

    def draw(axes: Axes) -> None:
        labels = []
        for (name, fan), colour in zip(fans.items(), COLOURS, strict=False):
            _bands(axes, fan, colour)
            axes.plot(fan["day"], fan["q50"], color=colour)
            labels.append((float(fan["q50"].iloc[-1]), fill(name, LABEL_LETTERS), colour))
        axes.set_ylim(bottom=min(0.0, min(fan["q05"].min() for fan in fans.values())))
        style.end_labels(axes, labels)

    said = f"{what}: median of worlds, the middle half, and 5–95 % of worlds"
    return _figure(next(iter(fans.values())), start, title, said, since, draw)


def difference(
    fan: pd.DataFrame, start: date, title: str, names: tuple[str, str], since: int = 0,
    what: str = "weekly active members",
) -> Figure:  # fmt: skip
    """How far the second policy is from the first, world by world, and on average."""

    def draw(axes: Axes) -> None:
        axes.axhline(0, color=SOFT, lw=1.2)
        _bands(axes, fan, ORANGE)
        axes.plot(fan["day"], fan["q50"], color=ORANGE)
        axes.plot(fan["day"], fan["mean"], color=INK, lw=1.6)
        for end in ("mean_low", "mean_high"):
            axes.plot(fan["day"], fan[end], color=INK, lw=1, ls=(0, (3, 2)))
        last = fan.iloc[-1]
        style.end_labels(
            axes,
            [
                (last["q50"], "median of worlds", ORANGE),
                (last["mean"], "mean, with its 95 %\nconfidence interval", INK),
            ],
        )

    said = f"{what}, {names[1]} less {names[0]} in the same world: middle half, 5–95 % of worlds"
    return _figure(fan, start, title, said, since, draw)


def ahead(
    fan: pd.DataFrame, start: date, title: str, names: tuple[str, str], since: int = 0
) -> Figure:
    """How probable it is on each day that the second policy is ahead of the first."""

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import PercentFormatter

        axes.axhline(0.5, color=SOFT, lw=1.2)
        axes.fill_between(
            fan["day"], fan["ahead_low"], fan["ahead_high"], color=BLUE, alpha=0.22, lw=0
        )
        axes.plot(fan["day"], fan["ahead"], color=BLUE)
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        last = fan.iloc[-1]
        share = (
            "no difference"
            if last["tied"] == 1
            else probability(last["ahead"], "more than ", "less than ")
        )
        style.end_labels(axes, [(last["ahead"], f"{share} on the\nlast day", BLUE)])
        for side, word in ((0.97, f"{names[1]} ahead"), (0.05, f"{names[0]} ahead")):
            axes.text(0.01, side, word, transform=axes.transAxes, color=SOFT, size=SMALL,
                      va="top" if side > 0.5 else "bottom")  # fmt: skip

    said = (
        f"share of worlds in which {names[1]} has more weekly active members, ties half, 95 % "
        "confidence interval"
    )
    return _figure(fan, start, title, said, since, draw)


def _figure(
    days: pd.DataFrame,
    start: date,
    title: str,
    said: str,
    since: int,
    draw: Callable[[Axes], None],
) -> Figure:
    """One panel under a finding and a line that says what is drawn."""
    from matplotlib import rc_context
    from matplotlib.ticker import FuncFormatter

    from comsim.present.figures.picture import Picture

    with rc_context(style.look(title, said)):
        figure = Picture(figsize=(style.WIDTH, HEIGHT), dpi=style.DPI)
        wide, high = style.WIDTH, HEIGHT
        box = LEFT / wide, BOTTOM / high, 1 - (LEFT + RIGHT) / wide, 1 - (TOP + BOTTOM) / high
        axes = figure.add_axes(box)
        axes.set_xlim(0, max(len(days) - 1, 1))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.6g}".replace("-", "−")))
        draw(axes)
        if since:
            side = "right" if since > len(days) / 2 else "left"
            axes.axvline(since, color=SOFT, lw=1.2, ls=(0, (2, 2)))
            axes.text(since, 0.99, " the policies can differ from here ", color=SOFT, size=SMALL,
                      transform=axes.get_xaxis_transform(), ha=side, va="top")  # fmt: skip
        axes.set_xticks(*style.day_ticks(start, len(days)), fontsize=SMALL)
        axes.tick_params(axis="y", labelsize=SMALL)
        lines = [title]
        if len(title) > TITLE_LETTERS:  # broken where the sentence breaks, if that is enough
            lines = [
                line
                for part in title.replace(": ", ":\n", 1).split("\n")
                for line in wrap(part, TITLE_LETTERS)
            ]
        size = style.LARGE if len(lines) == 1 else 17.0
        figure.text(LEFT / wide, 1 - (TOP - 0.55) / high, "\n".join(lines), size=size,
                    weight="bold", va="bottom", linespacing=1.15)  # fmt: skip
        figure.text(LEFT / wide, 1 - (TOP - 0.16) / high, said, color=SOFT, size=SMALL,
                    va="bottom")  # fmt: skip
    return figure


def _bands(axes: Axes, fan: pd.DataFrame, colour: str) -> None:
    for low, high, opacity in BANDS:
        axes.fill_between(fan["day"], fan[low], fan[high], color=colour, alpha=opacity, lw=0)
