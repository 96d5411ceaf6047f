"""Growth: whether activity grows with the number of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.metrics.activity import joined, wau
from comsim.measure.metrics.facts import counts

if TYPE_CHECKING:
    import pandas as pd


@counts(
    population="accounts are all who ever joined, leavers included; members who visited",
    window="days first..last, both included; days without a visit in the last 7 are left out",
    censoring="none",
    unit="coefficient",
    source="as counted by Slack for R4DS (TidyTuesday, 2019-07-16)",
)
def wau_on_accounts(events: pd.DataFrame, first: int = 0, last: int | None = None) -> float | None:
    """Slope of log WAU on log accounts."""
    days = slice(first, None if last is None else last + 1)
    return log_slope(np.cumsum(joined(events))[days], wau(events)[days])


def log_slope(x: np.ndarray, y: np.ndarray) -> float | None:
    """Least-squares slope of log y on log x, over values above zero; None if x does not vary."""
    some = (x > 0) & (y > 0)
    if some.sum() < 2 or np.ptp(x[some]) == 0:
        return None
    return float(np.polyfit(np.log(x[some]), np.log(y[some]), 1)[0])
