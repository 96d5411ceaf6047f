"""Gauges: a figure of the model on its own axis, with the required band and the published
points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

MARGIN = 0.1  # of the axis, left free at both ends


@dataclass(frozen=True)
class Gauge:
    """One figure. Positions are in percent of the width."""

    name: str
    value: str
    band: tuple[float, float] | None
    """Where it should lie: from, wide."""
    published: Sequence[float]
    dot: float | None
    whisker: tuple[float, float] | None
    """Its interval: from, wide."""
    ticks: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Gauges:
    rows: Sequence[Gauge]
    legend: Sequence[tuple[str, str, str]]
    """(name, colour, kind)"""
    kind: str = "gauges"


def gauge(
    name: str,
    value: str,
    low: float,
    high: float,
    published: Sequence[float],
    simulated: tuple[float, float, float],
    ticks: Sequence[tuple[float, str]],
) -> Gauge:
    """Lay out a figure: `low`, `high` of the band (infinite where it is open), the mean and the
    ends of its interval (`simulated`, NaN if there is none), and `ticks` as (value, text)."""
    known = [x for x in (low, high, *published, *simulated) if isfinite(x)]
    left, right = min(known, default=0.0), max(known, default=1.0)
    room = MARGIN / (1 - 2 * MARGIN) * ((right - left) or abs(left) or 1.0)
    left, right = left - room, right + room

    def x(value: float) -> float:
        return round(100 * (min(max(value, left), right) - left) / (right - left), 2)

    mean, begin, end = simulated
    banded = isfinite(low) or isfinite(high)
    return Gauge(
        name,
        value,
        (x(low), max(round(x(high) - x(low), 2), 0.4)) if banded else None,
        [x(one) for one in published],
        x(mean) if isfinite(mean) else None,
        (x(begin), round(x(end) - x(begin), 2)) if isfinite(begin) else None,
        [(x(one), text) for one, text in ticks],
    )
