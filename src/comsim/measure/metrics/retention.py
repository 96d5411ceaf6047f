"""Retention from an event table: who posts or visits in the k-th month after their first.

The definition is in `comsim.measure.retention`, for real and simulated communities alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.logs.events import horizon
from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.windows import by_member, first_rows
from comsim.measure.retention import Visits, cohort_table
from comsim.model.periods import MONTH

if TYPE_CHECKING:
    import pandas as pd


@counts(
    population="authors with at least one post",
    window="posts on days {first} to {last} after the day of the first post",
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
    window="visits on days {first} to {last} after the day of joining",
    censoring="in each cell only members whose whole window lies inside the days watched",
    unit="share",
    source="common usage",
)
def visiting(events: pd.DataFrame) -> pd.DataFrame:
    """Retention by cohort and month after joining, as in `comsim.measure.retention`.

    One row for each `cohort` and `month` with members to count: `members`, `visited`, `share`.
    `table.pivot(index="cohort", columns="month", values="share")` lays it out as a triangle.
    """
    return cohort_table(visits_in(events))


@counts(
    population="members who joined; those who left stay in",
    window="visits on days {first} to {last} after the day of joining",
    censoring="only members whose whole window lies inside the days watched",
    unit="share",
    source="common usage",
)
def retained(events: pd.DataFrame, month: int) -> float | None:
    """Share of members who visit in the k-th month after joining."""
    return visits_in(events).retention(month)["share"]


def visits_in(events: pd.DataFrame) -> Visits:
    """Who visits in which month of membership. A second joining does not count."""
    days = horizon(events)
    member, day, _ = by_member(events, "join")
    opened = np.unique(first_rows(member))
    who, since = member[opened], day[opened]
    visited = np.zeros((days, days // MONTH + 1), np.int64)
    joined = np.bincount(since, minlength=days)[:days]

    member, day, _ = by_member(events, "visit")
    if len(who):
        at = np.searchsorted(who, member).clip(max=len(who) - 1)
        seen = (who[at] == member) & (day >= since[at])
        month = (day - since[at]) // MONTH
        first = np.ones(len(at), bool)  # the rows of a member are in order of day
        first[1:] = (member[1:] != member[:-1]) | (month[1:] != month[:-1])
        np.add.at(visited, (since[at][seen & first], month[seen & first]), 1)
    return Visits(joined, visited)
