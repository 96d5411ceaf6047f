"""Rows of a log that lie far from all others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from comsim.model.periods import MONTH

YEAR = 365
SEASON = 180  # days; shorter gaps get no note, if few rows lie beyond
FAR = 5 * YEAR  # days without any row; assumption: real communities were silent for up to 3.6 years
FOREVER = 20 * YEAR
FEW, SHARE = 3, 0.01  # rows, and share of all rows, that may be an error


class Island(NamedTuple):
    """Rows before or after a long gap without any."""

    rows: np.ndarray
    gap: int
    """Days between these rows and the next."""
    early: bool
    slip: bool
    """So far away that a wrong date is more likely than a silent period."""


def islands(day: np.ndarray, rows: np.ndarray) -> list[Island]:
    """The rows at either end of a log that a gap separates from the rest: a gap of over a year; for
    at most 3 rows, or 1 % of all, also one of over half a year, or of over a month if it is longer
    than the rest.

    `rows` says which count; masks have the length of `day`. Rows count as a mistake if the gap is
    over 20 years. If there are at most 3 of them, or 1 % of all, or they all lie on one day, they
    also do if the gap is over 5 years, or over a year and twice as long as the rest of the log.
    """
    order = np.flatnonzero(rows)[np.argsort(day[rows], kind="stable")]
    sorted_days = day[order]
    gaps = np.diff(sorted_days)
    result: list[Island] = []
    for at in np.flatnonzero(gaps > MONTH):
        for early in (True, False):
            size = at + 1 if early else len(order) - at - 1
            rest = sorted_days[at + 1 :] if early else sorted_days[: at + 1]
            own = sorted_days[: at + 1] if early else sorted_days[at + 1 :]
            if size > len(rest) or (size == len(rest) and not early):
                continue
            few = size <= max(FEW, SHARE * len(order))
            gap, span = int(gaps[at]), int(rest[-1] - rest[0])
            apart = (few or own[0] == own[-1]) and gap > YEAR and (gap > FAR or gap > 2 * span)
            alone = few and (gap > SEASON or gap > span)
            if alone or gap > YEAR:
                mask = np.zeros(len(day), bool)
                mask[order[: at + 1] if early else order[at + 1 :]] = True
                result.append(Island(mask, gap, early, apart or gap > FOREVER))
    return result
