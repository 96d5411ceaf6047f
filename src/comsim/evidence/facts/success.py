"""F21: measures of success disagree.

These formulas (after Cunha et al. 2019) were written before anything was computed with them:

    growth     people who joined in two years
    retention  among members who joined at least 90 days before the end, the share who visited 90
               days after joining or later (elsewhere, retention refers to a single month)
    survival   days from day 0 to the last day on which WAU is at least a tenth of its maximum
    activity   posts per visit
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.stats import qmc, spearmanr

from comsim.evidence.world import FactWorld
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.declare import Parameter, Trait
from comsim.run.simulation import Run, simulate

NAMED = (
    "activity", "contribution", "forgetting", "interest_half", "learning", "adaptation",
    "reply_rate", "wear", "ad_annoyance", "habit_gain", "invitation_rate",
    "word_of_mouth",
)  # fmt: skip
POINTS, HALF = 500, 0.5  # each number from half to one and a half times its default
DESIGN = 1  # seed of the hypercube
MARKET = 5_000  # people
AFTER, ALIVE = 90, 0.1  # days; share of the highest WAU
METRICS = ("growth", "retention", "survival", "activity")


def agreement(world: FactWorld) -> dict[str, float | None]:
    """Rank correlations of each pair of metrics over this world's points of the Latin hypercube
    (with 20 worlds, every 20th point). None if a metric has the same value at all points."""
    values = np.array([successes(run) for run in _lives(world)])
    differ = np.ptp(values, axis=0) > 0
    return {
        f"{METRICS[a]}_{METRICS[b]}": (
            float(spearmanr(values[:, a], values[:, b]).statistic)
            if differ[a] and differ[b]
            else None
        )
        for a, b in combinations(range(len(METRICS)), 2)
    }


def successes(run: Run) -> list[float]:
    """Growth, retention, survival and activity of a community."""
    daily = run.world.daily
    wau, visits = daily["wau"], int(daily["dau"].sum())
    early = run.members[run.members["joined_day"] + AFTER < len(daily)]
    back = early["last_visit"] - early["joined_day"] >= AFTER
    alive = np.flatnonzero(wau >= ALIVE * wau.max())
    return [
        int(daily["joined"].sum()),
        float(back.mean()) if len(back) else 0.0,
        int(alive[-1]) + 1 if wau.max() else 0,
        int(daily["posts"].sum()) / visits if visits else 0.0,
    ]


def _lives(world: FactWorld):
    """The run of a community at each point, with its own random seed."""
    sample = 2 * HALF * qmc.LatinHypercube(len(NAMED), seed=DESIGN).random(POINTS) + (1 - HALF)
    for number, point in enumerate(sample[world.number :: world.of]):
        given = dict(zip(NAMED, point, strict=True))
        here = world.scenario(
            "launch",
            community={"market": MARKET},
            parameters={n: _near(PARAMETERS[n], x) for n, x in given.items() if n in PARAMETERS},
            segments=[
                {"name": "all", "share": 1}
                | {n: {"value": _near(TRAITS[n], x)} for n, x in given.items() if n in TRAITS}
            ],
        )
        yield simulate(here, world.seed + number, threads=1)


def _near(number: Parameter | Trait, factor: float) -> float:
    """A default multiplied by a factor, within its range."""
    return min(max(number.value * factor, number.low), number.high)
