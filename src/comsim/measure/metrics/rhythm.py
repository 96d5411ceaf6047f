"""The weekly rhythm: activity at weekends compared with weekdays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.metrics.facts import counts

if TYPE_CHECKING:
    import pandas as pd

SATURDAY = 5


@counts(
    population="that of the series",
    window="all days; none without the date of day 0",
    censoring="none",
    unit="ratio",
    source="common usage (days are those of UTC, unless the log's own are local)",
)
def weekend_weekday(events: pd.DataFrame, series) -> float | None:
    """Mean of a daily series at weekends, divided by its mean from Monday to Friday."""
    values, start = series(events), events.attrs.get("start")
    if start is None:
        return None
    weekday = (date.fromisoformat(start).weekday() + np.arange(len(values))) % 7
    weekend = weekday >= SATURDAY
    if not weekend.any() or not values[~weekend].any():
        return None
    return float(values[weekend].mean() / values[~weekend].mean())
