"""Counts of distinct members in sliding windows: the algorithm behind most daily metrics.

Each event counts on a span of days, which ends early if the same member has another event. A member
is therefore counted once per day, whatever the window, and the whole count takes one sort and one
cumulative sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.logs.events import CODE

if TYPE_CHECKING:
    import pandas as pd


def by_member(events: pd.DataFrame, *kinds: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Member, day and kind code of the rows of these kinds, sorted by member, then in order of
    time."""
    code = events["kind"].cat.codes.to_numpy()
    rows = np.flatnonzero(np.isin(code, [CODE[kind] for kind in kinds]))
    member = events["member"].to_numpy()[rows]
    order = np.argsort(member, kind="stable")  # the table is in order of day already
    rows = rows[order]
    return member[order], events["day"].to_numpy()[rows].astype(np.int64), code[rows]


def first_rows(member: np.ndarray) -> np.ndarray:
    """For each row of a table sorted by member, the position of that member's first row."""
    new = np.ones(len(member), bool)
    new[1:] = member[1:] != member[:-1]
    return np.maximum.accumulate(np.where(new, np.arange(len(member)), 0))


def next_days(member: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The day of the same member's next row; for the last row, a day that never comes."""
    following = np.full(len(day), np.iinfo(np.int64).max)
    following[:-1] = np.where(member[1:] == member[:-1], day[1:], following[:-1])
    return following


def covered(begin: np.ndarray, end: np.ndarray, days: int) -> np.ndarray:
    """How many half-open spans [begin, end) cover each day 0..days-1; backward ones are empty."""
    begin = np.clip(begin, 0, days)
    end = np.clip(end, begin, days)
    change = np.bincount(begin, minlength=days + 1) - np.bincount(end, minlength=days + 1)
    return np.cumsum(change)[:days]


def distinct(events: pd.DataFrame, kind: str, width: int, days: int) -> np.ndarray:
    """Distinct members with an event of `kind` in days (d-width+1 .. d), for each day d."""
    member, day, _ = by_member(events, kind)
    return covered(day, np.minimum(day + width, next_days(member, day)), days)


def per_day(events: pd.DataFrame, kind: str, days: int) -> np.ndarray:
    """Events of `kind` on each day 0..days-1."""
    _, day, _ = by_member(events, kind)
    return np.bincount(day, minlength=days)[:days]
