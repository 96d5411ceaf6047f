"""Spikes: whether activity decays as a power law or exponentially."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from comsim.measure.metrics.halflife import weekly_mean
from comsim.model.periods import WEEK

YEAR, LATER = 365, WEEK  # days; LATER shifts the origin, since the first mean covers a week


class Decay(NamedTuple):
    """Two straight lines fitted to the logarithm of a series after its peak."""

    slope: float
    """Of the power law: log level by log of days since the peak."""
    rate: float
    """Of the exponential: log level by day."""
    lead: float
    """AICc of the exponential less that of the power law; above 0 the power law is better."""


def decay(series: np.ndarray) -> Decay | None:
    """A power law compared with an exponential, in the year after a daily series' highest week.

    Least squares on the log of the 7-day means, on log(days since the peak + 7) and on days, up to
    the last mean above zero; compared by AICc (Burnham and Anderson 2002), which for equally many
    parameters is the likelihood alone. None with fewer than 30 means.
    """
    level = weekly_mean(np.asarray(series, float))
    if not len(level):
        return None
    level = level[int(level.argmax()) :][:YEAR]
    day = np.flatnonzero(level > 0)
    if len(day) < 30:
        return None
    log = np.log(level[day])
    slope, power = _line(np.log(day + LATER), log)
    rate, exponential = _line(day.astype(float), log)
    return Decay(slope, rate, exponential - power)


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and AICc of a straight line with normal errors."""
    slope, level = np.polyfit(x, y, 1)
    n, k = len(y), 3
    left = max(float(((y - level - slope * x) ** 2).sum()), 1e-12)
    return float(slope), float(n * np.log(left / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1))
