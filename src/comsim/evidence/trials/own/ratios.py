"""Effects in percent: of members against matched ones, and against the same people in a twin."""

from __future__ import annotations

import numpy as np


def against_matched(
    outcome: np.ndarray, treated: np.ndarray, *strata: np.ndarray
) -> float | None:
    """By how many percent the mean outcome of the treated exceeds that of others in the same strata
    (direct standardisation: others are weighted as the treated are distributed).

    `outcome` (members), `treated` (members, bool), `strata`: whole numbers (members each); members
    are in one stratum if all of them agree. Strata without others are left out; None if nothing
    can be compared.
    """
    _, stratum = np.unique(np.stack(strata), axis=1, return_inverse=True)
    stratum = stratum.ravel()
    here, others = (np.bincount(stratum[who], minlength=stratum.max(initial=-1) + 1)
                    for who in (treated, ~treated))  # fmt: skip
    sums, theirs = (np.bincount(stratum[who], outcome[who], len(here)) for who in (treated, ~treated))
    both = (here > 0) & (others > 0)
    expected = float((here[both] * theirs[both] / others[both]).sum())
    return percent(float(sums[both].sum()), expected)


def against_twin(
    outcome: np.ndarray, twin: np.ndarray, arm: np.ndarray
) -> dict[str, float | None]:
    """The effect on an arm, drawn by lot, of what it got in one world and not in its twin.

    All by member: the outcome in the world, the outcome in its twin, and whether the member is in
    the arm. `effect`: the arm's ratio to its twin, against that of the rest; `rest`: the rest
    against its twin; in percent.
    """
    kept = [percent(float(outcome[who].sum()), float(twin[who].sum())) for who in (arm, ~arm)]
    if None in kept:
        return {"effect": None, "rest": kept[1]}
    return {"effect": percent(100 + kept[0], 100 + kept[1]), "rest": kept[1]}


def percent(value: float, base: float) -> float | None:
    """By how many percent a value exceeds a base; None if the base is 0."""
    return 100 * (value / base - 1) if base else None


def bins(values: np.ndarray, *edges: int) -> np.ndarray:
    """The number of edges that each value reaches."""
    return np.searchsorted(edges, values, side="right")
