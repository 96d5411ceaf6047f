"""Whether an order of factors is more than chance: neighbours whose intervals overlap.

Half an interval shrinks with the root of the number of points. So two values a gap g apart, with
halves h and k, would be told apart with (h + k)^2 / g^2 times as many points, if they are as far
apart as they look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from comsim.studies.analysis.phrasing import listed

MOST = 64.0  # times as many points: more is told as alike


@dataclass(frozen=True)
class Order:
    """Factors in order of how much they matter, and how sure that order is."""

    alike: tuple[tuple[str, ...], ...]
    """Runs of factors that matter, of which each neighbour overlaps the next."""
    small: tuple[str, ...]
    """Factors that surely matter little, whatever their order."""
    times: float
    """As many times the points as would tell the first run apart; 1 where the order is clear."""


def order(names: Sequence[str], value: np.ndarray, half: np.ndarray, little: float = 0.0) -> Order:
    """How sure an order is. Factors whose interval ends below `little` are small, and are not
    asked to be told apart from one another."""
    ranks = np.argsort(-value, kind="stable")
    small = [at for at in ranks if value[at] + half[at] < little]
    alike, run, times = [], [], 1.0
    for one, other in pairwise(ranks):
        gap, reach = value[one] - value[other], half[one] + half[other]
        if gap > reach or {one, other} <= set(small):
            run = []
            continue
        if not run:
            run = [names[one]]
            alike.append(run)
        run.append(names[other])
        if len(alike) == 1:
            times = max(times, (reach / gap) ** 2 if gap > 0 else np.inf)
    return Order(tuple(map(tuple, alike)), tuple(names[at] for at in small), float(times))


def told(found: Order, points: int, what: str, power: bool = False) -> str:
    """What is not resolved, a sentence; empty where the order is clear. `points` is the number of
    points, or trajectories (`what`), that there are; with `power`, powers of two are wanted."""
    if not found.alike:
        return ""
    groups = "; ".join(listed(names) for names in found.alike)
    if found.times > MOST:
        more = f"more than {MOST:.0f} times as many {what} would be needed: take them as alike"
    else:
        wanted = points * found.times
        wanted = 2 ** np.ceil(np.log2(wanted)) if power else np.ceil(wanted / 10) * 10
        more = (
            f"about {wanted:,.0f} {what} would do (there are {points:,}), if they are as far apart "
            "as they look"
        )
    first = listed(found.alike[0])
    return f"The order is not resolved, intervals overlap: {groups}. To tell {first} apart, {more}."
