"""Seeding and waves of a whole curve, as the features of `comsim.measure.shape` count them.

Runs, reports and the lab determine stages by another rule (`comsim.model.stages`). This one looks
at the whole curve, so that later days can move earlier dates. It is kept for the features alone: a
shape is always that of two whole years, and the features of the real communities
(evidence/real.csv) and of the plausible worlds were computed by it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comsim.model.stages import smoothed

WINDOW = 15  # days of the centred smoothing: two weeks, so that one odd week is no wave
SWING = 2.0  # ratio of a rise that starts a wave, and of a fall that ends it
LIFT = 1.5  # ratio to the low between two waves at which the new one begins
HEIGHT = 0.75  # share of a wave's peak from which it counts as full activity
GROUND = 0.08  # share of the highest level below which a community is on the ground
HANDFUL = 5.0  # people; a community that never has so many does not leave seeding


class Shape(NamedTuple):
    """What a whole curve shows. All thresholds are assumptions."""

    seeding: int
    """Days until the first wave leaves the ground; all of them if none does."""
    growths: int
    """Number of rises that last a day or more, from the low of a wave to three quarters of its
    peak."""


def waves_of(curve: NDArray[np.float64]) -> Shape:
    """Seeding and waves of a curve of people per day, shape (days,).

    The curve is smoothed over two weeks; its ground is 8 % of the highest level. A wave begins when
    the curve doubles from a low and leaves the ground, and ends when it halves.
    """
    level = smoothed(np.asarray(curve, np.float64), WINDOW)
    # A single first day is not a peak: only days with a whole window count, if there are any.
    edge = WINDOW // 2 if len(level) > WINDOW else 0
    peak = level[edge : len(level) - edge].max(initial=0.0)
    if peak < HANDFUL:
        return Shape(len(level), 0)
    foot = max(GROUND * peak, HANDFUL)
    waves = _waves(level, foot)
    if not waves:
        return Shape(len(level), 0)
    bounds = [foot] + [LIFT * level[low] for low, _ in waves[1:]]
    starts = [
        _last_below(level, low, top, bound) + 1
        for (low, top), bound in zip(waves, bounds, strict=True)
    ]
    growths = sum(
        level[start] < HEIGHT * level[top] for (_, top), start in zip(waves, starts, strict=True)
    )
    return Shape(starts[0], int(growths))


def _waves(level: NDArray[np.float64], foot: float) -> list[tuple[int, int]]:
    """Waves with a peak above the foot: (day of the low, day of the peak).

    The first day counts as the start of a rise, since a community may open at full size.
    """
    waves: list[tuple[int, int]] = []
    low, top, rising = 0, 0, True
    level = level.tolist()
    least = most = level[0]  # levels on those days
    for day, value in enumerate(level):
        if rising:
            if value >= most:
                top, most = day, value
            elif SWING * value < most:
                if most >= foot:
                    waves.append((low, top))
                low, least, rising = day, value, False
        elif value <= least:
            low, least = day, value
        elif value >= foot and value >= SWING * least:
            top, most, rising = day, value, True
    return [*waves, (low, top)] if rising and most >= foot else waves


def _last_below(level: NDArray[np.float64], low: int, top: int, bound: float) -> int:
    """Last day from low to top with a level below the bound, or low - 1."""
    below = np.flatnonzero(level[low : top + 1] < bound)
    return low + int(below[-1]) if len(below) else low - 1
