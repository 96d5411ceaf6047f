"""What members order: those who pay for a membership, and those whose data leaked."""

from __future__ import annotations

import numpy as np

from comsim.evidence.trials.own.large import counted, large, mornings
from comsim.evidence.trials.own.ratios import against_matched, against_twin, bins, percent
from comsim.evidence.world import FactWorld
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.mechanisms.shocks import LEAK
from comsim.model.periods import MONTH, WEEK
from comsim.model.rng import Purpose, uniforms

OFFER = 200  # day on which half of the members are first offered a membership
FEE, BENEFIT = 10, 1  # currency a month; all benefits
OFFERED = [{"name": "offered", "share": 0.5}, {"name": "rest", "share": 0.5}]

BREACH, REACH = 180, 0.5  # day of the leak; share of the members whose data it is
QUARTER = 90


def payers(world: FactWorld) -> dict[str, float | None]:
    """Orders in 90 days of those who buy a membership in the week in which it is first offered,
    against members who are not offered it (half and half by lot).

    Matched by the days visited in that week, and by days visited (0, 1-2, 3-5, 6-10, 11-20, more)
    and orders (0, 1, 2, more) in the 60 days before it.
    """
    offer = {"base": 0, "groups": {"arm:offered": {"steps": [{"day": OFFER, "value": FEE}]}}}
    bought = OFFER + WEEK
    days = (OFFER - 2 * MONTH, OFFER, bought, bought + QUARTER)
    policy = {"membership_fee": offer, "paid_benefit": BENEFIT}
    scenario = large(world, policy, days=days[-1], arms=OFFERED)
    visits, orders, paid = [], [], []
    for here in mornings(scenario, world.seed, days):
        visits.append(counted(here, "visits"))
        orders.append(counted(here, "ordered"))
        paid.append(counted(here, "paid_until") > 0)
    some = len(visits[0])  # members 60 days before the offer
    visits, orders = ([np.diff([one[:some] for one in x], axis=0)] for x in (visits, orders))
    (before, week, _), (ordered, _, after) = visits[0], orders[0]
    payer, offered = paid[2][:some], counted(here, "arm")[:some] == 0
    known = (week > 0) & (payer | ~offered)
    strata = [week, bins(before, 1, 3, 6, 11, 21), np.minimum(ordered, 3)]
    strata = [one[known] for one in strata]
    return {"effect": against_matched(after[known], payer[known], *strata)}


def breach(world: FactWorld) -> dict[str, float | None]:
    """Members' data leak, half by lot: orders of those whose data it is in the 90 days after,
    against their twins in a world without a leak, and against the rest; for all, and for those
    whose trust was above and below the median."""
    leak = {"kind": "leak", "day": BREACH, "severity": 1, "reach": REACH}
    orders = []
    for shocks in ([leak], []):
        scenario = large(world, days=BREACH + 1 + QUARTER, shocks=shocks)
        looks = []
        for here in mornings(scenario, world.seed, (BREACH, BREACH + 1, scenario.days)):
            looks.append(counted(here, "ordered"))
            if len(looks) == 1:
                person, trust = counted(here, "person"), counted(here, "trust")
                there = counted(here, "status") != LEFT
        orders.append((looks[2][: len(person)] - looks[1][: len(person)])[there])
    reached = uniforms(world.seed, Purpose.SHOCK, BREACH, person[there], int(LEAK)) < REACH
    trusting = trust[there] > np.median(trust[there])
    figures = against_twin(*orders, reached)
    for name, who in (("trusting", trusting), ("distrusting", ~trusting)):
        figures[name] = against_twin(*(one[who] for one in orders), reached[who])["effect"]
    return figures | {"whole": percent(*(float(one.sum()) for one in orders))}
