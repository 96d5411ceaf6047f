"""Orders by members who pay for a membership, and by members whose data leaked."""

from __future__ import annotations

from typing import Any

import numpy as np

from comsim.evidence.trials.own.looks import counted, mornings, total
from comsim.evidence.trials.own.ratios import EDGES, against_matched, against_twin, bins, percent
from comsim.evidence.world import FactWorld
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.mechanisms.shocks import LEAK
from comsim.model.periods import MONTH, WEEK
from comsim.model.rng import Purpose, uniforms
from comsim.scenario import Scenario

OFFER = 200  # day on which half of the members are first offered a membership
FEE, BENEFIT = 10, 1  # currency a month; all benefits
OFFERED = [{"name": "offered", "share": 0.5}, {"name": "rest", "share": 0.5}]

BREACH, REACH = 180, 0.5  # day of the leak; share of the members whose data it is
QUARTER = 90


def payers(world: FactWorld) -> dict[str, float | None]:
    """Orders in 90 days by members who buy a membership in the week in which it is first offered,
    compared with members who do not get the offer (a random half do). `whole`: all orders on these
    days if everybody gets the offer, compared with nobody.

    Members are matched by the days visited in that week, and by the days visited (0, 1-2, 3-5,
    6-10, 11-20, more) and the orders (0, 1, 2, more) in the 60 days before it. Without the week
    itself, buyers would be compared with many who did not come: with the benefits of paying off,
    the difference was still 56 %.
    """
    bought = OFFER + WEEK
    days = (OFFER - 2 * MONTH, OFFER, bought, bought + QUARTER)

    def offer(fee: Any) -> Scenario:
        policy = {"membership_fee": fee, "paid_benefit": BENEFIT}
        return world.scenario("lots", policy=policy, days=days[-1], arms=OFFERED)

    fee = {"steps": [{"day": OFFER, "value": FEE}]}
    visits, orders = [], []
    for here in mornings(offer({"base": 0, "groups": {"arm:offered": fee}}), world.seed, days):
        visits.append(counted(here, "visits"))
        orders.append(counted(here, "ordered"))
        if len(orders) == days.index(bought) + 1:
            paid = counted(here, "paid_until") > 0
    some = len(visits[0])  # members 60 days before the offer
    visits, orders = (np.diff([one[:some] for one in looks], axis=0) for looks in (visits, orders))
    (before, week, _), (ordered, _, after) = visits, orders
    payer, offered = paid[:some], counted(here, "arm")[:some] == 0
    known = (week > 0) & (payer | ~offered)
    strata = [week, bins(before, *EDGES), np.minimum(ordered, 3)]
    whole = (
        total(offer(one), world.seed, "orders", bought) for one in ({"base": 0} | fee, {"base": 0})
    )
    return {
        "effect": against_matched(after[known], payer[known], *(one[known] for one in strata)),
        "whole": percent(*whole),
    }


def breach(world: FactWorld) -> dict[str, float | None]:
    """The data of a random half of the members leak. The figure is the number of orders by these
    members in the next 90 days, compared with the rest and relative to the twin without a leak. It
    is given for all, and for members whose trust was above and below the median. `whole`: all
    orders if everybody's data leak, compared with the twin."""

    def leaked(reach: float) -> Scenario:
        leak = {"kind": "leak", "day": BREACH, "severity": 1, "reach": reach}
        return world.scenario("lots", days=BREACH + 1 + QUARTER, shocks=[leak] if reach else [])

    orders = []
    for scenario in (leaked(REACH), leaked(0)):
        looks = mornings(scenario, world.seed, (BREACH, BREACH + 1, scenario.days))
        here = next(looks)
        there = counted(here, "status") != LEFT
        person, trust = counted(here, "person")[there], counted(here, "trust")[there]
        ordered = []
        for here in looks:
            ordered.append(counted(here, "ordered")[: len(there)][there])
        orders.append(ordered[1] - ordered[0])
    reached = uniforms(world.seed, Purpose.SHOCK, BREACH, person, int(LEAK)) < REACH
    trusting = trust > np.median(trust)
    figures = against_twin(*orders, reached)
    for name, who in (("trusting", trusting), ("distrusting", ~trusting)):
        figures[name] = against_twin(*(one[who] for one in orders), reached[who])["effect"]
    twin = float(here.daily["orders"][BREACH + 1 :].sum())
    return figures | {"whole": percent(total(leaked(1), world.seed, "orders", BREACH + 1), twin)}
