"""Effects in percent, compared with matched members or with the same people in a twin."""

from __future__ import annotations

import numpy as np

from comsim.evidence.trials.effects import by_lot, difference, finite

EDGES = 1, 3, 6, 11, 21  # of days visited in 60 days, where members are matched by them


def against_matched(outcome: np.ndarray, treated: np.ndarray, *strata: np.ndarray) -> float | None:
    """By how many percent the mean outcome of the treated exceeds that of others in the same
    strata: the ratio of Mantel and Haenszel (1959, JNCI 22:719-748), in which a stratum of t
    treated and c others has the weight t c / (t + c).

    `outcome` (members), `treated` (members, bool), `strata`: whole numbers (members each); members
    are in one stratum if all of them agree. None if nothing can be compared.
    """
    _, stratum = np.unique(np.stack(strata), axis=1, return_inverse=True)
    size = np.bincount(stratum.ravel())
    sums = []
    for who in (treated, ~treated):
        others = size - np.bincount(stratum.ravel()[who], minlength=len(size))
        done = np.bincount(stratum.ravel()[who], outcome[who], len(size))
        sums.append(float((done * others / size).sum()))
    return percent(*sums)


def against_twin(outcome: np.ndarray, twin: np.ndarray, arm: np.ndarray) -> dict[str, float | None]:
    """The effect of a treatment on a random arm that gets it in one world but not in its twin.

    All by member: the outcome in the world, the outcome in its twin, and whether the member is in
    the arm. `effect` and `rest` in percent, as in `effects.by_lot`.
    """
    before, after = (
        np.array([values[arm].sum(), values[~arm].sum(), values.sum()], float)
        for values in (twin, outcome)
    )
    effect, rest = by_lot(before, after, "%", 1.0)
    return {"effect": finite(effect), "rest": finite(rest)}


def percent(value: float, base: float) -> float | None:
    """By how many percent a value exceeds a base; None if the base is 0."""
    return finite(difference(base, value, "%"))


def bins(values: np.ndarray, *edges: int) -> np.ndarray:
    """The number of edges that each value reaches."""
    return np.searchsorted(edges, values, side="right")
