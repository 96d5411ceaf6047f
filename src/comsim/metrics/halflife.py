"""How fast activity fades: the half-life of a log-linear fit to the 7-day mean."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comsim.metrics.activity import WEEK

ENOUGH = 14  # means; the least that a slope is drawn through
SPARSE = 0.1  # share of empty weeks beyond which the log of the others tells of noise, not decay


def weekly_mean(series: np.ndarray) -> np.ndarray:
    """Means over each 7 consecutive days; entry i covers days i..i+6."""
    if len(series) < WEEK:
        return np.zeros(0)
    return np.convolve(series, np.full(WEEK, 1 / WEEK), "valid")


def half_life(series: np.ndarray, first: int = 0, last: int | None = None) -> float | None:
    """Days in which a daily series halves, fitted over days first..last, both included.

    Least squares on the log of the 7-day means whose week lies wholly within first..last, up to
    the last one that is not empty. None where it doesn't fall, where fewer than 14 means are left,
    or where over a tenth of them are zero (the rest of the zeros are left out).
    """
    level = weekly_mean(np.asarray(series, float)[first : None if last is None else last + 1])
    day = np.flatnonzero(level > 0)
    if len(day) < ENOUGH or 1 - len(day) / (day[-1] + 1) > SPARSE:
        return None
    slope = np.polyfit(day, np.log(level[day]), 1)[0]
    return float(-np.log(2) / slope) if slope < 0 else None


def after_peak(events: pd.DataFrame, series) -> float | None:
    """Half-life of a daily series after its peak.

    Population: that of the series.
    Window: from the 7 days with the highest mean to the last week with anything in it.
    Censoring: none where over a tenth of the weeks between are empty.
    Unit: days.
    Source: common usage.
    """
    values = series(events)
    level = weekly_mean(values)
    return half_life(values, int(level.argmax())) if len(level) else None
