"""The share of stochastic variation in an outcome: a two-way analysis of variance.

All points run in the same worlds, so runs are crossed, points by worlds (random effects, without
replication; Searle, Casella and McCulloch 1992, chapter 4):

    y[point, world] = mean + point + world + point x world

    own     s2 of point x world = its mean square                   variation of single runs
    shared  s2 of worlds        = (mean square of worlds - own) / points   the same at all points
    points  s2 of points        = (mean square of points - own) / worlds   the factors
    share of stochastic variation = (own + shared) / (own + shared + points)

own + shared is the mean over points of the variance within a point. The estimates are unbiased;
negative ones count as zero. Sums of mean squares have the modified large-sample interval (Graybill
and Wang 1980, JASA 75:869-873), from which that of the logarithm of their ratio is derived (Zou and
Donner 2008, Statistics in Medicine 27:1693-1702).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special, stats

from comsim.statistics.intervals import LEVEL, Interval


class StochasticShare(NamedTuple):
    """The share of stochastic variation in the variance over all runs; NaN if unknown."""

    share: Interval
    shared: float
    """The part of it that is the same at all points."""
    kept: float
    """The share of stochastic variation that remains in the variance of points' means."""


def stochastic_share(values: np.ndarray, replications: int = 1) -> StochasticShare:
    """The share of stochastic variation in values (points, worlds) without NaN. `replications`
    consecutive worlds share a parameter sample; only samples are independent."""
    points, worlds = values.shape
    nothing = StochasticShare(Interval(np.nan, np.nan, np.nan), np.nan, np.nan)
    if points < 2 or worlds < 2:
        return nothing
    by_point, by_world = values.mean(axis=1), values.mean(axis=0)
    residuals = values - by_point[:, None] - by_world + values.mean()
    samples = max(worlds // replications, 2)
    freedom = np.array([points - 1, samples - 1, (points - 1) * (samples - 1)], np.float64)
    squares = np.array([
        worlds * by_point.var(ddof=1),
        points * by_world.var(ddof=1),
        (residuals**2).sum() / ((points - 1) * (worlds - 1)),
    ])  # fmt: skip
    of_points, of_worlds, own = squares
    within = np.array([0.0, of_worlds / points, own * (points - 1) / points])
    between = np.array([of_points / worlds, 0.0, -own / worlds])
    noise, signal = float(within.sum()), max(float(between.sum()), 0.0)
    if noise + signal <= 0:
        return nothing
    shared = max((of_worlds - own) / points, 0.0)
    ends = _ends(within, between, freedom)
    part = noise / (noise + signal)
    means, kept = float(by_point.var(ddof=1)), np.nan
    if means > 0 and worlds > replications:
        kept = min(error_of_means(values, replications)[0] / means, 1.0)
    return StochasticShare(
        Interval(part, min(ends[0], part), max(ends[1], part)),
        min(shared / (noise + signal), part),
        kept,
    )


def _ends(within: np.ndarray, between: np.ndarray, freedom: np.ndarray) -> tuple[float, float]:
    """The interval of the share, from the mean squares that add up to each variance."""
    noise, signal = _added(within, freedom), _added(between, freedom)
    if noise.value == 0:
        return 0.0, 0.0
    if noise.low <= 0 or signal.value <= 0:
        return float(max(noise.low, 0.0) / (max(noise.low, 0.0) + signal.high)), 1.0
    down = np.hypot(np.log(noise.value / noise.low), np.log(signal.high / signal.value))
    up = np.inf
    if signal.low > 0:
        up = np.hypot(np.log(noise.high / noise.value), np.log(signal.value / signal.low))
    odds = np.log(noise.value / signal.value)
    low, high = special.expit([odds - down, odds + up])
    return float(low), float(high)


def _added(squares: np.ndarray, freedom: np.ndarray) -> Interval:
    """A sum of independent mean squares, some of them with negative weights."""
    tails = [(1 + LEVEL) / 2, (1 - LEVEL) / 2]
    least, most = (freedom / stats.chi2.ppf(tail, freedom) * squares - squares for tail in tails)
    value = float(squares.sum())
    down, up = np.where(squares > 0, least, most), np.where(squares > 0, most, least)
    return Interval(value, value - np.sqrt((down**2).sum()), value + np.sqrt((up**2).sum()))


def error_of_means(values: np.ndarray, replications: int = 1) -> tuple[float, int]:
    """The error variance of a point's mean over worlds in contrasts between points, and its degrees
    of freedom. Values are (points, worlds); `replications` consecutive worlds share a parameter
    sample and count as one.

    A world that is better everywhere does not affect contrasts between points. The error is the
    interaction of points and samples (two-way analysis of variance without replication; Searle,
    Casella and McCulloch 1992, section 4.3), divided by the number of samples.
    """
    values = values.reshape(len(values), -1, replications).mean(axis=2)
    points, samples = values.shape
    residuals = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    freedom = (points - 1) * (samples - 1)
    return float((residuals**2).sum() / freedom / samples), freedom
