"""Adoption: how far newcomers bring further newcomers, from a Bass curve fitted to weekly
joiners."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from comsim.measure.metrics.activity import joined
from comsim.measure.metrics.facts import counts
from comsim.model.periods import WEEK

if TYPE_CHECKING:
    import pandas as pd

STARTS = [(p, q) for p in (1e-3, 1e-2, 1e-1) for q in (1e-2, 0.1, 0.5)]
NONE = 1e-6  # a week; a rate below it is none
HIGHEST = 5.0  # a week; at this rate everybody joins within days
MARKET = (0.01, 100.0)  # times those who joined; room for a curve that is not over yet


class Bass(NamedTuple):
    """A Bass curve: rates per week, and the share of the variance of weekly joiners explained."""

    p: float
    """Rate of joining independently of members (innovation)."""
    q: float
    """Rate of joining because of members (imitation)."""
    market: float
    """People who will ever join."""
    r_squared: float

    @property
    def imitation(self) -> float:
        """q/p: above 1, weekly joiners rise to a peak first; below 1, they only fall."""
        return self.q / self.p


@counts(
    population="members who joined",
    window="the whole weeks from day 0 on",
    censoring="the days after the last whole week are left out",
    unit="members",
    source="common usage",
)
def weekly_joiners(events: pd.DataFrame) -> np.ndarray:
    """New members per week."""
    days = joined(events)
    weeks = len(days) // WEEK
    return days[: weeks * WEEK].reshape(weeks, WEEK).sum(axis=1)


def bass(joiners: np.ndarray) -> Bass | None:
    """The Bass curve (1969, Management Science 15:215-227) with the best fit to weekly joiners.

    Least squares on the weekly increments of the curve (Srinivasan and Mason 1986, Marketing
    Science 5:169-178), from several starting points. None for fewer than 8 weeks, or if nobody
    joined.
    """
    from scipy.optimize import least_squares

    joiners = np.asarray(joiners, float)
    total, weeks = joiners.sum(), np.arange(len(joiners) + 1)
    if len(joiners) < 8 or total == 0:
        return None

    def misses(x: np.ndarray) -> np.ndarray:
        return x[2] * np.diff(share_joined(x[0], x[1], weeks)) - joiners / total

    bounds = [1e-9, 0.0, MARKET[0]], [HIGHEST, HIGHEST, MARKET[1]]
    fits = [least_squares(misses, [p, q, 1.0], bounds=bounds) for p, q in STARTS]
    best = min(fits, key=lambda fit: fit.cost)
    p, q, market = best.x
    spread = ((joiners / total - 1 / len(joiners)) ** 2).sum()
    r_squared = 1 - 2 * best.cost / spread if spread else 0.0
    return Bass(float(p), float(q) if q > NONE else 0.0, float(market * total), r_squared)


def share_joined(p: float, q: float, week: np.ndarray) -> np.ndarray:
    """The share of the market that has joined by the end of a week."""
    left = np.exp(-(p + q) * week)
    return (1 - left) / (1 + q / p * left)
