"""Preparation of numbers that figures and reports share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from comsim.language.dates import Dates


def week_mean(values: Sequence[float]) -> np.ndarray:
    """Mean over the 7 days around each day; over fewer days at the ends."""
    values = np.asarray(values, float)
    total = np.concatenate([[0.0], np.cumsum(values)])
    day = np.arange(len(values))
    first, stop = np.maximum(day - 3, 0), np.minimum(day + 4, len(values))
    return (total[stop] - total[first]) / (stop - first)


def month_starts(start: date, days: int, most: int) -> list[tuple[int, date]]:
    """The first days of about `most` evenly spaced months: (day, date).

    `start` is the date of day 0. Consecutive ones are 1, 2, 3, 6, 12 or 24 months apart.
    """
    dates = np.datetime64(start, "D") + np.arange(days)
    months = dates.astype("datetime64[M]")
    spanned = len(np.unique(months))
    step = next(step for step in (1, 2, 3, 6, 12, 24) if spanned / step <= most + 1)
    first = (dates == months.astype("datetime64[D]")) & (months.astype(int) % step == 0)
    return [(int(day), dates[day].astype(date)) for day in np.flatnonzero(first)]


def day_ticks(dates: Dates, days: int, first: int = 0) -> tuple[list[int], list[str]]:
    """Days to mark on a figure from day `first` on, with labels: first days of months or, in a
    short run, weeks. The number of the day is below each date or, if readers know the dates, only
    "today" below its date."""
    shown = days - first
    if shown > 100:
        months = month_starts(dates.of(first), shown, 11)
        ticks = {first + day: f"{when:%b %Y}" for day, when in months}
    else:
        step = 7 if shown <= 60 else 14
        shown_dates = ((day, dates.of(day)) for day in range(first, days, step))
        ticks = {day: f"{when.day} {when:%b}" for day, when in shown_dates}
    if not dates.known:
        ticks = {day: f"{name}\nday {day:,}" for day, name in ticks.items()}
    if dates.today and first <= dates.today < days:
        ticks[dates.today] = ticks.get(dates.today, "") + "\ntoday"
    ticks = dict(sorted(ticks.items()))
    return list(ticks), list(ticks.values())


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Positions moved apart by as little as possible, so that they are at least `gap` apart."""
    order = np.argsort(places, kind="stable")  # the later of equals lies higher
    groups: list[tuple[float, int]] = []  # middle and size
    for at in order:
        middle, size = float(places[at]), 1
        while groups and middle - groups[-1][0] < gap * (size + groups[-1][1]) / 2:
            below, n = groups.pop()
            middle, size = (middle * size + below * n) / (size + n), size + n
        groups.append((middle, size))
    moved = [middle + gap * (k - (size - 1) / 2) for middle, size in groups for k in range(size)]
    result = [0.0] * len(moved)
    for at, place in zip(order, moved, strict=True):
        result[at] = place
    return result
