"""Rank correlations of weighted samples."""

from __future__ import annotations

import numpy as np


def weighted_ranks(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The place of each sample among all: the weight below it and half of the weight of its ties,
    as a share; (samples,) each. With equal weights these are the mean ranks, up to scale."""
    _, place = np.unique(values, return_inverse=True)
    mass = np.bincount(place, weights / weights.sum())
    return (np.cumsum(mass) - mass / 2)[place]


def rank_correlations(outcome: np.ndarray, causes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Spearman's correlation of an outcome (samples,) with each column of causes (samples, causes):
    the weighted correlation of weighted ranks. NaN for what does not vary."""
    w = weights / weights.sum()
    columns = [weighted_ranks(values, w) for values in (outcome, *causes.T)]
    ranks = np.stack(columns, axis=1) - 0.5  # the weighted mean of such ranks
    squares = w @ ranks**2
    with np.errstate(invalid="ignore", divide="ignore"):
        return (w * ranks[:, 0]) @ ranks[:, 1:] / np.sqrt(squares[0] * squares[1:])
