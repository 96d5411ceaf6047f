"""Gauges: a figure of the model on its own axis, with the band it should lie in, the points that
were published, and the same figure in rival models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

MARGIN = 0.1  # of the axis, left free at both ends
FARTHEST = 2.0  # widths of the band, beyond its ends, that an axis shows


@dataclass(frozen=True)
class Point:
    """A mark on a gauge, in percent of the width."""

    x: float
    beyond: str = ""
    """"<" or ">" if the value lies off the axis on that side."""


@dataclass(frozen=True)
class Gauge:
    """One figure. Places are percent of the width."""

    name: str
    value: str
    band: tuple[float, float] | None
    """Where the figure should lie: from, width."""
    published: Sequence[Point]
    published_whisker: tuple[float, float] | None
    """The interval of the published figure: from, width."""
    dot: Point | None
    whisker: tuple[float, float] | None
    """The interval of the simulated figure: from, width."""
    rivals: Sequence[tuple[str, Point]]
    """(look, place)"""
    ticks: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Row:
    """A fact with its gauges."""

    id: str
    title: str
    verdict: str
    look: str
    """pass, fail, open or shown"""
    notes: Sequence[str]
    gauges: Sequence[Gauge] = ()
    instead: str = ""
    """A sentence in place of gauges."""


@dataclass(frozen=True)
class Rows:
    """Facts below each other under a heading."""

    title: str
    rows: Sequence[Row]
    details: str
    """What unfolds the notes is called."""
    legend: Sequence[tuple[str, str]] = ()
    """(name, look)"""
    kind: str = "facts"


@dataclass(frozen=True)
class Shown:
    """What a gauge shows; NaN or infinite for what does not exist."""

    low: float
    high: float
    simulated: tuple[float, float, float]
    """Mean and ends of its interval."""
    published: Sequence[float] = ()
    published_span: tuple[float, float] | None = None
    rivals: Sequence[tuple[str, float]] = ()
    """(look, value)"""


def gauge(name: str, value: str, shown: Shown, ticks: Sequence[tuple[float, str]]) -> Gauge:
    """Lay out a figure with ticks (value, text). Rivals do not stretch the axis much, and nothing
    stretches it over more than a few widths of the band: what lies beyond is marked as such."""
    left, right = _axis(shown)

    def x(value: float) -> float:
        return round(100 * (min(max(value, left), right) - left) / (right - left), 2)

    def point(value: float) -> Point:
        return Point(x(value), "<" if value < left else ">" if value > right else "")

    def span(low: float, high: float) -> tuple[float, float] | None:
        exists = isfinite(low) and isfinite(high) and high >= left and low <= right
        return (x(low), round(x(high) - x(low), 2)) if exists else None

    mean, begin, end = shown.simulated
    banded = isfinite(shown.low) or isfinite(shown.high)
    return Gauge(
        name,
        value,
        (x(shown.low), max(round(x(shown.high) - x(shown.low), 2), 0.4)) if banded else None,
        [point(one) for one in shown.published],
        span(*shown.published_span) if shown.published_span else None,
        point(mean) if isfinite(mean) else None,
        span(begin, end),
        [(look, point(one)) for look, one in shown.rivals if isfinite(one)],
        [(x(one), text) for one, text in ticks if left <= one <= right],
    )


def _axis(shown: Shown) -> tuple[float, float]:
    """The ends of the axis."""
    values = [shown.low, shown.high, *shown.simulated, *shown.published,
              *(shown.published_span or ())]  # fmt: skip
    known = [value for value in values if isfinite(value)]
    known += [value for _, value in shown.rivals if isfinite(value) and not known]
    left, right = min(known, default=0.0), max(known, default=1.0)
    if isfinite(shown.low) and isfinite(shown.high) and shown.high > shown.low:
        most = FARTHEST * (shown.high - shown.low)
        left, right = max(left, shown.low - most), min(right, shown.high + most)
    width = (right - left) or abs(left) or 1.0
    for _, value in shown.rivals:
        if left - width / 2 <= value <= right + width / 2:
            left, right = min(left, value), max(right, value)
    room = MARGIN / (1 - 2 * MARGIN) * ((right - left) or abs(left) or 1.0)
    return left - room, right + room
