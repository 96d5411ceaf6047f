"""The table of cohorts of a run, as its folder holds it (`cohorts.parquet`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.retention import cohort_table, visits_of
from comsim.model.periods import MONTH

if TYPE_CHECKING:
    import pandas as pd

    from comsim.run.simulation import Run


def cohorts(run: Run) -> pd.DataFrame:
    """Retention by cohort: a row for each `cohort` (30 days of joining) and `month` after joining.

    `members` are those whose month lies wholly within the run, `visited` those of them who visited
    in that month, and `share` is visited / members (`comsim.measure.retention`). `stayed` counts
    those who visited in that month or later in the run. It rises with the days left to come back,
    and is kept for readers of earlier versions.
    """
    table = cohort_table(visits_of(run.world))
    return table.assign(stayed=_stayed(run, table))


def _stayed(run: Run, table: pd.DataFrame) -> np.ndarray:
    """For each row, members who visited in that month or later."""
    own = run.world.m.own[: int(run.world.now["rows"][0])]
    joined, days = own["joined_day"].astype(np.int64), len(run.world.daily["joined"])
    months = np.minimum((own["last_visit"] - joined) // MONTH + 1, (days - joined) // MONTH)
    width = days // MONTH + 1
    count = np.zeros((width, width + 1), np.int64)
    np.add.at(count, (joined // MONTH, months), 1)
    more = count[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]  # with more than so many months
    return more[table["cohort"], table["month"]]
