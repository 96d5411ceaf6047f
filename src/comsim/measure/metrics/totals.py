"""Totals: events of a kind, and the mean, peak and last value of a daily series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.logs.events import CODE, horizon
from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.halflife import weekly_mean

if TYPE_CHECKING:
    import pandas as pd


@counts(
    population="the community",
    window="day 0 to the last day watched, or else to the last event",
    censoring="none",
    unit="days",
    source="common usage",
)
def days_covered(events: pd.DataFrame) -> int:
    """Days covered by the log."""
    return horizon(events)


@counts(
    population="all members",
    window="the whole table",
    censoring="none",
    unit="events",
    source="common usage",
)
def total(events: pd.DataFrame, kind: str) -> int:
    """Events of one kind."""
    return int((events["kind"].cat.codes == CODE[kind]).sum())


@counts(
    population="that of the series",
    window="all days",
    censoring="none",
    unit="members a day",
    source="as counted by Slack for R4DS (TidyTuesday, 2019-07-16)",
)
def mean(events: pd.DataFrame, series) -> float | None:
    """Mean of a daily series."""
    values = series(events)
    return float(values.mean()) if len(values) else None


@counts(
    population="that of the series",
    window="the best day",
    censoring="none",
    unit="members",
    source="common usage",
)
def peak(events: pd.DataFrame, series) -> float | None:
    """Highest value of a daily series."""
    values = series(events)
    return float(values.max()) if len(values) else None


@counts(
    population="that of the series",
    window="the best 7 days",
    censoring="none",
    unit="members a day",
    source="common usage",
)
def best_week(events: pd.DataFrame, series) -> float | None:
    """Highest weekly mean of a daily series."""
    values = weekly_mean(series(events))
    return float(values.max()) if len(values) else None


@counts(
    population="that of the series",
    window="the last day",
    censoring="none",
    unit="members",
    source="common usage",
)
def last(events: pd.DataFrame, series) -> float | None:
    """Value of a daily series on the last day."""
    values = series(events)
    return float(values[-1]) if len(values) else None
