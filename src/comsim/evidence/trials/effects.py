"""Effects from counts: the figures of each arm in two runs, and their difference in a unit."""

from __future__ import annotations

from math import isfinite, log

import numpy as np

from comsim.evidence.trials.spec import NEWCOMERS, Days, Subset, Trial
from comsim.evidence.trials.tally import Cohort, Tally, members_of
from comsim.studies.comparison.basis.lots import REST, WITHIN, pairs

Figure = np.ndarray
"""A figure of each arm, followed by that of everybody, float64 (arms + 1); NaN without people."""

Pair = tuple[float, float]


def cohort_of(trial: Trial) -> Cohort:
    """The people of a trial."""
    if trial.who == "newcomers":
        return Cohort(NEWCOMERS)
    since = trial.treatment.days[0]
    return Cohort(trial.joined, since) if trial.joined else members_of(since)


def figure(trial: Trial, tally: Tally, arms: int, days: Days, of: Subset | None) -> Figure:
    """The outcome of the people of a trial on some days: per head, as the share of people with it,
    or relative to another outcome."""
    cohort = cohort_of(trial)
    arm = tally.arms[cohort]
    chosen = np.ones(len(arm), bool) if of is None else subset(of, tally, cohort)
    done = tally.between(cohort, trial.outcome, days)
    base = tally.between(cohort, trial.per, days) if trial.per else np.ones(len(arm))
    above, below = (
        np.bincount(arm, np.where(chosen, values, 0), arms)
        for values in (done > 0 if trial.share else done, base)
    )
    above, below = (np.append(values, values.sum()) for values in (above, below))
    return np.divide(above, below, out=np.full(arms + 1, np.nan), where=below > 0)


def subset(of: Subset, tally: Tally, cohort: Cohort) -> np.ndarray:
    """Which members belong to a subset."""
    done = tally.between(cohort, of.outcome, of.days)
    if of.bottom:
        return done <= np.quantile(done, of.bottom, method="inverted_cdf")
    least = np.quantile(done, 1 - of.top, method="inverted_cdf") if of.top else of.least
    return done >= max(least, 1)


def by_lot(twin: Figure, treated: Figure, unit: str, price: float) -> tuple[float, float]:
    """The effect on the first arm, which got the levers, and on the rest.

    The arm is compared with the rest of the same run, relative to the same comparison in the twin,
    so that differences between the people of the arms cancel. The rest are compared with the same
    people in the twin.
    """
    arms = np.ones(len(treated) - 1)
    here = pairs(treated[:-1], twin[:-1], 0, arms)
    there = pairs(twin[:-1], twin[:-1], 0, arms)
    effect = change(there[WITHIN], here[WITHIN], unit, price)
    return effect, difference(*here[REST], unit, price)


def change(before: Pair, after: Pair, unit: str, price: float) -> float:
    """The change in the difference between the two figures of a pair. NaN for a change in percent
    if the first figure of a pair is 0."""
    (rest, arm), (rest_now, arm_now) = before, after
    if unit == "points":
        return 100 * float((arm_now - rest_now) - (arm - rest))
    if not (rest > 0 and rest_now > 0):
        return np.nan
    return _relative(arm_now / rest_now, arm / rest, unit, price)


def difference(before: float, after: float, unit: str, price: float = 1.0) -> float:
    """The difference between two figures in a unit: percent of the first, percentage points (of
    shares), or the elasticity if the price falls to the share `price` of its former value. NaN if
    the first is 0."""
    if unit == "points":
        return 100 * float(after - before)
    return _relative(after, before, unit, price)


def _relative(after: float, before: float, unit: str, price: float) -> float:
    if not before > 0 or (unit == "elasticity" and not after > 0):
        return np.nan
    ratio = float(after / before)
    return log(ratio) / log(price) if unit == "elasticity" else 100 * (ratio - 1)


def finite(value: float) -> float | None:
    """None for a figure that does not exist."""
    return value if isfinite(value) else None
