"""Measures of decisions under uncertainty."""

from __future__ import annotations

import numpy as np


def tail_mean(values: np.ndarray, weights: np.ndarray, tail: float) -> np.ndarray:
    """The mean of the lowest values that make up a share `tail` of the weight: conditional value at
    risk (Rockafellar and Uryasev 2000, Journal of Risk 2:21-41), in which the last value counts
    with a fraction of its weight. Weights (resamples, values) sum to 1 in each row."""
    order = np.argsort(values, kind="stable")
    ordered = weights[:, order]
    before = np.cumsum(ordered, axis=1) - ordered
    return np.clip(tail - before, 0, ordered) @ values[order] / tail


def pareto_front(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Which options are not dominated: no other option is better in one criterion without being
    worse in the other. More is better in both."""
    return np.array([
        not ((one >= a) & (other >= b) & ((one > a) | (other > b))).any()
        for a, b in zip(one, other, strict=True)
    ])  # fmt: skip
