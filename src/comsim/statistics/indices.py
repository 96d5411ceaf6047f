"""Sensitivity indices: Sobol' indices, by SALib, and Morris' elementary effects.

Sobol's first-order index is the share of the variance that disappears if a factor is known. The
total index is the share that remains if all others are known (Sobol 2001, Mathematics and Computers
in Simulation 55:271-280). SALib centres the outcome. It uses the first-order estimator of Saltelli
and others (2010, Computer Physics Communications 181:259-270, table 2 b) and the total one of
Jansen (1999, Computer Physics Communications 117:35-43), which have the least variance for our
designs.

Estimates may lie outside the bounds of the indices: 0 <= first <= total <= 1, and first-order
indices sum to at most 1. `within_bounds` gives the nearest values within them: a first-order
estimate above the total one is pooled with it by precision (isotonic regression; Robertson, Wright
and Dykstra 1988, Order Restricted Statistical Inference).

Morris' mu* is the mean absolute change as one factor moves over its range, linearly scaled. Sigma
is the standard deviation of this change over the places at which it is measured (Morris 1991,
Technometrics 33:161-174; Campolongo, Cariboni and Saltelli 2007, Environmental Modelling & Software
22:1509-1518).
"""

from __future__ import annotations

import numpy as np

from comsim.statistics.intervals import LEVEL

RESAMPLES, FEWEST_RESAMPLES = 1000, 100
ROOM = 4_000_000  # numbers that SALib may resample at once, 32 MB in each of its arrays


def sobol_indices(
    outputs: np.ndarray, factors: int, second_order: bool, seed: int
) -> dict[str, np.ndarray]:
    """SALib's estimates S1, ST (and S2), with half-widths of their 95 % intervals (S1_conf, ...),
    from the outputs of the blocks of Saltelli's design: (blocks, points of a block)."""
    from SALib.analyze import sobol

    names = [f"x{n}" for n in range(factors)]
    return sobol.analyze(
        {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors},
        outputs.ravel(), calc_second_order=second_order,
        num_resamples=max(min(ROOM // len(outputs), RESAMPLES), FEWEST_RESAMPLES),
        conf_level=LEVEL, seed=seed,
    )  # fmt: skip


def within_bounds(
    first: np.ndarray, first_half: np.ndarray, total: np.ndarray, total_half: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First-order and total indices (d) from estimates and the half-widths of their intervals: the
    nearest values with 0 <= first <= total <= 1 whose first-order indices sum to at most 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = total_half**2 / (first_half**2 + total_half**2)  # of the precision
    crossed, share = first > total, np.where(np.isfinite(share), share, 0.5)
    pooled = share * first + (1 - share) * total
    first, total = (np.clip(np.where(crossed, pooled, x), 0.0, 1.0) for x in (first, total))
    return first / max(first.sum(), 1.0), total


def elementary_effects(moves: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Elementary effects (trajectories, d), from the outputs (trajectories, d + 1) and the moves:
    how far each step moves each factor, as a share of its range (trajectories, d, d). The effect is
    zero if rounding left a factor unchanged.

    These are the moves after rounding to choices and whole numbers, not those of the design.
    """
    change = np.broadcast_to(np.diff(outputs, axis=1)[:, :, None], moves.shape)
    return np.divide(change, moves, out=np.zeros(moves.shape), where=moves != 0).sum(axis=1)


def interval_of_sd(effects: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % interval of each column's standard deviation, by the percentile bootstrap over
    rows."""
    from scipy.stats import bootstrap

    ends = bootstrap(
        (effects,), lambda x, axis: np.std(x, axis=axis, ddof=1), axis=0, rng=seed + 1,
        n_resamples=RESAMPLES, confidence_level=LEVEL, method="percentile", batch=50,
    ).confidence_interval  # fmt: skip
    return ends.low, ends.high
