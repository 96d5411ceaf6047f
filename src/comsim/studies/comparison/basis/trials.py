"""Simulate a randomised test of one lever inside the community that a comparison is about.

Under the first policy, a share of the people, drawn at random, get another value of the lever on
some days. The effect is relative: they are compared with the others, per head, and this comparison
with the same one in a twin community without the test
(`comsim.studies.comparison.basis.split.by_lot`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from comsim.model.catalogue import LEVERS
from comsim.scenario.groups import cells_of
from comsim.scenario.worlds import World
from comsim.studies.comparison.basis.arms import ARM
from comsim.studies.comparison.basis.split import by_lot, during, in_two_arms, look_at
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress

AGAIN, FEWEST_AGAIN = 1 / 5, 10  # share and least number of worlds simulated again (assumptions)


class Design(NamedTuple):
    """A randomised test."""

    lever: str
    value: float
    share: float
    """Of the people, drawn by lot."""
    first: int
    """The first day on which they have the value."""
    last: int

    @property
    def days(self) -> slice:
        """The days on which they have the value: all days of the test or, for an act such as an
        event, the first."""
        return slice(self.first, 1 + (self.first if LEVERS[self.lever].act else self.last))


def other_seeds(worlds: Sequence[World], number: int | None = None) -> list[World]:
    """The first worlds, with other random seeds; by default a fifth of all, but at least ten."""
    number = number or max(FEWEST_AGAIN, round(len(worlds) * AGAIN))
    return [world._replace(seed=world.seed ^ 1) for world in worlds[:number]]


def treated(twin: Policy, design: Design) -> Policy:
    """The policy of a community in two arms, with a test in the first arm."""
    table = twin.plan.lever_table.copy()
    cells, lever = cells_of(twin.scenario, f"arm:{ARM}"), list(LEVERS).index(design.lever)
    table[design.days, cells, lever] = design.value
    return replace(twin, plan=replace(twin.plan, lever_table=table))


def test_effects(
    policy: Policy,
    design: Design,
    worlds: Sequence[World],
    seed: int,
    lasts: Sequence[int] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """The effects of a test in each world, float64 (worlds, lasts, outcomes), as in ARM_OUTCOMES;
    NaN where an arm has nothing to compare. `policy` is that of the community, without arms.
    `lasts`: the days on whose evening results are read, ascending; by default the last of the test.
    """
    lasts = list(lasts) or [design.last]
    twin = in_two_arms(policy, design.share)
    looks = [*([design.first] if design.first else []), *(day + 1 for day in lasts)]
    before = 0 if design.first else -1  # the look on the morning of the test
    counts = look_at([twin, treated(twin, design)], worlds, seed, looks, jobs, progress)
    places = range(len(looks) - len(lasts), len(looks))
    return np.stack([_effect(counts, before, at) for at in places], axis=1)


def _effect(counts: np.ndarray, first: int, stop: int) -> np.ndarray:
    """Effects between two looks, (worlds, outcomes)."""
    there, here = (during(counts[p], first, stop).swapaxes(0, 1) for p in (0, 1))
    return by_lot(there, here)
