"""Participation: the share of members who write as well as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.logs.events import horizon
from comsim.measure.metrics.activity import wau, weekly_posters
from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.stickiness import mean_share
from comsim.measure.metrics.windows import by_member, covered, first_rows, next_days
from comsim.model.periods import WEEK

if TYPE_CHECKING:
    import pandas as pd

SETTLED = 90  # days


@counts(
    population="members who visited in the week",
    window="days with a visit in the last 7",
    censoring="the first 6 days are left out, their week not being whole",
    unit="share",
    source="as counted by Slack for R4DS (TidyTuesday, 2019-07-16)",
)
def posters_wau(events: pd.DataFrame) -> float | None:
    """Mean of weekly posters/WAU."""
    return mean_share(weekly_posters(events), wau(events), WEEK - 1)


@counts(
    population="accounts opened at least 90 days ago, those of leavers included",
    window="days from 90 on with such an account; posts of the last 7 days",
    censoring="an account counts from its 90th day on",
    unit="share",
    source=(
        "as counted by Slack for R4DS (TidyTuesday, 2019-07-16), where leavers stay in the count "
        "of accounts"
    ),
)
def posters_accounts(events: pd.DataFrame) -> float | None:
    """Mean share of settled accounts that posted in the week."""
    days = horizon(events)
    member, day, _ = by_member(events, "join")
    opened = np.unique(first_rows(member))
    accounts, settled = member[opened], day[opened] + SETTLED
    open_to_the_end = covered(settled, np.full(len(settled), days), days)

    member, day, _ = by_member(events, "post")
    if not len(accounts):
        return None
    at = np.searchsorted(accounts, member).clip(max=len(accounts) - 1)
    from_day = np.where(accounts[at] == member, np.maximum(day, settled[at]), days)
    until = np.minimum(day + WEEK, next_days(member, day))
    return mean_share(covered(from_day, until, days), open_to_the_end)
