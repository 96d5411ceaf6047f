"""Which policy is better where: the split of the futures that matters most for the choice.

A tree with a single split (Breiman, Friedman, Olshen and Stone 1984). The criterion is the expected
value of information: the gain from choosing the best policy on each side instead of one policy
(Raiffa and Schlaifer 1961).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from comsim.statistics import resampling
from comsim.studies.analysis.futures import Futures, resampled
from comsim.studies.analysis.phrasing import amount, between, setting, upper

if TYPE_CHECKING:
    from comsim.studies.analysis.swept import Swept

LEAST = 0.1  # share of the uncertain points on the smaller side


@dataclass(frozen=True)
class Split:
    """Two sides of an uncertain factor, the better policy on each, and the value of knowing the
    side."""

    factor: str
    policies: tuple[str, str]
    worth: tuple[float, float, float]
    words: str


def best_split(futures: Futures, swept: Swept, unit: str) -> Split | None:
    """The most valuable split. None unless a different policy is clearly better on each side (by 95
    % bootstrap intervals of the difference)."""
    points = np.nonzero(futures.complete)[0]  # of each complete future
    values = futures.values.transpose(0, 2, 1)[futures.complete]
    whole = values.mean(axis=0).max()
    best, chosen_split = 0.0, None
    for factor, side, words in _sides(futures, swept):
        here = side[points]
        share = here.mean()
        if not LEAST <= share <= 1 - LEAST:
            continue
        means = [values[part].mean(axis=0) for part in (here, ~here)]
        worth = share * means[0].max() + (1 - share) * means[1].max() - whole
        chosen = [int(mean.argmax()) for mean in means]
        if worth > best and chosen[0] != chosen[1]:
            best, chosen_split = worth, (factor, here, words, chosen)
    if chosen_split is None:
        return None
    factor, here, words, (a, b) = chosen_split

    def again(weights: np.ndarray) -> np.ndarray:
        lead = values[:, a] - values[:, b]
        sides = [weights[:, part] @ lead[part] / weights[:, part].sum(axis=1)
                 for part in (here, ~here)]  # fmt: skip
        share = weights / weights.sum(axis=1, keepdims=True)
        means = share @ np.where(here[:, None], values[:, [a]], values[:, [b]])
        return np.stack([*sides, means[:, 0] - (share @ values).max(axis=1)])

    with np.errstate(invalid="ignore"):
        leads = np.concatenate(resampled(futures, again), axis=1)
    ends = [resampling.interval(lead) for lead in leads]
    if not (ends[0][0] > 0 and ends[1][1] < 0):
        return None
    names = futures.names[a], futures.names[b]
    text = (
        f"{upper(names[0])} is better if {words[0]}, {names[1]} if {words[1]}; knowing this in "
        f"advance is worth {amount(best, unit)} {between(*ends[2], unit)}."
    )
    return Split(factor, names, (float(best), *ends[2]), text)


def _sides(futures: Futures, swept: Swept) -> Iterator[tuple[str, np.ndarray, tuple[str, str]]]:
    """Each split: its factor, the uncertain points on one side, and both sides in words."""
    for name in futures.uncertain:
        factor, column = swept.factor(name), futures.uncertain[name]
        if choices := swept.choices(factor):
            for value in choices:
                side = (column.astype(str) == value).to_numpy()
                yield name, side, (f'{factor.label} is "{value}"', "it is not")
            continue
        numbers = column.to_numpy(np.float64)
        values = np.unique(numbers)
        for low, high in pairwise(values):
            bounds = setting(factor, low), setting(factor, high)
            words = f"{factor.label} is {bounds[0]} or less", f"it is {bounds[1]} or more"
            yield name, numbers <= low, words
