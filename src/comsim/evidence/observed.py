"""The simulated population as each type of source records it, with the columns of `real.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.threads import in_threads
from comsim.evidence import real
from comsim.evidence.population import Community, population
from comsim.measure.observation import authors_in, counts_in, source
from comsim.measure.shape import DAYS, features
from comsim.model.periods import MONTH
from comsim.run.simulation import live
from comsim.scenario.worlds import drawn, uncertain
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress, morning_with

if TYPE_CHECKING:
    import pandas as pd

SOURCES = ("git", "mail", "chat", "stack exchange", "ratings")
COLUMNS = ("authors", *real.FEATURES, "joiners", *real.MONTHS)


def observed(
    number: int,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """One row for each community of the population and each type of source that records enough of
    it. The columns are `source`, `world` (its number), `launch`, and those of `real.csv` up to
    `f5_m3_of_m1`.

    Results do not depend on `jobs` (default: the number of processors). overrides: as in
    `population`.
    """
    import pandas as pd

    communities = population(number, seed, overrides)
    found = in_threads(lambda one: rows(one, seed), communities, jobs, progress)
    columns = ["source", "world", "launch", *COLUMNS]
    return pd.DataFrame([row for some in found for row in some], columns=columns)


def rows(community: Community, seed: int) -> list[dict[str, Any]]:
    """The rows of a community."""
    values = drawn(uncertain(community.scenario), seed, community.world.draw)
    about = {"world": community.world.number, "launch": community.launch}
    found = recorded(Policy.of(community.scenario), values, community.world.seed)
    return [about | one for one in found]


def recorded(policy: Policy, values: dict[str, float], seed: int) -> list[dict[str, Any]]:
    """What each type of source records of a community with these parameters and traits, if it is
    enough. Posts are tallied once for sources that record the same posts."""
    shares = np.array([source(name).shares for name in SOURCES])
    distinct, layers = np.unique(shares, axis=0, return_inverse=True)
    world, _ = morning_with(policy, values, seed, distinct)
    live(world, 0, policy.scenario.days, threads=1)
    found = [measured(world, layer) for layer in range(len(distinct))]
    return [
        {"source": name} | found[layer]
        for name, layer in zip(SOURCES, layers.ravel(), strict=True)
        if found[layer]
    ]


def measured(world: Any, layer: int) -> dict[str, float]:
    """The measures of `comsim.evidence.real`, from the tally of a world; empty if the source
    records too little."""
    counts, authors = counts_in(world, layer), authors_in(world, layer)
    seen = (features(counts) if counts else None) or {}
    days = DAYS if counts else int(authors["last"].max(initial=-1)) + 1
    first, posted = authors["first"], authors["months"]

    def share(month: int) -> float:
        watched = first + MONTH * (month + 1) <= days
        return float((posted[watched] >> month & 1).mean())

    again = real.months(first, days, share)
    return seen | again if seen or np.isfinite(again["joiners"]) else {}
