"""Retention: the share of members who visit in the k-th month after joining.

A month is 30 days (`comsim.model.periods.MONTH`), counted from each member's own day of joining:
month k is days 30k to 30k + 29 after it, and month 0 is the first. A member is retained in month k
if they visit on any of its days; visits in later months do not count. Members who left stay in the
population. A member counts for month k only if the whole month lies within the days watched.

This is n-period (bounded) retention, as opposed to unbounded retention ("in that month or later"),
which rises with the time left to come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from comsim.model.periods import MONTH

if TYPE_CHECKING:
    import pandas as pd

MONTHS = (1, 3, 12)
"""Months that a summary and a report give."""


def days_of(month: int) -> tuple[int, int]:
    """The first and last day of a month, counted from the day of joining."""
    return MONTH * month, MONTH * month + MONTH - 1


class Visits(NamedTuple):
    """Who visited in which month of membership. Both arrays end with the last day watched."""

    joined: np.ndarray
    """Members by day of joining, shape (days,)."""
    visited: np.ndarray
    """Of these, members who visited in each month after, shape (days, months)."""

    def eligible(self, month: int) -> int:
        """The number of days of joining, from day 0 on, for which that month lies within the days
        watched."""
        return max(len(self.joined) - MONTH * (month + 1) + 1, 0)

    def retention(self, month: int, since: int = 0) -> dict[str, Any]:
        """`members` who joined on day `since` or later and are watched for that month, and the
        `share` of them who visited in it (None without members)."""
        stop = self.eligible(month)
        members = int(self.joined[since:stop].sum())
        if not members:
            return {"members": 0, "share": None}
        return {
            "members": members,
            "share": int(self.visited[since:stop, month].sum()) / members,
        }

    def cohorts(self) -> dict[str, np.ndarray]:
        """Columns `cohort`, `month`, `members`, `visited`: a cohort joined in the same 30 days,
        counted from day 0. A row for each month that at least one member is watched for."""
        months = len(self.joined) // MONTH
        sizes = np.zeros((months, months), np.int64)
        visited = np.zeros_like(sizes)
        for month in range(months):
            stop = self.eligible(month)
            firsts = np.arange(0, stop, MONTH)
            sizes[: len(firsts), month] = np.add.reduceat(self.joined[:stop], firsts)
            visited[: len(firsts), month] = np.add.reduceat(self.visited[:stop, month], firsts)
        cohort, month = np.nonzero(sizes)
        return {
            "cohort": cohort,
            "month": month,
            "members": sizes[cohort, month],
            "visited": visited[cohort, month],
        }


def visits_of(world: Any, days: int | None = None) -> Visits:
    """The visits of a simulated community in its first `days` days (default: all), which the kernel
    counts (`month_count`, without month 0: everybody visits on their day of joining)."""
    joined = world.daily["joined"][:days]
    visited = world.month_count[:days].copy()
    visited[:, 0] = joined
    return Visits(joined, visited)


def cohort_table(visits: Visits) -> pd.DataFrame:
    """The cohorts as a table, with `share`: visited / members."""
    import pandas as pd

    columns = visits.cohorts()
    return pd.DataFrame(columns | {"share": columns["visited"] / columns["members"]})
