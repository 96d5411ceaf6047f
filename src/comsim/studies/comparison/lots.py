"""Experiments by lot inside one community: who gets which policy, and what is compared with what.

Arms are assigned at random, keyed by the seed, and contain the same people in every run of a world.
The same arms therefore stand in two runs: the treated one, in which each arm has a policy of its
own, and its twin, in which nobody has one. `pairs` says what is compared with what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from comsim.model.catalogue import LEVERS
from comsim.scenario import Plan
from comsim.scenario.groups import cells_of
from comsim.studies.comparison.policies import Policy, dumped, own_parameters

SAME, WITHIN, REST = "same people", "within", "rest"


def pairs(
    treated: np.ndarray, twin: np.ndarray, arm: int, weights: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The figures (without the policy, with it) that each effect of an arm's policy compares.

    `treated` and `twin` are (arms, ...): a figure of each arm in the two runs. `weights` (arms)
    say how much each other arm counts in the rest.

    - "same people": the arm in the twin, and in the treated run
    - "within": the rest and the arm in the treated run, as in an A/B test
    - "rest": the rest in the twin and in the treated run, which is what spills over to them

    On the whole, when everybody gets the policy, "same people" is the effect on any arm.
    """
    others = [_others(values, arm, weights) for values in (twin, treated)]
    return {
        SAME: (twin[arm], treated[arm]),
        WITHIN: (others[1], treated[arm]),
        REST: (others[0], others[1]),
    }


def _others(values: np.ndarray, arm: int, weights: np.ndarray) -> np.ndarray:
    """The weighted mean over all arms but one."""
    return np.average(np.delete(values, arm, 0), axis=0, weights=np.delete(weights, arm))


def mixed(first: Policy, others: Mapping[str, Policy]) -> Plan:
    """The first policy's plan in which each arm has the levers and rules of its own policy.

    InputError if one of the policies can't be given to some members only.
    """
    plan = first.plan
    for arm, other in others.items():
        _check(first, other)
        plan = _with_arm(plan, first, other, cells_of(first.scenario, f"arm:{arm}"))
    return plan


def _with_arm(plan: Plan, first: Policy, other: Policy, cells: np.ndarray) -> Plan:
    """A plan with the other policy's levers and rules in these cells."""
    table = plan.lever_table.copy()
    table[:, cells] = other.plan.lever_table[:, cells]
    if dumped(first.scenario, "rules") == dumped(other.scenario, "rules"):
        return replace(plan, lever_table=table)
    # Rules read the whole community, and set levers for the people of their own policy.
    theirs = other.plan
    shift = np.int64(len(plan.rules))
    conditions, actions = theirs.conditions.copy(), theirs.actions.copy()
    conditions["rule"] += shift
    actions["rule"] += shift
    in_arm = [np.isin(table["cell"], cells) for table in (plan.actions, actions)]
    return replace(
        plan,
        lever_table=table,
        rules=np.concatenate([plan.rules, theirs.rules]),
        conditions=np.concatenate([plan.conditions, conditions]),
        actions=np.concatenate([plan.actions[~in_arm[0]], actions[in_arm[1]]]),
        rule_names=plan.rule_names + theirs.rule_names,
    )


def _check(first: Policy, other: Policy) -> None:
    """InputError if a policy differs from the first in what can only be the same for everybody."""
    if differ := own_parameters(first.scenario, other.scenario):
        _refuse(other, f"parameters.{differ[0]}")
    if dumped(first.scenario, "shocks") != dumped(other.scenario, "shocks"):
        _refuse(other, "shocks")
    for at, lever in enumerate(LEVERS.values()):
        levels = [policy.plan.lever_table[:, :, at] for policy in (first, other)]
        if lever.scope == "community" and not np.array_equal(*levels):
            _refuse(other, f"policy.{lever.name}")
    if dumped(first.scenario, "rules") == dumped(other.scenario, "rules"):
        return
    for policy in (first, other):
        for number, rule in enumerate(policy.scenario.rules):
            if any(LEVERS[action.lever].scope == "community" for action in rule.do):
                _refuse(policy, f"rules[{number}]")


def _refuse(policy: Policy, key: str) -> None:
    raise policy.scenario.error(
        key,
        "a difference from the first policy that concerns the whole community",
        "the same value: it can't be given to a share of the members",
    )
