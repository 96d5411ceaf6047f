"""Whether a ranking is resolved: neighbours whose intervals overlap are not.

The half-width of an interval shrinks with the square root of the number of points. Two values with
a gap g and half-widths h and k would therefore be resolved with (h + k)^2 / g^2 times as many
points, if the gap is as wide as estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Ranking:
    """Names in order of a value, and how certain this order is."""

    tied: tuple[tuple[str, ...], ...]
    """Sequences in which the interval of each name overlaps that of the next."""
    small: tuple[str, ...]
    """Names whose value is certainly small, in whatever order."""
    times: float
    """The factor by which the points must increase to resolve the first tie; 1 without a tie."""


def ranking(
    names: Sequence[str], value: np.ndarray, half: np.ndarray, little: float = 0.0
) -> Ranking:
    """The ranking of values with half-widths of their intervals. Names whose interval ends below
    `little` are small, and need not be resolved from one another."""
    ranks = np.argsort(-value, kind="stable")
    small = [at for at in ranks if value[at] + half[at] < little]
    tied, run, times = [], [], 1.0
    for one, other in pairwise(ranks):
        gap, reach = value[one] - value[other], half[one] + half[other]
        if gap > reach or {one, other} <= set(small):
            run = []
            continue
        if not run:
            run = [names[one]]
            tied.append(run)
        run.append(names[other])
        if len(tied) == 1:
            times = max(times, (reach / gap) ** 2 if gap > 0 else np.inf)
    return Ranking(tuple(map(tuple, tied)), tuple(names[at] for at in small), float(times))
