"""The first day on which two policies can differ, from their compiled plans."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

import numpy as np

from comsim.model.kernel.decide import FALLING
from comsim.scenario import Plan
from comsim.studies.comparison.choices.policies import MARKET, Policy, own_parameters


def parting(first: Policy, other: Policy) -> int:
    """The first day on which a policy can differ from the first one; the number of days if never.

    That is the first day on which a lever has different values, a rule of only one policy could
    act, only one policy has a shock, only one owner could stop, or a programme is paid for.
    Different parameters and markets take effect on day 0. If the scenario has a past, policies
    differ from `today` on at the earliest. Before that day both policies lead to the same
    community, bit for bit.
    """
    return max(_differing(first, other), first.scenario.past)


def _differing(first: Policy, other: Policy) -> int:
    """The first day on which policies would differ without a past."""
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
        min((p.costs.first_day for p in (first, other) if p.costs), default=days),
        days,
    )


def _rules(one: Plan, two: Plan, days: int) -> int:
    """The first day on which a rule could act that is not the same in both plans.

    Rules act in order, so all rules after the first that differs count as different.
    """
    mine, theirs = _listed(one), _listed(two)
    pairs = zip(mine, theirs, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return min((day for day, *_ in mine[same:] + theirs[same:]), default=days)


def _listed(plan: Plan) -> list[tuple[Any, ...]]:
    """For each rule, the first day on which it could act, and its content."""
    rules = []
    for number, rule in enumerate(plan.rules.tolist()):
        mine = plan.conditions[plan.conditions["rule"] == number]
        # Past days that a condition needs (`comsim.model.kernel.decide.holds`).
        past = mine["window"] * np.where(mine["test"] >= FALLING, mine["times"] + 1, 1)
        actions = plan.actions[plan.actions["rule"] == number]
        rules.append((int(past.max(initial=0)), rule, mine.tolist(), actions.tolist()))
    return rules


def _owner(one: Plan, two: Plan, days: int) -> int:
    """The first day on whose evening only one of the two owners could count a loss, or stop."""
    mine, theirs = one.owner[0], two.owner[0]
    if mine == theirs:
        return days
    if mine["budget"] != theirs["budget"] or mine["since"] != theirs["since"]:
        return max(int(min(mine["since"], theirs["since"])), 0)
    day = days
    if mine["until"] != theirs["until"]:
        day = min(owner["until"] for owner in (mine, theirs) if owner["until"] >= 0) - 1
    patience = mine["patience"], theirs["patience"]
    if max(patience) >= 0 and (patience[0] != patience[1] or mine["grace"] != theirs["grace"]):
        day = min(day, mine["grace"], theirs["grace"])
    return max(int(day), 0)
