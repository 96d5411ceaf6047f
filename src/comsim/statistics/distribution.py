"""The distance between two distributions, with equal weights for the groups of the samples.

SciPy's `ks_2samp` has no weights. The interval is the basic bootstrap interval (Davison and Hinkley
1997, Bootstrap Methods and their Application, section 5.2), because resampling moves two samples
apart: the distance between bootstrap samples exceeds that between the samples, just as the latter
exceeds the true distance. The choice is based on artificial data: 46 values in groups of 25, 10, 6
and 5, compared with twice as many. For two equal distributions, the upper end was at most 0.35 in
87 % of cases (percentile interval: 33 %). At true distances of 0.2, 0.3 and 0.4, it was at most
0.35 in 42, 9 and 0 % of cases, and the intervals contained the true distance in 78 to 84 %
(percentile interval: 67 to 69 %).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from comsim.statistics import resampling
from comsim.statistics.intervals import Interval

SEEDS = 1, 2  # of the bootstrap of both samples


class Sample(NamedTuple):
    """Values and their groups (whole numbers from 0), both of shape (n,)."""

    values: np.ndarray
    groups: np.ndarray


def distance(a: Sample, b: Sample, resamples: int = resampling.RESAMPLES) -> Interval:
    """The Kolmogorov-Smirnov distance between two samples, with its basic bootstrap interval
    (nominally 95 %).

    All groups that occur in both samples have equal weight, as do the values within a group.
    Missing values (NaN) are omitted. The result is NaN if no group is left. The interval contains
    the distance and lies within 0 to 1.
    """
    a, b = known(a), known(b)
    shared = np.intersect1d(a.groups, b.groups)
    if not len(shared):
        return Interval(np.nan, np.nan, np.nan)
    a, b = (Sample(*(x[np.isin(one.groups, shared)] for x in one)) for one in (a, b))
    values = np.concatenate([a.values, b.values])
    once = [np.ones((1, len(one.values))) for one in (a, b)]
    value = float(_distance(values, weights(a, once[0]), weights(b, once[1]))[0])
    drawn = [weights(one, redrawn(one, s, resamples)) for one, s in zip((a, b), SEEDS, strict=True)]
    low, high = map(float, resampling.interval(_distance(values, *drawn)))
    return Interval(value, max(2 * value - high, 0.0), min(max(2 * value - low, value), 1.0))


def median(sample: Sample) -> float:
    """The smallest value with at least half of the weight at or below it; NaN without values."""
    sample = known(sample)
    if not len(sample.values):
        return np.nan
    order = np.argsort(sample.values)
    below = np.cumsum(weights(sample, np.ones((1, len(order))))[0, order])
    return float(sample.values[order][np.searchsorted(below, 0.5 - 1e-9)])


def known(sample: Sample) -> Sample:
    """The sample without missing values."""
    there = np.isfinite(sample.values)
    return Sample(sample.values[there], sample.groups[there])


def redrawn(sample: Sample, seed: int, resamples: int) -> np.ndarray:
    """How often each value is drawn in bootstrap samples that keep the size of each group,
    (resamples, n)."""
    times = np.empty((resamples, len(sample.values)))
    for group in np.unique(sample.groups):
        here = sample.groups == group
        times[:, here] = resampling.counts(int(here.sum()), seed + 2 * int(group), 1, resamples)
    return times


def weights(sample: Sample, times: np.ndarray) -> np.ndarray:
    """The weight of each value in each bootstrap sample, (resamples, n). All groups have equal
    total weight, and the weights of a sample add up to 1."""
    groups, group = np.unique(sample.groups, return_inverse=True)
    size = np.stack([times[:, group == g].sum(axis=1) for g in range(len(groups))], axis=1)
    return times / size[:, group] / len(groups)


def _distance(values: np.ndarray, of_a: np.ndarray, of_b: np.ndarray) -> np.ndarray:
    """The largest difference between two weighted distribution functions, (resamples,). `values`
    are those of a, followed by those of b; weights are (resamples, values)."""
    order = np.argsort(values, kind="stable")
    steps = np.concatenate([of_a, -of_b], axis=1)[:, order]
    apart = np.append(np.diff(values[order]) > 0, True)  # the functions step once at equal values
    return np.abs(np.cumsum(steps, axis=1)[:, apart]).max(axis=1)
