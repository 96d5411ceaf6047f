"""How long those who joined in the same month stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

COHORT = 30  # days of a cohort's month of joining, and of each month after it


def cohorts(members: pd.DataFrame, days: int) -> pd.DataFrame:
    """How long members stay, by month of joining: a row for each `cohort` and `month` after.

    Both are 30 days, the second counted from each member's own day of joining. `members` are
    those whose month lies wholly inside the run; `stayed` visited in that month or later.
    """
    import pandas as pd

    joined = members["joined_day"].to_numpy(np.int64)
    cohort, watched = joined // COHORT, (days - joined) // COHORT
    active = np.maximum(members["last_visit"].to_numpy(np.int64) - joined, 0) // COHORT + 1
    size = _longer_than(cohort, watched, days)
    stayed = _longer_than(cohort, np.minimum(active, watched), days)
    numbers, months = np.nonzero(size)
    count, stay = size[numbers, months], stayed[numbers, months]
    return pd.DataFrame(
        {
            "cohort": numbers,
            "month": months,
            "members": count,
            "stayed": stay,
            "share": stay / count,
        }
    )


def _longer_than(cohort: np.ndarray, months: np.ndarray, days: int) -> np.ndarray:
    """How many of each cohort (row) have more than so many months (column)."""
    width = days // COHORT + 1
    table = np.zeros((width, width), np.int64)
    np.add.at(table, (cohort, months), 1)
    return table[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
