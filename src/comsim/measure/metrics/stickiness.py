"""Stickiness: the share of active members, or of all members, who visit on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.metrics.activity import dau, mau, members, wau
from comsim.measure.metrics.facts import counts
from comsim.model.periods import MONTH, WEEK

if TYPE_CHECKING:
    import pandas as pd


def mean_share(part: np.ndarray, whole: np.ndarray, first: int = 0) -> float | None:
    """Mean of the daily ratios from day `first` on, over the days on which `whole` is not 0; None
    without such a day."""
    part, whole = part[first:], whole[first:]
    some = whole > 0
    return float(np.mean(part[some] / whole[some])) if some.any() else None


@counts(
    population="members who visited in the week",
    window="days with a visit in the last 7",
    censoring="the first 6 days are left out, their week not being whole",
    unit="share",
    source="as counted by Slack for R4DS (TidyTuesday, 2019-07-16)",
)
def dau_wau(events: pd.DataFrame) -> float | None:
    """Mean of DAU/WAU."""
    return mean_share(dau(events), wau(events), WEEK - 1)


@counts(
    population="members who visited in the last 30 days",
    window="days with a visit in the last 30",
    censoring="the first 29 days are left out, their month not being whole",
    unit="share",
    source="as counted by Slack for R4DS (TidyTuesday, 2019-07-16)",
)
def dau_mau(events: pd.DataFrame) -> float | None:
    """Mean of DAU/MAU."""
    return dau_mau_of(dau(events), mau(events))


def dau_mau_of(dau: np.ndarray, mau: np.ndarray) -> float | None:
    """Mean of DAU/MAU from day 29 on, over days with a visit in the last 30 days; None if there are
    none."""
    return mean_share(dau, mau, MONTH - 1)


@counts(
    population="members at the end of the day, joined less left; the part is those who visited",
    window="all days with a member",
    censoring="none",
    unit="share",
    source=(
        "as counted by Slack for R4DS (TidyTuesday, 2019-07-16), where leavers hardly ever leave "
        "the count"
    ),
)
def dau_members(events: pd.DataFrame) -> float | None:
    """Mean of DAU/members."""
    return mean_share(dau(events), members(events))
