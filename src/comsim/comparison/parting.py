"""The first day on which two policies can differ, from their compiled plans."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

import numpy as np

from comsim.comparison.policies import MARKET, Policy, own_parameters
from comsim.kernel.decide import FALLING
from comsim.scenario import Plan


def parting(first: Policy, other: Policy) -> int:
    """The first day on which a policy can differ from the first one; the number of days if never.

    That is the first day on which a lever is planned otherwise, on which a rule that only one of
    them has could act, on which one of them has a shock, or its owner could stop. Parameters, and
    markets of their own, hold from day 0. Before that day both lead to the same community, bit by
    bit.
    """
    one, two = first.plan, other.plan
    here, there = (each.scenario.model_dump(mode="json") for each in (first, other))
    if any(here[part] != there[part] for part in (*MARKET, "arms")):
        return 0
    if own_parameters(first.scenario, other.scenario):
        return 0
    days = len(one.lever_table)
    moved = (one.lever_table != two.lever_table).any(axis=(1, 2))
    shocks = set(one.shocks.tolist()) ^ set(two.shocks.tolist())
    return min(
        int(moved.argmax()) if moved.any() else days,
        min((day for day, *_ in shocks), default=days),
        _rules(one, two, days),
        _owner(one, two, days),
        days,
    )


def _rules(one: Plan, two: Plan, days: int) -> int:
    """The first day on which a rule could act that is not the same in both plans.

    Rules act in their order, so all that stand after one that differs count as differing.
    """
    mine, theirs = _listed(one), _listed(two)
    pairs = zip(mine, theirs, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return min((day for day, *_ in mine[same:] + theirs[same:]), default=days)


def _listed(plan: Plan) -> list[tuple[Any, ...]]:
    """Each rule: the first day on which it could act, and all that it is."""
    found = []
    for number, rule in enumerate(plan.rules.tolist()):
        mine = plan.conditions[plan.conditions["rule"] == number]
        # Days of the past that a condition needs to see (`comsim.kernel.decide.holds`).
        past = mine["window"] * np.where(mine["test"] >= FALLING, mine["times"] + 1, 1)
        actions = plan.actions[plan.actions["rule"] == number]
        found.append((int(past.max(initial=0)), rule, mine.tolist(), actions.tolist()))
    return found


def _owner(one: Plan, two: Plan, days: int) -> int:
    """The first day whose evening may find only one of two owners counting losses, or stopping."""
    mine, theirs = one.owner[0], two.owner[0]
    if mine == theirs:
        return days
    if mine["budget"] != theirs["budget"]:
        return 0
    found = days
    if mine["until"] != theirs["until"]:
        found = min(owner["until"] for owner in (mine, theirs) if owner["until"] >= 0) - 1
    patience = mine["patience"], theirs["patience"]
    if max(patience) >= 0 and (patience[0] != patience[1] or mine["grace"] != theirs["grace"]):
        found = min(found, mine["grace"], theirs["grace"])
    return max(int(found), 0)
