"""Equal budgets: what the operator spends under one policy, scaled to what another spends.

Spend is what is paid to run the community: all costs but those of the goods ordered, which sales
pay for. All levers that cost money are multiplied by one factor, on every day and for every
group (values that rules set or add, too), within the ranges of the levers. So the mix of a policy
stays, and its size changes. Staff and platform are paid either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from comsim.catalogue import LEVERS
from comsim.comparison.outcomes import CENTS
from comsim.comparison.policies import Policy
from comsim.comparison.runs import run_each
from comsim.kernel.decide import MULTIPLY
from comsim.scenario.worlds import World

# Levers that are paid for. Ads, quality and releases cost nothing in the model.
PAID = ("seed_group", "intake", "welcome_gift", "referral_reward", "official_posts",
        "contribution_reward", "coupon")  # fmt: skip
PILOTS = 10  # worlds in which the factor is looked for
MOST = 64.0  # times as much
CLOSE = 0.001  # of the factor


@dataclass(frozen=True)
class Budget:
    """How a policy was scaled to the first one's spend."""

    policy: str
    factor: float
    """What its paid levers were multiplied by."""
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
            f"{self.policy}: its paid levers ({', '.join(PAID)}) were multiplied by "
            f"{self.factor:.3f}, so that it spends {self.reached:,.0f} (before: "
            f"{self.unscaled:,.0f}) beside {self.target:,.0f}"
        )
        left = self.reached / self.target - 1
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
        spent: dict[float, float] = {}

        def excess(factor: float, policy: Policy = policy, spent: dict = spent) -> float:
            if factor not in spent:
                spent[factor] = _spend(scale(policy, factor), pilots, seed, jobs)
            return spent[factor] - target

        factor = _equal(excess)
        if factor is None:
            ends = [f"{spent[f]:,.0f} at {f:g} times" for f in sorted(spent)]
            raise policy.scenario.error(
                "policy", f"levers that cost {', '.join(ends)} what is written",
                f"levers that can be scaled to cost {target:,.0f}, as {first.name} does",
            )  # fmt: skip
        scaled.append(scale(policy, factor))
        budgets.append(Budget(policy.name, factor, target, spent[1.0], spent[factor]))
    return scaled, budgets


def scale(policy: Policy, factor: float) -> Policy:
    """A policy with all that is paid for multiplied, within the ranges of the levers."""
    table, actions = policy.plan.lever_table.copy(), policy.plan.actions.copy()
    for at, (name, lever) in enumerate(LEVERS.items()):
        # Joiners that a file gives are a record, and no decision.
        if name not in PAID or (name == "intake" and policy.scenario.intake is not None):
            continue
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
