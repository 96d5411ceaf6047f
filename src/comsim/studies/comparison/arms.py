"""Arms: a policy for a share of the members, and its effect on them and on the others.

Arms are assigned at random, keyed by the seed, and contain the same people under every policy. An
arm can therefore be compared with the same people in the same world without the policy ("same
people"), and with the other people of the same community, as in an A/B test ("within"). If members
influence one another, the two effects differ, and neither is the effect of the policy on everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from comsim.model.catalogue import LEVERS
from comsim.model.kernel.basics import LEFT, MUTED
from comsim.scenario import Plan, Scenario
from comsim.scenario.groups import cells_of
from comsim.studies.comparison.outcomes import SINCE
from comsim.studies.comparison.policies import Policy, dumped, own_parameters

ARM, REST = "arm", "rest"
SAME, WITHIN = "same people", "within"  # effects in the table of arms
WEEK = 7


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
    ArmOutcome("visits", "days visited", "per 100 people", f"days visited, {SINCE}"),
    ArmOutcome("posts", "posts", "per 100 people", f"posts, {SINCE}"),
    ArmOutcome("interest", "interest", "0 to 1", "mean over the arm's members, last evening"),
    ArmOutcome("trust", "trust", "0 to 1", "mean over the arm's members, last evening"),
    ArmOutcome("muted", "muted", "share", "of the arm's members, on the last evening"),
)


def arm_outcomes_of(world: Any, days: int) -> np.ndarray:
    """Outcomes of each arm of a run, float64 (arms, outcomes), as in ARM_OUTCOMES. Means over
    members are NaN for an arm without members."""
    rows, people = int(world.now["rows"][0]), _people(world) / 100
    mine, arms = world.m.own[:rows], len(people)
    arm, status = mine["arm"], world.m.status[:rows]
    here = status != LEFT

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(arm, values, arms)

    members = total(here)
    with np.errstate(invalid="ignore"):
        table = [
            members / people,
            total(mine["last_visit"] > days - 1 - WEEK) / people,
            total(mine["visits"]) / people,
            total(mine["posts"]) / people,
            total(world.m.interest[:rows] * here) / members,
            total(mine["trust"] * here) / members,
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
        columns += [Policy(name, other.scenario, _mixed(first, other)), other]
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


def _mixed(first: Policy, other: Policy) -> Plan:
    """The first policy's plan, with the other one's levers and rules in the arm's cells."""
    if differ := own_parameters(first.scenario, other.scenario):
        _refuse(other, f"parameters.{differ[0]}")
    if dumped(first.scenario, "shocks") != dumped(other.scenario, "shocks"):
        _refuse(other, "shocks")
    for at, lever in enumerate(LEVERS.values()):
        levels = [policy.plan.lever_table[:, :, at] for policy in (first, other)]
        if lever.scope == "community" and not np.array_equal(*levels):
            _refuse(other, f"policy.{lever.name}")
    cells = cells_of(first.scenario, f"arm:{ARM}")
    table = first.plan.lever_table.copy()
    table[:, cells] = other.plan.lever_table[:, cells]
    if dumped(first.scenario, "rules") == dumped(other.scenario, "rules"):
        return replace(first.plan, lever_table=table)
    for policy in (first, other):
        for number, rule in enumerate(policy.scenario.rules):
            if any(LEVERS[action.lever].scope == "community" for action in rule.do):
                _refuse(policy, f"rules[{number}]")
    # Rules read the whole community, and set levers for the people of their own policy.
    mine, theirs = first.plan, other.plan
    shift = np.int64(len(mine.rules))
    conditions, actions = theirs.conditions.copy(), theirs.actions.copy()
    conditions["rule"] += shift
    actions["rule"] += shift
    in_arm = [np.isin(table["cell"], cells) for table in (mine.actions, actions)]
    return replace(
        mine,
        lever_table=table,
        rules=np.concatenate([mine.rules, theirs.rules]),
        conditions=np.concatenate([mine.conditions, conditions]),
        actions=np.concatenate([mine.actions[~in_arm[0]], actions[in_arm[1]]]),
        rule_names=mine.rule_names + theirs.rule_names,
    )


def _refuse(policy: Policy, key: str) -> None:
    raise policy.scenario.error(
        key,
        "a difference from the first policy that concerns the whole community",
        "the same value: it can't be given to a share of the members",
    )
