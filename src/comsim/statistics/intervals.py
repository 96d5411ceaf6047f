"""Intervals, shares of variance and numbers of worlds, for paired runs nested in draws.

Throughout, values come as an array (draws, lucks, ...): worlds that share a draw of the parameters
lie in one row. Luck within a draw is no independent witness of what is unknown about parameters,
so all intervals are built from the means of draws.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special, stats

LEVEL = 0.95
FAMILY_ERROR = 0.05  # of a whole list of correlations
FEWEST_CLEAR = 10  # draws, the least from which a correlation is called clear
SEVERAL = 3  # draws, the least with a skewness
MOST_WORLDS = 10**7


class Interval(NamedTuple):
    """An estimate and its 95 % interval; NaN where there is none."""

    value: np.ndarray | float
    low: np.ndarray | float
    high: np.ndarray | float


def mean(values: np.ndarray) -> Interval:
    """The mean over worlds, with Student's t on the means of draws: (draws, lucks, ...) -> (...).

    Draws in which it does not exist (NaN) are left out; NaN where it exists in none.
    With 10 draws it holds 90 to 98 % of the time for means of levels
    (`comsim.evidence.calibration`).
    """
    n, centre, error = _moments(values.mean(axis=1, dtype=np.float64))
    half = _t(n) * error
    return Interval(centre, centre - half, centre + half)


def skewed_mean(values: np.ndarray) -> Interval:
    """The mean over worlds of something that is zero in many worlds, or has a long tail; values
    are (draws, lucks).

    Student's t misses too often there. Hall (1992, JRSS B 54:221-228) bends t by the skewness of
    the means of draws; where most of them are exactly zero, no interval would hold, and there is
    none (NaN).
    """
    middle = values.mean(axis=1, dtype=np.float64)
    n = len(middle)
    centre, error = float(middle.mean()), float(_error(middle))
    if np.count_nonzero(middle) < n / 2:
        return Interval(centre, np.nan, np.nan)
    if error == 0.0 or n < SEVERAL:
        return mean(values)
    bend = float(stats.skew(middle, bias=False)) / np.sqrt(n) / 3
    ends = np.array([_t(n), -_t(n)])
    if bend:
        ends = (np.cbrt(1 + 3 * bend * (ends - bend / 2)) - 1) / bend
    low, high = centre - ends * error
    return Interval(centre, float(low), float(high))


def relative(a: np.ndarray, b: np.ndarray) -> Interval:
    """mean(b) / mean(a) - 1, of means above 0, by the linearised estimator of the logarithm of a
    ratio (Cochran 1977, section 6.5)."""
    if not (a.mean() > 0 and b.mean() > 0):
        return Interval(np.nan, np.nan, np.nan)
    ratio = b.mean() / a.mean()
    half = np.exp(_t(len(a)) * float(_error(linearised(a, b).mean(axis=1))))
    return Interval(ratio - 1, ratio / half - 1, ratio * half - 1)


def linearised(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """What each world adds to log(mean(b) / mean(a)), to the first order."""
    return b / b.mean() - a / a.mean()


def share(values: np.ndarray) -> Interval:
    """The share of worlds, of values 0, 1/2 or 1, (draws, lucks, ...) -> (...).

    Wilson's score interval with as many worlds as the spread of draw means says they are worth
    (from the number of draws, if worlds of a draw are always alike, to the number of worlds).
    Draws with NaN are left out.
    """
    draws, p, error = _moments(values.mean(axis=1, dtype=np.float64))
    worlds, variance = draws * values.shape[1], error**2
    spread = p * (1 - p)
    with np.errstate(invalid="ignore", divide="ignore"):
        n = np.clip(np.where(variance > 0, spread / variance, draws), draws, worlds)
    z = special.ndtri((1 + LEVEL) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(spread / n + z * z / (4 * n * n))
    # Rounding must not leave out what was always, or never, seen.
    low, high = np.minimum(centre - half, p), np.maximum(centre + half, p)
    return Interval(p, np.clip(low, 0, 1), np.clip(high, 0, 1))


class Parts(NamedTuple):
    """Shares of a variance that add up to 1; NaN where nothing varies."""

    luck: float
    parameters: float
    policy: float


def parts(a: np.ndarray, b: np.ndarray) -> Parts:
    """What makes an outcome vary over worlds and two policies; a and b are (draws, lucks).

    A nested analysis of variance with random effects (Searle, Casella and McCulloch 1992,
    chapter 3), policies crossed with draws, and lucks within draws:

        y[policy, draw, luck] = mean + policy + draw + policy x draw + luck + policy x luck

    luck        the mean of both policies' variances within draws, s2_within
    parameters  the mean of both policies' (variance of draw means - s2_within / lucks)
    policy      (mean difference squared - its sampling variance) / 4: the variance between
                two equally frequent policies

    Negative estimates are taken as zero. An effect of the policy that depends on the draw, or
    on luck, counts for the draw, or luck.
    """
    within = np.mean([_components(x)[0] for x in (a, b)])
    between = np.mean([_components(x)[1] for x in (a, b)])
    difference = (b - a).mean(axis=1)
    policy = max(difference.mean() ** 2 - float(_error(difference)) ** 2, 0.0) / 4
    whole = within + between + policy
    return Parts(*(part / whole if whole else np.nan for part in (within, between, policy)))


def share_of_draws(difference: np.ndarray) -> Interval:
    """Of the variance of a difference (draws, lucks), the share between draws; NaN without any.

    The interval of an intraclass correlation from the F of a nested analysis of variance (Searle,
    Casella and McCulloch 1992, section 3.6); none without pairs of lucks.
    """
    within, between = _components(difference)
    draws, lucks = difference.shape
    if within + between == 0.0 or lucks == 1:
        return Interval(0.0 if within else np.nan, np.nan, np.nan)
    value = between / (within + between)
    if within == 0.0:
        return Interval(value, value, value)
    ratio = lucks * difference.mean(axis=1).var(ddof=1) / within
    freedom = draws - 1, draws * (lucks - 1)
    edges = ratio / stats.f.ppf([(1 + LEVEL) / 2, (1 - LEVEL) / 2], *freedom)
    low, high = np.maximum((edges - 1) / (edges + lucks - 1), 0.0)
    return Interval(value, float(low), float(high))


def _components(values: np.ndarray) -> tuple[float, float]:
    """Variances of lucks within draws, and of draws, 0 or above; without pairs all is luck."""
    if values.shape[1] == 1:
        return float(values.var(ddof=1)), 0.0
    within = float(values.var(axis=1, ddof=1).mean())
    means = float(values.mean(axis=1).var(ddof=1))
    return within, max(means - within / values.shape[1], 0.0)


def pairing(a: np.ndarray, b: np.ndarray) -> float:
    """(var a + var b) / var(b - a): how much independent worlds would add to the variance of the
    difference. Infinite where pairing leaves none, NaN where there was none."""
    apart, together = a.var(ddof=1) + b.var(ddof=1), (b - a).var(ddof=1)
    if together == 0.0:
        return np.inf if apart else np.nan
    return float(apart / together)


def worlds_for(difference: np.ndarray, half: float) -> float:
    """Worlds for half an interval (`mean`) of at most `half`, if draws vary as these do."""
    lucks = difference.shape[1]
    spread = difference.mean(axis=1).std(ddof=1)
    if not half > 0:
        return np.nan
    few, many = 2, MOST_WORLDS // lucks
    if _t(many) * spread / np.sqrt(many) > half:
        return np.inf
    while few < many:
        n = (few + many) // 2
        few, many = (few, n) if _t(n) * spread / np.sqrt(n) <= half else (n + 1, many)
    return float(few * lucks)


class Correlations(NamedTuple):
    """Rank correlations with their 95 % intervals, and which of them are clear of zero even
    though many were looked at."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    clear: np.ndarray


def correlations(outcome: np.ndarray, causes: np.ndarray) -> Correlations:
    """Spearman's correlation of an outcome (draws) with each column of causes (draws, causes).

    Intervals by Fisher's z with the variance (1 + r^2/2) / (n - 3) (Bonett and Wright 2000,
    Psychometrika 65:23-28), where -1 and 1 count as half way to the next value that ranks can
    give. `clear` is Bonferroni's: an error anywhere in the list is rarer than 1 in 20. With fewer
    than 10 draws ranks are too coarse for that, and nothing is clear. Zero, and unclear, for an
    outcome that is the same in all draws.
    """
    n, many = causes.shape
    if n <= 3 or np.ptp(outcome) == 0.0:
        nothing = np.zeros(many)
        return Correlations(nothing, nothing - 1, nothing + 1, nothing > 0)
    ranks = stats.rankdata(np.column_stack([outcome, causes]), axis=0)
    ranks -= ranks.mean(axis=0)
    with np.errstate(invalid="ignore"):
        r = ranks[:, 0] @ ranks[:, 1:] / np.sqrt((ranks**2).sum(axis=0)[0] * (ranks**2).sum(0)[1:])
    r = np.clip(np.nan_to_num(r), -1.0, 1.0)
    most = 1 - 6 / (n * (n * n - 1))
    inner = np.clip(r, -most, most)
    z, error = np.arctanh(inner), np.sqrt((1 + r * r / 2) / (n - 3))
    half = special.ndtri((1 + LEVEL) / 2) * error
    strict = special.ndtri(1 - FAMILY_ERROR / 2 / many) * error
    low, high = np.minimum(np.tanh(z - half), r), np.maximum(np.tanh(z + half), r)
    return Correlations(r, low, high, (np.abs(z) > strict) & (n >= FEWEST_CLEAR))


def standard_error(values: np.ndarray) -> float:
    """Standard error of the mean over worlds, from the means of draws; values (draws, lucks)."""
    return float(_error(values.mean(axis=1, dtype=np.float64)))


def _error(middle: np.ndarray) -> np.ndarray:
    """Standard error of the mean over draws."""
    return middle.std(axis=0, ddof=1) / np.sqrt(len(middle))


def _moments(middle: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many draws have a value, their mean, and its standard error: (draws, ...) -> (...)."""
    known = np.isfinite(middle)
    n = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = np.where(known, middle, 0.0).sum(axis=0) / n
        squares = np.where(known, (middle - centre) ** 2, 0.0).sum(axis=0)
        return n, centre, np.sqrt(squares / (n - 1) / n)


def _t(n: np.ndarray | int) -> np.ndarray:
    return special.stdtrit(np.asarray(n, float) - 1, (1 + LEVEL) / 2)
