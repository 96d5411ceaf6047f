"""The daily series: members, visitors, posters and posts on each day.

Each function takes an event table and, if the community was watched for longer than up to the last
event, the number of `days`. It returns an int64 array indexed by day. States (members, muted,
dormant) are those at the end of the day. Visitors count in a window even if they have left since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.logs.events import CODE, horizon
from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.windows import (
    by_member,
    covered,
    distinct,
    first_rows,
    next_days,
    per_day,
)
from comsim.model.periods import DORMANT_AFTER, MONTH, WEEK

if TYPE_CHECKING:
    import pandas as pd


@counts(
    population="members who visited",
    window="that day",
    censoring="none",
    unit="members",
    source="common usage",
)
def dau(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Daily active members."""
    return distinct(events, "visit", 1, horizon(events, days))


@counts(
    population="distinct members who visited",
    window="the 7 days that end with that day",
    censoring="the first 6 days have a shorter window",
    unit="members",
    source="common usage",
)
def wau(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Weekly active members."""
    return distinct(events, "visit", WEEK, horizon(events, days))


@counts(
    population="distinct members who visited",
    window="the 30 days that end with that day",
    censoring="the first 29 days have a shorter window",
    unit="members",
    source="common usage",
)
def mau(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Monthly active members."""
    return distinct(events, "visit", MONTH, horizon(events, days))


@counts(
    population="members who joined",
    window="that day",
    censoring="none",
    unit="members",
    source="common usage",
)
def joined(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """New members."""
    return per_day(events, "join", horizon(events, days))


@counts(
    population="members who left",
    window="that day",
    censoring="none",
    unit="members",
    source="common usage",
)
def left(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Leavers."""
    return per_day(events, "leave", horizon(events, days))


@counts(
    population="all who joined and have not left",
    window="the end of that day; a leave counts from its own day on",
    censoring="none",
    unit="members",
    source="common usage",
)
def members(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members: those who joined, minus those who left."""
    return np.cumsum(joined(events, days) - left(events, days))


@counts(
    population="distinct members with a post; replies alone don't count",
    window="that day",
    censoring="none",
    unit="members",
    source="as counted by Slack for R4DS (TidyTuesday, 2019-07-16)",
)
def posters(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members who posted."""
    return distinct(events, "post", 1, horizon(events, days))


@counts(
    population="distinct members with a post; replies alone don't count",
    window="the 7 days that end with that day",
    censoring="the first 6 days have a shorter window",
    unit="members",
    source="as counted by Slack for R4DS (TidyTuesday, 2019-07-16)",
)
def weekly_posters(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members who posted in the week."""
    return distinct(events, "post", WEEK, horizon(events, days))


@counts(
    population="all members",
    window="that day",
    censoring="none",
    unit="posts",
    source="common usage",
)
def posts(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Posts."""
    return per_day(events, "post", horizon(events, days))


@counts(
    population="all members",
    window="that day",
    censoring="none",
    unit="replies",
    source="common usage",
)
def replies(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Replies."""
    return per_day(events, "reply", horizon(events, days))


@counts(
    population="all members",
    window="that day",
    censoring="none",
    unit="orders",
    source="common usage",
)
def orders(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Orders."""
    return per_day(events, "order", horizon(events, days))


@counts(
    population="members whose last mute has been followed by no unmute and no leave",
    window="the end of that day",
    censoring="none",
    unit="members",
    source="common usage",
)
def muted(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members who have muted the community."""
    member, day, code = by_member(events, "mute", "unmute", "leave")
    on = code == CODE["mute"]
    return covered(day[on], next_days(member, day)[on], horizon(events, days))


@counts(
    population="members, not left, whose last visit (or joining, if none) was 28 or more days ago",
    window="the end of that day",
    censoring="none; the first 28 days have none by definition",
    unit="members",
    source="common usage",
)
def dormant(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members without a visit for four weeks."""
    member, day, code = by_member(events, "join", "visit", "leave")
    step = (code == CODE["join"]).astype(np.int64) - (code == CODE["leave"])
    total = np.cumsum(step)
    inside = total - (total - step)[first_rows(member)] > 0
    absent = day[inside] + DORMANT_AFTER
    return covered(absent, next_days(member, day)[inside], horizon(events, days))
