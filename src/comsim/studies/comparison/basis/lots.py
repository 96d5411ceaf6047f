"""Randomised experiments inside one community: the plan of each run, and the comparisons.

Arms are assigned at random with keyed random numbers, so they contain the same people in every run
of a world. There are two runs: the treated one, in which one arm has another policy (`mixed`), and
its twin, in which nobody has it. `pairs` defines the comparisons.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from comsim.model.catalogue import LEVERS
from comsim.scenario import Plan
from comsim.scenario.groups import cells_of
from comsim.studies.comparison.choices.policies import Policy, dumped, own_parameters

SAME, WITHIN, REST = "same people", "within", "rest"


def pairs(
    treated: np.ndarray, twin: np.ndarray, arm: int, weights: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The figures (without the policy, with it) that each effect of an arm's policy compares.

    `treated` and `twin`, (arms, ...), contain a figure of each arm in the two runs. `weights`,
    (arms,), are the weights of the other arms in the rest.

    - "same people": the arm in the twin and in the treated run
    - "within": the rest and the arm in the treated run, as in an A/B test
    - "rest": the rest in the twin and in the treated run, that is, the spillover

    If everybody gets the policy in the treated run, "same people" is the effect on each arm.
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


def mixed(first: Policy, other: Policy, arm: str) -> Plan:
    """The plan of the first policy, with the levers and rules of the other for the people of an
    arm.

    InputError if the other policy cannot be given to only some of the members.
    """
    _check(first, other)
    cells = cells_of(first.scenario, f"arm:{arm}")
    table = first.plan.lever_table.copy()
    table[:, cells] = other.plan.lever_table[:, cells]
    if dumped(first.scenario, "rules") == dumped(other.scenario, "rules"):
        return replace(first.plan, lever_table=table)
    # Rules read the whole community and set levers for the people of their own policy.
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


def _check(first: Policy, other: Policy) -> None:
    """InputError if the other policy differs in something that must be the same for everybody."""
    if found := for_all_only(first, other):
        policy, key = found
        raise policy.scenario.error(
            key,
            "a difference from the first policy that concerns the whole community",
            "the same value: it can't be given to a share of the members",
        )


def for_all_only(first: Policy, other: Policy) -> tuple[Policy, str] | None:
    """Why a policy cannot be given to some of the members only: a key of one of the scenarios in
    which the two differ, and that is the same for everybody. None if it can."""
    if differ := own_parameters(first.scenario, other.scenario):
        return other, f"parameters.{differ[0]}"
    if dumped(first.scenario, "shocks") != dumped(other.scenario, "shocks"):
        return other, "shocks"
    for at, lever in enumerate(LEVERS.values()):
        levels = [policy.plan.lever_table[:, :, at] for policy in (first, other)]
        if lever.scope == "community" and not np.array_equal(*levels):
            return other, f"policy.{lever.name}"
    if dumped(first.scenario, "rules") == dumped(other.scenario, "rules"):
        return None
    for policy in (first, other):
        for number, rule in enumerate(policy.scenario.rules):
            if any(LEVERS[action.lever].scope == "community" for action in rule.do):
                return policy, f"rules[{number}]"
    return None
