"""The runs of a community to test levers: without them, for a random half, and for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from comsim.evidence.trials.effects import Figure, cohort_of, figure
from comsim.evidence.trials.spec import Community, Days, Trial, communities, trials
from comsim.evidence.trials.tally import Cohort, live_and_count
from comsim.evidence.world import FactWorld
from comsim.run.simulation import first_morning
from comsim.scenario import Plan, Scenario, parameter_values
from comsim.studies.comparison.basis.lots import mixed
from comsim.studies.comparison.choices.policies import Policy

ARMS = [{"name": "lot", "share": 0.5}, {"name": "rest", "share": 0.5}]
# The column of the daily table for a counter of members, if it has another name.
COLUMN = {"visits": "dau", "replies_given": "replies", "recruits": "joined_invited",
          "reads": "items_members"}  # fmt: skip


class Which(NamedTuple):
    """The twin, or the run of a treatment for a random half of the people or for everybody."""

    treatment: str = ""
    by_lot: bool = False

    def shows(self, trial: Trial) -> bool:
        """Whether a trial needs the counts of members of this run."""
        mine = not self.treatment or self == (trial.treatment.name, trial.by_lot)
        return mine and trial.who != "community"


class Outcomes(NamedTuple):
    """The results of a run that are kept."""

    figures: Mapping[tuple[str, str], Figure]
    """By trial and name of the figure."""
    daily: Mapping[str, np.ndarray]
    """The columns of the daily table that are added up."""

    def total(self, trial: Trial, days: Days) -> float:
        """The community's total of a trial's outcome on days of the run, divided by that of `per`
        if it is given."""
        first, last = days
        above, below = (
            self.daily[COLUMN.get(name, name)][first : last + 1].sum() if name else 1.0
            for name in (trial.outcome, trial.per)
        )
        return float(above / below) if below else np.nan


def run(community: Community, which: Which, world: FactWorld) -> Outcomes:
    """The outcomes of a run of a community in a world; each run is made once."""
    return _run(community.name, which, world.key)


@lru_cache(maxsize=256)  # outcomes are small; a world has some 30 runs
def _run(name: str, which: Which, key: str) -> Outcomes:
    community, world = communities()[name], FactWorld.of_key(key)
    seed = world.seed
    mine = [trial for trial in trials().values() if trial.community.name == name]
    days = [1 + trial.span[1] for trial in mine if which.treatment in ("", trial.treatment.name)]
    compiled, scenario = _compiled(community, which, max(1 + one.span[1] for one in mine), world)
    shown = [trial for trial in mine if which.shows(trial)]
    wanted: dict[Cohort, list[Days]] = {}
    for trial in shown:
        wanted.setdefault(cohort_of(trial), []).extend(trial.windows)
    here = first_morning(scenario, compiled, parameter_values(scenario, seed), seed)
    tally = live_and_count(here, max(days), wanted)
    figures = {}
    for trial in shown:
        for name, window, of in trial.figures:
            figures[trial.id, name] = figure(trial, tally, len(ARMS), window, of)
    names = {COLUMN.get(name, name) for one in mine for name in (one.outcome, one.per) if name}
    return Outcomes(figures, {name: _column(here, name)[: max(days)] for name in names})


def _column(world: Any, name: str) -> np.ndarray:
    """A column of the daily table; `shown` is the number of posts that were not removed."""
    if name == "shown":
        return world.daily["posts"] - world.daily["removed"]
    return world.daily[name].copy()


def _compiled(
    community: Community, which: Which, days: int, world: FactWorld
) -> tuple[Plan, Scenario]:
    """The compiled plan of a run, and its scenario."""
    changes: dict[str, Any] = deepcopy(community.changes) | {"days": days, "arms": ARMS}
    twin = Policy.of(world.scenario(community.scenario, **changes))
    if not which.treatment:
        return twin.plan, twin.scenario
    treatment = community.treatments[which.treatment]
    policy = changes.setdefault("policy", {})
    for name, level in treatment.levers.items():
        policy[name] = _for_days(twin.scenario, name, level, treatment.days)
    for key, value in treatment.instead.items():
        changes[key] = changes.get(key, {}) | value
    treated = Policy.of(world.scenario(community.scenario, **changes))
    plan = mixed(twin, treated, ARMS[0]["name"]) if which.by_lot else treated.plan
    return plan, treated.scenario


def _for_days(scenario: Scenario, name: str, level: float, days: Days) -> dict[str, Any]:
    """The schedule of a lever, with another level on some days."""
    given = getattr(scenario.policy, name)
    schedule = given.model_dump(mode="json", by_alias=True, exclude_unset=True)
    part = {"from": days[0], "to": days[1], "value": level}
    return schedule | {"during": [*schedule.get("during", ()), part]}
