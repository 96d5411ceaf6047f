"""Arms of a comparison: a policy for a share of the members, and its outcomes for them and others.

An arm is compared with the same people in the same world without the policy, and with the other
people of the same community, as in an A/B test (`lots.pairs`). If members influence one another,
the two effects differ, and neither is the effect of the policy on everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from comsim.model.kernel.basics import LEFT, MUTED
from comsim.scenario import Scenario
from comsim.scenario.groups import cells_of
from comsim.studies.comparison.basis.lots import mixed
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import SINCE

ARM, REST = "arm", "rest"
WEEK = 7
NEW = 56  # days; as long as the longest proposed test (an assumption)


@dataclass(frozen=True)
class ArmOutcome:
    """A number about the people of an arm. Totals include people who never joined, so that the same
    people are counted under every policy."""

    name: str
    label: str
    unit: str
    meaning: str


ARM_OUTCOMES = (
    ArmOutcome("members", "members", "per 100 people", "members on the last evening"),
    ArmOutcome("wau", "weekly members", "per 100 people", "members who visited in the last 7 days"),
    ArmOutcome(
        "new_wau",
        "weekly newcomers",
        "per 100 people",
        f"members who joined in the last {NEW} days and visited in the last 7",
    ),
    ArmOutcome("visits", "days visited", "per 100 people", f"days visited, {SINCE}"),
    ArmOutcome("posts", "posts", "per 100 people", f"posts, {SINCE}"),
    ArmOutcome("interest", "interest", "0 to 1", "mean over the arm's members, last evening"),
    ArmOutcome("trust", "trust", "0 to 1", "mean over the arm's visitors of the last 7 days"),
    ArmOutcome("muted", "muted", "share", "of the arm's members, on the last evening"),
)


def arm_outcomes_of(world: Any, days: int) -> np.ndarray:
    """Outcomes of each arm of a run, float64 (arms, outcomes), as in ARM_OUTCOMES. Means over
    members are NaN for an arm without members."""
    rows, people = int(world.now["rows"][0]), _people(world) / 100
    mine, arms = world.m.own[:rows], len(people)
    arm, status = mine["arm"], world.m.status[:rows]
    here, lately = status != LEFT, mine["last_visit"] > days - 1 - WEEK

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(arm, values, arms)

    members = total(here)
    with np.errstate(invalid="ignore"):
        table = [
            members / people,
            total(lately) / people,
            total(lately & (mine["joined_day"] >= days - NEW)) / people,
            total(mine["visits"]) / people,
            total(mine["posts"]) / people,
            total(world.m.interest[:rows] * here) / members,
            total(mine["trust"] * lately) / total(lately),
            total(status == MUTED) / members,
        ]
    return np.stack(table, axis=1)


def arm_totals(world: Any) -> np.ndarray:
    """Days visited and posts of each arm so far, as in `arm_outcomes_of`; 0 for outcomes that are
    not sums over days."""
    totals = np.zeros((len(world.people.arm_bound), len(ARM_OUTCOMES)))
    rows, people = int(world.now["rows"][0]), _people(world) / 100
    for at, outcome in enumerate(ARM_OUTCOMES):
        if outcome.name in ("visits", "posts"):
            mine = world.m.own[:rows]
            totals[:, at] = np.bincount(mine["arm"], mine[outcome.name], len(people)) / people
    return totals


def _people(world: Any) -> np.ndarray:
    """The number of people of the market in each arm."""
    return np.diff(world.people.arm_bound, prepend=0.0) * world.people.size


def parted(scenarios: Sequence[Scenario], share: float) -> list[Scenario]:
    """The scenarios with a share of their people in the arm "arm", the others in "rest"."""
    arms = [{"name": ARM, "share": share}, {"name": REST, "share": 1 - share}]
    for scenario in scenarios:
        if len(scenario.arms) > 1:
            raise scenario.error("arms", "arms", "no arms, or leave out --share")
    return [scenario.again(scenario.to_dict() | {"arms": arms}) for scenario in scenarios]


def for_a_share(policies: Sequence[Policy], share: float) -> list[Policy]:
    """The first policy, then each other policy for the people of its arm only and for everybody.
    InputError if a policy can't be given to some members only."""
    first, *others = policies
    columns = [first]
    for other in others:
        name = f"{other.name}, for {100 * share:.3g} % of members"
        columns += [replace(other, name=name, plan=mixed(first, other, ARM)), other]
    return columns


def arms_alike(policy: Policy) -> bool:
    """Whether a policy treats the people of all arms in the same way."""
    plan = policy.plan
    arms = [cells_of(policy.scenario, f"arm:{name}") for name in plan.arm_names]

    def given(cells: np.ndarray) -> list[Any]:
        actions = plan.actions[np.isin(plan.actions["cell"], cells)]
        actions["cell"] = np.searchsorted(cells, actions["cell"])
        return [plan.lever_table[:, cells].tobytes(), sorted(actions.tolist())]

    return all(given(cells) == given(arms[0]) for cells in arms[1:])
