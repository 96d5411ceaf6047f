"""How much there is in the whole table: events of a kind, the mean and the peak of a series."""

from __future__ import annotations

import pandas as pd

from comsim.events import CODE, horizon
from comsim.metrics.halflife import weekly_mean


def days_covered(events: pd.DataFrame) -> int:
    """Days watched.

    Population: the community.
    Window: day 0 to the last day watched, or else to the last event.
    Censoring: none.
    Unit: days.
    Source: common usage.
    """
    return horizon(events)


def total(events: pd.DataFrame, kind: str) -> int:
    """Events of one kind.

    Population: all members.
    Window: the whole table.
    Censoring: none.
    Unit: events.
    Source: common usage.
    """
    return int((events["kind"].cat.codes == CODE[kind]).sum())


def mean(events: pd.DataFrame, series) -> float | None:
    """Mean of a daily series.

    Population: that of the series.
    Window: all days.
    Censoring: none.
    Unit: members a day.
    Source: as counted by Slack for R4DS (TidyTuesday, 2019-07-16).
    """
    values = series(events)
    return float(values.mean()) if len(values) else None


def peak(events: pd.DataFrame, series) -> float | None:
    """Highest weekly mean of a daily series.

    Population: that of the series.
    Window: the best 7 days.
    Censoring: none.
    Unit: members a day.
    Source: common usage.
    """
    values = weekly_mean(series(events))
    return float(values.max()) if len(values) else None
