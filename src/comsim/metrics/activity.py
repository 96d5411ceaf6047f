"""The daily series: how many members, visitors, posters, posts on each day.

Each takes an event table and, if the watch went on after the last event, the number of `days`;
each returns an int64 array indexed by day. States (members, muted, dormant) are those at the
end of the day. A visitor counts in a window even if they have left since.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from comsim.events import CODE, horizon
from comsim.metrics.windows import by_member, covered, distinct, first_rows, next_days, per_day

WEEK, MONTH, DORMANT_AFTER = 7, 30, 28


def dau(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Daily active members.

    Population: members who visited.
    Window: that day.
    Censoring: none.
    Unit: members.
    Source: common usage.
    """
    return distinct(events, "visit", 1, horizon(events, days))


def wau(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Weekly active members.

    Population: distinct members who visited.
    Window: the 7 days that end with that day.
    Censoring: the first 6 days have a shorter window.
    Unit: members.
    Source: common usage.
    """
    return distinct(events, "visit", WEEK, horizon(events, days))


def mau(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Monthly active members.

    Population: distinct members who visited.
    Window: the 30 days that end with that day.
    Censoring: the first 29 days have a shorter window.
    Unit: members.
    Source: common usage.
    """
    return distinct(events, "visit", MONTH, horizon(events, days))


def joined(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """New members.

    Population: members who joined.
    Window: that day.
    Censoring: none.
    Unit: members.
    Source: common usage.
    """
    return per_day(events, "join", horizon(events, days))


def left(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Leavers.

    Population: members who left.
    Window: that day.
    Censoring: none.
    Unit: members.
    Source: common usage.
    """
    return per_day(events, "leave", horizon(events, days))


def members(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members, joined less left.

    Population: all who joined and have not left.
    Window: the end of that day; a leave counts from its own day on.
    Censoring: none.
    Unit: members.
    Source: common usage.
    """
    return np.cumsum(joined(events, days) - left(events, days))


def posters(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members who posted.

    Population: distinct members with a post; replies alone don't count.
    Window: that day.
    Censoring: none.
    Unit: members.
    Source: as counted by Slack for R4DS (TidyTuesday, 2019-07-16).
    """
    return distinct(events, "post", 1, horizon(events, days))


def weekly_posters(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members who posted in the week.

    Population: distinct members with a post; replies alone don't count.
    Window: the 7 days that end with that day.
    Censoring: the first 6 days have a shorter window.
    Unit: members.
    Source: as counted by Slack for R4DS (TidyTuesday, 2019-07-16).
    """
    return distinct(events, "post", WEEK, horizon(events, days))


def posts(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Posts.

    Population: all members.
    Window: that day.
    Censoring: none.
    Unit: posts.
    Source: common usage.
    """
    return per_day(events, "post", horizon(events, days))


def replies(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Replies.

    Population: all members.
    Window: that day.
    Censoring: none.
    Unit: replies.
    Source: common usage.
    """
    return per_day(events, "reply", horizon(events, days))


def orders(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Orders.

    Population: all members.
    Window: that day.
    Censoring: none.
    Unit: orders.
    Source: common usage.
    """
    return per_day(events, "order", horizon(events, days))


def muted(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members who have muted the community.

    Population: members whose last mute has been followed by no unmute and no leave.
    Window: the end of that day.
    Censoring: none.
    Unit: members.
    Source: common usage.
    """
    member, day, code = by_member(events, "mute", "unmute", "leave")
    on = code == CODE["mute"]
    return covered(day[on], next_days(member, day)[on], horizon(events, days))


def dormant(events: pd.DataFrame, days: int | None = None) -> np.ndarray:
    """Members who have not come for four weeks.

    Population: members, not left, whose last visit (or joining, if none) was 28 or more days ago.
    Window: the end of that day.
    Censoring: none; the first 28 days have none by definition.
    Unit: members.
    Source: common usage.
    """
    member, day, code = by_member(events, "join", "visit", "leave")
    step = (code == CODE["join"]).astype(np.int64) - (code == CODE["leave"])
    total = np.cumsum(step)
    inside = total - (total - step)[first_rows(member)] > 0
    absent = day[inside] + DORMANT_AFTER
    return covered(absent, next_days(member, day)[inside], horizon(events, days))
