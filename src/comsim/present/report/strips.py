"""Rows of marks on a common axis: intervals around points, or shares of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comsim.present.report.chart import TextTable


@dataclass(frozen=True)
class Stroke:
    """A piece of a row, in percent of its width: a whisker, a bar or (without width) a dot."""

    kind: str
    x: float
    wide: float
    colour: str
    text: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    strokes: Sequence[Stroke]
    value: str
    unvalidated: bool = False


@dataclass(frozen=True)
class Strips:
    title: str
    unit: str
    rows: Sequence[Row]
    legend: Sequence[tuple[str, str]] = ()
    """(name, colour)"""
    zero: float | None = None
    """Percent of the width where zero lies."""
    table: TextTable | None = None
    kind: str = "strips"


def interval(low: float, value: float, high: float, colour: str) -> list[Stroke]:
    """A point with its interval, on an axis from -1 to 1."""
    left, middle, right = (50 * (1 + min(max(x, -1.0), 1.0)) for x in (low, value, high))
    return [
        Stroke("whisker", round(left, 2), round(right - left, 2), colour),
        Stroke("dot", round(middle, 2), 0.0, colour),
    ]


def parts(shares: Sequence[tuple[float, str]], show: Sequence[str]) -> list[Stroke]:
    """Shares of a whole, side by side: (share, colour), and the text in each."""
    strokes, x = [], 0.0
    for (share, colour), text in zip(shares, show, strict=True):
        wide = 100 * max(share, 0.0)
        strokes.append(Stroke("bar", round(x, 2), round(wide, 2), colour, text if wide > 9 else ""))
        x += wide
    return strokes
