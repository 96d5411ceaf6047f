"""Equal budgets: the operator's spending under one policy, scaled to that under another.

Spending is all costs except those of the goods ordered, which sales pay for. A lever costs money if
a cost column names it (`comsim.model.catalogue.COST_OF`). The paid levers that a policy sets
differently from the first one are multiplied by one factor, on all days, for all groups and in
rules, within their ranges. The others stay as written: changing the seed group as well, for
example, would answer a different question. If nothing is left of the change, the same money does
not buy it, and the policy is compared as a copy of the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import brentq

from comsim.common.errors import InputError
from comsim.language.amounts import rounded
from comsim.language.phrases import Words
from comsim.model.catalogue import COST_OF, LEVERS
from comsim.model.kernel.decide import MULTIPLY
from comsim.scenario.worlds import World
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import CENTS
from comsim.studies.comparison.runs import run_each

PILOTS = 10  # worlds over which spending is averaged
MOST = 64.0  # the largest factor
CLOSE = 0.001  # tolerance of the factor
ALIKE = 0.01  # relative difference of levers below which policies count as equal
UNEQUAL = 0.0005  # of the spending: less is not mentioned
NAMED = "{}, equal budget"


@dataclass(frozen=True)
class Budget:
    """How a policy was scaled to the first one's spending."""

    policy: str
    levers: tuple[str, ...]
    """The paid levers that it sets differently from the first policy."""
    factor: float
    """The factor by which they were multiplied, 0 to 64."""
    bought: bool
    """Whether anything of the change is left at an equal budget."""
    target: float
    """Spending of the first policy, in currency, mean over the pilot worlds."""
    unscaled: float
    """Spending of the policy as written."""
    reached: float
    """Spending of the policy as compared."""

    held: tuple[str, ...] = ()
    """The levers that are held at the end of their range on some day."""

    @property
    def saves(self) -> bool:
        """Whether the policy as written spends less than the first one."""
        return self.unscaled < self.target

    @property
    def sentence(self) -> str:
        """How the policy was scaled, in English."""
        return " ".join(self.sentences(Words("en")))

    def sentences(self, words: Words) -> list[str]:
        """How the policy was scaled, and what is left of it."""
        reached, unscaled, target = rounded(self.reached, self.unscaled, self.target)
        levers = words.listed([words.label(LEVERS, lever) for lever in self.levers])
        lines = [
            words(
                "compared.budget",
                policy=self.policy,
                levers=levers or words("compared.nothing"),
                factor=words.short(self.factor),
                reached=reached,
                unscaled=unscaled,
                target=target,
            )
        ]
        for lever in self.held:
            end = words.short(LEVERS[lever].high)
            lines.append(words("compared.held", lever=words.label(LEVERS, lever), end=end))
        if not self.bought:
            lines.append(words("compared.saved" if self.saves else "compared.not_bought"))
        unequal = self.reached / self.target - 1 if self.target else 0.0
        if abs(unequal) >= UNEQUAL:
            lines.append(words("compared.unequal", share=words.percent(unequal, 1)))
        return lines


def equalised(
    policies: Sequence[Policy],
    worlds: Sequence[World],
    seed: int,
    jobs: int | None,
    weights: np.ndarray | None = None,
) -> tuple[list[Policy], list[Budget]]:
    """The policies, each but the first scaled to the first one's spending.

    The factor is the root of the excess of the mean spending over the first worlds of the
    comparison, by Brent's method. `weights`, (worlds,): of the worlds, by default all the same.
    InputError if no factor from 0 to 64 equalises the spending.
    """
    first, *others = policies
    pilots, few = worlds[:PILOTS], None if weights is None else weights[:PILOTS]
    target = _spend(first, pilots, few, seed, jobs)
    scaled, budgets = [first], []
    for policy in others:
        different = changed(first, policy)
        levers = tuple(name for name in different if name in COST_OF)
        spent: dict[float, float] = {}

        def excess(factor: float, policy=policy, levers=levers, spent=spent) -> float:
            if factor not in spent:
                spent[factor] = _spend(scale(policy, factor, levers), pilots, few, seed, jobs)
            return spent[factor] - target

        room = {lever: _room(policy, lever) for lever in levers}
        factor = 1.0 if excess(1.0) == 0 else None
        if room and factor is None:
            factor = _equal(excess, max(x.max(initial=1.0) for x in room.values()))
        if factor is None:
            raise _refused(first, policy, different, room, spent, target)
        result = scale(policy, factor, levers)
        # Without the rounding of the factor, nothing but the first policy is left: take it.
        bought = not levers or not _alike(first, result, levers)
        result = result if bought else replace(policy, plan=first.plan)
        name = NAMED.format(policy.name)
        scaled.append(replace(result, name=name))
        held = tuple(lever for lever, x in room.items() if factor > x.min(initial=np.inf))
        budgets.append(
            Budget(name, levers, factor, bought, target, spent[1.0], spent[factor], held)
        )
    return scaled, budgets


def _refused(
    first: Policy,
    policy: Policy,
    different: Sequence[str],
    room: dict[str, np.ndarray],
    spent: dict[float, float],
    target: float,
) -> InputError:
    """The error for a policy that no factor makes as expensive as the first one."""
    zero = [lever for lever, x in room.items() if not x.size]
    factors = sorted(spent) if len(zero) < len(room) else [1.0]  # no factor changes zeros
    ends = [
        f"{spent[factor]:,.0f} "
        + ("as written" if factor == 1 else f"if multiplied by {factor:.3g}")
        for factor in factors
    ]
    if room:
        problem = f"a change of {', '.join(room)}, which spends {', '.join(ends)}"
    else:
        free = f" ({', '.join(different)}: not paid for)" if different else ""
        problem = f"no change of a paid lever{free}; spends {', '.join(ends)}"
    problem += "".join(f"; {lever} is 0, so no factor changes it" for lever in zero)
    if stuck := [lever for lever, x in room.items() if x.size and max(spent) >= x.max()]:
        problem += f"; {_ends(stuck)}"
    return policy.scenario.error(
        "policy", problem,
        f"a change that can be scaled to spend {target:,.0f} like {first.name}, or leave out "
        "--equal-budget",
    )  # fmt: skip


def _ends(levers: Sequence[str]) -> str:
    """The ends of the ranges of levers, for an error."""
    ends = [f"{name} at most {LEVERS[name].high:g}" for name in levers]
    return f"ranges end: {', '.join(ends)}"


def changed(first: Policy, policy: Policy) -> tuple[str, ...]:
    """The levers that a policy sets differently from the first one, by schedule or by rules."""
    return tuple(
        name
        for at, (name, one, other) in enumerate(_sides(first, policy))
        # Joiners from a file are a record, not a decision.
        if not (name == "intake" and policy.scenario.intake is not None)
        and (not np.array_equal(one, other) or _acts(first, at) != _acts(policy, at))
    )


def _sides(first: Policy, policy: Policy) -> Iterator[tuple[str, Any, Any]]:
    """Each lever, and its values under both policies."""
    for at, name in enumerate(LEVERS):
        yield name, first.plan.lever_table[:, :, at], policy.plan.lever_table[:, :, at]


def _acts(policy: Policy, lever: int) -> list[Any]:
    """The actions of rules on a lever, and their conditions."""
    plan = policy.plan
    mine = plan.actions[plan.actions["lever"] == lever]
    rules = set(mine["rule"].tolist())
    when = [c for c in plan.conditions.tolist() if c[0] in rules]
    return [mine.tolist(), when, [plan.rules[rule].tolist() for rule in sorted(rules)]]


def _alike(first: Policy, policy: Policy, levers: Sequence[str]) -> bool:
    """Whether two policies are the same, up to ALIKE of the scaled levers."""
    return not len(policy.plan.actions) and all(
        np.allclose(one, other, rtol=ALIKE if name in levers else 0.0, atol=0.0)
        for name, one, other in _sides(first, policy)
    )


def scale(policy: Policy, factor: float, levers: Sequence[str]) -> Policy:
    """A policy with some levers multiplied by a factor from today on, within their ranges."""
    table, actions = policy.plan.lever_table.copy(), policy.plan.actions.copy()
    later = table[policy.scenario.past :]
    for at, (name, lever) in enumerate(LEVERS.items()):
        if name in levers:
            later[:, :, at] = np.clip(later[:, :, at] * factor, lever.low, lever.high)
            sets = (actions["lever"] == at) & (actions["how"] != MULTIPLY)
            actions["value"][sets] *= factor
    return replace(policy, plan=replace(policy.plan, lever_table=table, actions=actions))


def _room(policy: Policy, lever: str) -> np.ndarray:
    """The largest factor by which each positive value of a lever may be multiplied."""
    at, actions = list(LEVERS).index(lever), policy.plan.actions
    sets = (actions["lever"] == at) & (actions["how"] != MULTIPLY)
    later = policy.plan.lever_table[policy.scenario.past :, :, at]
    values = np.append(later, actions["value"][sets])
    return LEVERS[lever].high / values[values > 0]


def _equal(excess: Callable[[float], float], limit: float) -> float | None:
    """The factor nearest to 1 at which the excess spending is zero; None if there is none. More of
    a lever usually costs more, but some levers save money."""
    ways = [(1.0, 0.0)], _doubled(min(limit, MOST))
    for way in ways if excess(1.0) > 0 else reversed(ways):
        for near, far in way:
            if excess(far) == 0 or (excess(far) > 0) != (excess(near) > 0):
                factor = brentq(excess, min(near, far), max(near, far), xtol=CLOSE, rtol=CLOSE)
                excess(factor)
                return float(factor)
    return None


def _doubled(most: float) -> list[tuple[float, float]]:
    """Intervals from 1 to the greatest factor, each twice as long as the one before."""
    steps = [1.0]
    while steps[-1] < most:
        steps.append(min(2 * steps[-1], most))
    return list(pairwise(steps))


def _spend(
    policy: Policy,
    worlds: Sequence[World],
    weights: np.ndarray | None,
    seed: int,
    jobs: int | None,
) -> float:
    """The operator's spending from today on in currency, weighted mean over worlds."""
    spent, past = np.zeros(len(worlds)), policy.scenario.past

    def keep(p: int, w: int, world) -> None:
        later = world.daily[past:]
        spent[w] = (later["cost"].sum() - later["cost_goods"].sum()) / CENTS

    run_each([policy], worlds, seed, keep, jobs)
    return float(np.average(spent, weights=weights))
