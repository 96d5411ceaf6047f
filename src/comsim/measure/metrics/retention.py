"""Retention: who is still there k months on. A month is 30 days, counted from one's own first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comsim.logs.events import horizon
from comsim.measure.metrics.activity import MONTH
from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.windows import by_member, first_rows


@counts(
    population="authors with at least one post",
    window="days 30k to 30k + 29 after the day of the first post (k = 1 is the second month)",
    censoring="only authors whose whole window lies inside the days watched",
    unit="share",
    source="common usage",
)
def posting(events: pd.DataFrame, month: int) -> float | None:
    """Share of authors who post again in the k-th month after their first post."""
    member, day, _ = by_member(events, "post")
    start = first_rows(member)
    first = day[start]
    watched = first + MONTH * (month + 1) <= horizon(events)
    again = (day - first) // MONTH == month
    authors = len(np.unique(start[watched]))
    return len(np.unique(start[watched & again])) / authors if authors else None


@counts(
    population=(
        "members by cohort (the 30-day month of the community in which they joined); those who "
        "left stay in"
    ),
    window="days 30k to 30k + 29 after one's own day of joining (k = 0 is the first month)",
    censoring="in each cell only members whose whole window lies inside the days watched",
    unit="share",
    source="common usage",
)
def visiting(events: pd.DataFrame) -> pd.DataFrame:
    """Who visits in each month after joining, by month of joining.

    One row for each `cohort` and `month` with somebody to count: `members`, `visited`, `share`.
    `table.pivot(index="cohort", columns="month", values="share")` lays it out as a triangle.
    """
    days = horizon(events)
    member, day, _ = by_member(events, "join")
    opened = np.unique(first_rows(member))
    who, since = member[opened], day[opened]
    cohort, months = since // MONTH, (days - since) // MONTH  # months watched in full
    size = np.zeros((days // MONTH + 1, days // MONTH + 1), np.int64)
    visited = np.zeros_like(size)
    np.add.at(size, (cohort, months), 1)
    size = size[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]  # column k: watched for over k months

    member, day, _ = by_member(events, "visit")
    if len(who):
        at = np.searchsorted(who, member).clip(max=len(who) - 1)
        month = (day - since[at]) // MONTH
        seen = (who[at] == member) & (day >= since[at]) & (month < months[at])
        pairs = np.unique(np.stack([at[seen], month[seen]]), axis=1)
        np.add.at(visited, (cohort[pairs[0]], pairs[1]), 1)
    cohorts, ks = np.nonzero(size)
    count, came = size[cohorts, ks], visited[cohorts, ks]
    return pd.DataFrame(
        {"cohort": cohorts, "month": ks, "members": count, "visited": came, "share": came / count}
    )
