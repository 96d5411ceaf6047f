"""The policies of a comparison: compiled scenarios with a common market and different names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from comsim.run.today import from_today
from comsim.scenario import Plan, Scenario, plan
from comsim.scenario.checks import shown
from comsim.studies.comparison.choices.costs import Costs

# What must be the same for all policies: the people, the start and the number of days.
MARKET = ("days", "start", "today", "community", "segments", "calendar")


@dataclass(frozen=True)
class Policy:
    """A compiled scenario. For a policy that is given to a share of the members only, the scenario
    is that policy's, and the plan mixes it with the first one's."""

    name: str
    scenario: Scenario
    plan: Plan
    costs: Costs | None = None
    """What it costs beyond the ledger (programmes only)."""

    def daily(self, world: Any) -> np.ndarray:
        """The records of the days of a run (DAY_RECORD), with all that the policy costs."""
        return world.daily if self.costs is None else self.costs.charged(world)

    @classmethod
    def of(cls, scenario: Scenario, name: str = "") -> Policy:
        """A scenario, compiled, under its own name or another one."""
        return cls(name or scenario.name, scenario, plan(scenario))


def policies_of(scenarios: Sequence[Scenario]) -> list[Policy]:
    """Compile scenarios with a common market.

    If one of them has arms, those without arms get the same ones, since being counted in an arm
    changes nobody's behaviour. Before `today`, all have the levers and shocks of the first.
    InputError, in one line, if markets or arms differ.
    """
    same_market(scenarios)
    parted = next((s for s in scenarios if len(s.arms) > 1), scenarios[0])
    scenarios = [s if len(s.arms) > 1 else with_arms(s, parted) for s in scenarios]
    for scenario in scenarios:
        _same(parted, scenario, "arms")
    first, *others = (
        Policy.of(scenario, name)
        for name, scenario in zip(names(scenarios), scenarios, strict=True)
    )
    past = first.scenario.past
    return [first, *(replace(x, plan=from_today(first.plan, x.plan, past)) for x in others)]


def same_market(scenarios: Sequence[Scenario]) -> None:
    """InputError, in one line, if scenarios differ in their market."""
    first, *others = scenarios
    for other in others:
        for key in MARKET:
            _same(first, other, key)


def with_arms(scenario: Scenario, parted: Scenario) -> Scenario:
    """The scenario with another one's arms, and the same treatment for all of them."""
    if len(parted.arms) == 1:
        return scenario
    return scenario.again(scenario.to_dict() | {"arms": dumped(parted, "arms")})


def names(scenarios: Sequence[Scenario]) -> list[str]:
    """Unique names: the scenarios' own, or those of their files, or with a letter added."""
    own = [scenario.name for scenario in scenarios]
    files = [Path(scenario.file).stem for scenario in scenarios]
    for candidate in (own, files):
        if len(set(candidate)) == len(candidate):
            return candidate
    return [f"{name} ({chr(ord('A') + at)})" for at, name in enumerate(own)]


def own_parameters(first: Scenario, other: Scenario) -> list[str]:
    """Names of the parameters that two scenarios set differently."""
    here, there = dumped(first, "parameters"), dumped(other, "parameters")
    set_once = first.parameters.model_fields_set ^ other.parameters.model_fields_set
    return [name for name in here if here[name] != there[name] or name in set_once]


def dumped(scenario: Scenario, key: str) -> Any:
    """A part of a scenario, with defaults filled in."""
    return scenario.model_dump(mode="json", by_alias=True)[key]


def _same(first: Scenario, other: Scenario, key: str) -> None:
    """InputError if a part of the market differs; it names the first key that does."""
    here, there = dumped(first, key), dumped(other, key)
    if here == there:
        return
    if isinstance(here, dict):
        name = next(name for name in here if here[name] != there[name])
        key, here, there = f"{key}.{name}", here[name], there[name]
    if isinstance(here, (dict, list)):
        raise other.error(key, "others", f"those of {first.file}: a comparison has one market")
    raise other.error(key, shown(there), f"{shown(here)}, as in {first.file}: one market for all")
