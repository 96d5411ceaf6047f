"""Equal budgets: what the operator spends under one policy, scaled to what another spends.

Spend is what is paid to run the community: all costs but those of the goods ordered, which sales
pay for. Of the levers that cost money, those that the policy sets otherwise than the first one are
multiplied by one factor, on every day and for every group (values that rules set or add, too),
within the ranges of the levers; the others stay as written, for a smaller seed group would be
another question. Where nothing of the change is left then, the same money does not buy it, and the
policy comes back to the first one. Staff and platform are paid either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import brentq

from comsim.catalogue import LEVERS
from comsim.comparison.outcomes import CENTS
from comsim.comparison.policies import Policy
from comsim.comparison.runs import run_each
from comsim.kernel.decide import MULTIPLY
from comsim.scenario.worlds import World

# Levers that are paid for. Ads, quality and releases cost nothing in the model.
PAID = ("seed_group", "intake", "kol_reach", "welcome_gift", "greeting", "referral_reward",
        "newcomer_reward", "official_posts", "contribution_reward", "coupon", "online_event",
        "offline_event", "paid_benefit", "raffle")  # fmt: skip
PILOTS = 10  # worlds in which the factor is looked for
MOST = 64.0  # times as much
CLOSE = 0.001  # of the factor
ALIKE = 0.01  # of a lever: policies nearer than that are one
NAMED = "{}, same money"


@dataclass(frozen=True)
class Budget:
    """How a policy was scaled to the first one's spend."""

    policy: str
    levers: tuple[str, ...]
    """The paid levers that it sets otherwise than the first policy."""
    factor: float
    """What they were multiplied by."""
    bought: bool
    """Whether the same money buys anything else than the first policy."""
    target: float
    """Spend of the first policy, currency, mean over the pilot worlds."""
    unscaled: float
    """Spend of the policy as it was written."""
    reached: float
    """Spend of the policy as it is compared."""

    @property
    def words(self) -> str:
        """One line."""
        text = (
            f"{self.policy}: {', '.join(self.levers) or 'nothing'} multiplied by "
            f"{self.factor:.3f}, so that it spends {self.reached:,.0f} (as written: "
            f"{self.unscaled:,.0f}) beside {self.target:,.0f}, goods not counted"
        )
        if not self.bought:
            text += "; nothing of the change is left: the same money does not buy it"
        left = self.reached / self.target - 1 if self.target else 0.0
        return f"{text}; {left:+.1%} is left unequal" if abs(left) >= 0.0005 else text


def equalised(
    policies: Sequence[Policy], worlds: Sequence[World], seed: int, jobs: int | None
) -> tuple[list[Policy], list[Budget]]:
    """The policies, each but the first scaled until it spends what the first one does.

    The factor is found by Brent's method on the mean spend over the first worlds of the
    comparison. InputError where no factor from 0 to 64 brings the two together.
    """
    first, *others = policies
    pilots = worlds[:PILOTS]
    target = _spend(first, pilots, seed, jobs)
    scaled, budgets = [first], []
    for policy in others:
        levers = changed(first, policy)
        spent: dict[float, float] = {}

        def excess(factor: float, policy=policy, levers=levers, spent=spent) -> float:
            if factor not in spent:
                spent[factor] = _spend(scale(policy, factor, levers), pilots, seed, jobs)
            return spent[factor] - target

        factor = _equal(excess) if levers or excess(1.0) == 0 else None
        if factor is None:
            ends = [f"{spent[f]:,.0f} at {f:g} times" for f in sorted(spent)]
            what = ", ".join(levers) or "no paid lever"
            raise policy.scenario.error(
                "policy", f"{what} changed; spends {', '.join(ends)}",
                f"a change that can be scaled to spend {target:,.0f}, as {first.name} does",
            )  # fmt: skip
        result = scale(policy, factor, levers)
        # What is left is the first policy, but for a rounding of the factor: take just that.
        bought = not levers or not _alike(first, result, levers)
        result = result if bought else replace(policy, plan=first.plan)
        name = NAMED.format(policy.name)
        scaled.append(replace(result, name=name))
        budgets.append(Budget(name, levers, factor, bought, target, spent[1.0], spent[factor]))
    return scaled, budgets


def changed(first: Policy, policy: Policy) -> tuple[str, ...]:
    """The paid levers that a policy sets otherwise than the first one, by schedule or by rules."""
    return tuple(
        name
        for at, (name, one, other) in enumerate(_sides(first, policy))
        if name in PAID
        # Joiners that a file gives are a record, and no decision.
        and not (name == "intake" and policy.scenario.intake is not None)
        and (not np.array_equal(one, other) or _acts(first, at) != _acts(policy, at))
    )


def _sides(first: Policy, policy: Policy) -> Iterator[tuple[str, Any, Any]]:
    """Each lever, and its values under both policies."""
    for at, name in enumerate(LEVERS):
        yield name, first.plan.lever_table[:, :, at], policy.plan.lever_table[:, :, at]


def _acts(policy: Policy, lever: int) -> list[Any]:
    """What the rules do to a lever, and when."""
    plan = policy.plan
    mine = plan.actions[plan.actions["lever"] == lever]
    rules = set(mine["rule"].tolist())
    when = [c for c in plan.conditions.tolist() if c[0] in rules]
    return [mine.tolist(), when, [plan.rules[rule].tolist() for rule in sorted(rules)]]


def _alike(first: Policy, policy: Policy, levers: Sequence[str]) -> bool:
    """Whether two policies are one but for ALIKE of the levers that were scaled."""
    return not len(policy.plan.actions) and all(
        np.allclose(one, other, rtol=ALIKE if name in levers else 0.0, atol=0.0)
        for name, one, other in _sides(first, policy)
    )


def scale(policy: Policy, factor: float, levers: Sequence[str]) -> Policy:
    """A policy with some levers multiplied, within their ranges."""
    table, actions = policy.plan.lever_table.copy(), policy.plan.actions.copy()
    for at, (name, lever) in enumerate(LEVERS.items()):
        if name in levers:
            table[:, :, at] = np.clip(table[:, :, at] * factor, lever.low, lever.high)
            sets = (actions["lever"] == at) & (actions["how"] != MULTIPLY)
            actions["value"][sets] *= factor
    return replace(policy, plan=replace(policy.plan, lever_table=table, actions=actions))


def _equal(excess) -> float | None:
    """The factor at which nothing is left over; None if there is none up to MOST."""
    if excess(1.0) == 0:
        return 1.0
    low, high = (0.0, 1.0) if excess(1.0) > 0 else (1.0, 2.0)
    while excess(high) < 0 and high < MOST:
        low, high = high, 2 * high
    if excess(low) > 0 or excess(high) < 0:
        return None
    factor = brentq(excess, low, high, xtol=CLOSE, rtol=CLOSE)
    excess(factor)
    return float(factor)


def _spend(policy: Policy, worlds: Sequence[World], seed: int, jobs: int | None) -> float:
    """Mean over worlds of what the operator spends, in currency."""
    spent = np.zeros(len(worlds))

    def keep(p: int, w: int, world) -> None:
        spent[w] = (world.daily["cost"].sum() - world.daily["cost_goods"].sum()) / CENTS

    run_each([policy], worlds, seed, keep, jobs)
    return float(spent.mean())
