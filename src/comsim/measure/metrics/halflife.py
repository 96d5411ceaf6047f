"""How fast activity fades: the half-life of an exponential decay, fitted in two ways.

`half_life` fits a line to the logarithm of the 7-day means, for series that are not zero for long.
`after_peak` fits the counts themselves, so it can use days with a count of zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.metrics.facts import counts
from comsim.model.periods import FOUR_WEEKS, WEEK

if TYPE_CHECKING:
    import pandas as pd

ENOUGH = 14  # means; the least that a slope is drawn through
PRECISION = 1e-9
SPARSE = 0.1  # share of empty weeks beyond which the log of the others tells of noise, not decay


def weekly_mean(series: np.ndarray) -> np.ndarray:
    """Means over each 7 consecutive days; entry i covers days i..i+6."""
    if len(series) < WEEK:
        return np.zeros(0)
    return np.convolve(series, np.full(WEEK, 1 / WEEK), "valid")


def half_life(series: np.ndarray, first: int = 0, last: int | None = None) -> float | None:
    """The number of days in which a daily series halves, fitted over days first..last, both
    included.

    Least squares on the logarithm of the 7-day means whose week lies within first..last, up to the
    last mean above zero. Zero means are left out. None if the series does not fall, if fewer than
    14 means are left, or if more than a tenth of them are zero.
    """
    level = weekly_mean(np.asarray(series, float)[first : None if last is None else last + 1])
    day = np.flatnonzero(level > 0)
    if len(day) < ENOUGH or 1 - len(day) / (day[-1] + 1) > SPARSE:
        return None
    slope = np.polyfit(day, np.log(level[day]), 1)[0]
    return float(-np.log(2) / slope) if slope < 0 else None


@counts(
    population="that of the series",
    window="from the first of the 28 days with the highest mean to the last day",
    censoring=(
        "undefined for logs of under 28 days, and if the series does not halve within the window"
    ),
    unit="days",
    source=(
        "maximum likelihood of an exponential decay with Poisson counts (log-linear Poisson "
        "regression on the day; McCullagh and Nelder 1989, chapter 6), with days without events"
    ),
)
def after_peak(events: pd.DataFrame, series) -> float | None:
    """Half-life of a daily series after its peak."""
    return half_life_after_peak(series(events))


def half_life_after_peak(series: np.ndarray) -> float | None:
    """Half-life of a daily series in days, from the first of its best four weeks to its end (a
    peak over one week may be chance in a small community).

    None for a series of under four weeks, or one that does not halve before its end.
    """
    values = np.asarray(series, float)
    if len(values) < FOUR_WEEKS:
        return None
    level = np.convolve(values, np.full(FOUR_WEEKS, 1 / FOUR_WEEKS), "valid")
    return exponential_half_life(values[int(level.argmax()) :])


def exponential_half_life(counts: np.ndarray) -> float | None:
    """Half-life of daily counts in days, by Poisson regression of the counts on the day.

    counts: 0 or more, one per day. None if all are zero, or if they do not halve within those days;
    0 if all counts after the first day are zero. The estimate depends on the counts only through
    their mean day: it is the half-life at which an exponential decay, truncated at the last day,
    has the same mean day.
    """
    days, total = len(counts), counts.sum()
    if total == 0:
        return None
    day = np.arange(days)
    mean = float(day @ counts / total)

    def excess(half: float) -> float:
        weight = np.exp2(-day / half)
        return float(day @ weight / weight.sum()) - mean

    if mean == 0:
        return 0.0
    if excess(days) <= 0:
        return None
    low, high = 0.01, float(days)
    while high - low > PRECISION * high:  # bisection: to import SciPy's takes as long as a run
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) > 0 else (middle, high)
    return (low + high) / 2
