"""Days grouped by month (in a short run, by week) for bars and the tables of charts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable

SHORT = 100  # days; a shorter life has a row per week


def bins(words: Words, days: int) -> list[tuple[int, int]]:
    """(first day, last day) of each calendar month or, in a short run, of each week."""
    if days <= SHORT:
        firsts = list(range(0, days, 7))
    else:
        firsts = [day for day in range(days) if day == 0 or words.dates.of(day).day == 1]
    return list(zip(firsts, [first - 1 for first in firsts[1:]] + [days - 1], strict=True))


def total(values: np.ndarray, parts: Sequence[tuple[int, int]]) -> np.ndarray:
    """The sum over each part, repeated on each of its days."""
    result = np.zeros(len(values))
    for first, last in parts:
        result[first : last + 1] = values[first : last + 1].sum()
    return result


def table(
    words: Words,
    columns: Sequence[tuple[str, np.ndarray, str]],
    days: int,
    unvalidated: Sequence[int] = (),
    since: int = 0,
) -> TextTable:
    """One row per month or week that ends on day `since` or later; columns are (name, values by
    day, "mean", "sum" or "last")."""
    rows = []
    for first, last in bins(words, days):
        if last < since:
            continue
        when = words.date(first) if days <= SHORT else words.month_of(first)
        rows.append([when, *(_cell(words, v[first : last + 1], how) for _, v, how in columns)])
    names = [f"{name} ({words(f'table.{how}')})" for name, _, how in columns]
    first = words("table.week" if days <= SHORT else "table.month")
    return TextTable(
        [first, *names], rows, [False] + [True] * len(names), unvalidated=tuple(unvalidated)
    )


def _cell(words: Words, values: np.ndarray, how: str) -> str:
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return "–"
    return words.short(float({"mean": known.mean(), "sum": known.sum(), "last": known[-1]}[how]))
