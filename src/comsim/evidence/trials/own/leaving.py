"""What members lose when others are taken away."""

from __future__ import annotations

from typing import Any

import numpy as np

from comsim.evidence.trials.own.looks import counted, lots, mornings
from comsim.evidence.trials.own.ratios import against_matched, percent
from comsim.evidence.world import FactWorld
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.leave import go
from comsim.model.periods import MONTH

DAY = 240
BLOCKED, WATCHED = 0.6, 90  # share of the members who are cut off; days of posts afterwards
LEAVERS = 0.1  # share of the members who leave by lot


def block(world: FactWorld) -> dict[str, float | None]:
    """A share of the members is cut off: the posts of the spared in the 90 days after, against
    the same people in the same world where nobody is; and those of the first 30 days."""
    scenario = world.scenario("lots", days=DAY + WATCHED)
    days = DAY, DAY + MONTH, DAY + WATCHED
    posts = []
    for share in (BLOCKED, 0.0):
        looks = []
        for here in mornings(scenario, world.seed, days):
            looks.append(counted(here, "posts"))
            if len(looks) == 1:
                lot = take_away(here, world.seed, share)
        spared = np.flatnonzero(lot >= BLOCKED)
        posts.append([float((one[spared] - looks[0][spared]).sum()) for one in looks[1:]])
    (month, whole), (twin_month, twin_whole) = posts
    return {"effect": percent(whole, twin_whole), "month": percent(month, twin_month)}


def friends(world: FactWorld) -> dict[str, float | None]:
    """Some members leave by lot: how much likelier those with a tie to one of them are to leave
    within 30 days than others with as many ties."""
    looks = mornings(world.scenario("lots", days=DAY + MONTH), world.seed, (DAY, DAY + MONTH))
    here = next(looks)
    gone_before = counted(here, "status") == LEFT
    ties = counted(here, "tie")
    lot = take_away(here, world.seed, LEAVERS)
    taken = (lot < LEAVERS) & ~gone_before
    known = (ties >= 0) & ~gone_before[ties]
    bonds, lost = known.sum(axis=1), (known & taken[ties]).any(axis=1)
    left = counted(next(looks), "status")[: len(lot)] == LEFT
    at_risk = ~gone_before & ~taken & (bonds > 0)
    return {"effect": against_matched(left[at_risk], lost[at_risk], bonds[at_risk])}


def take_away(here: Any, seed: int, share: float) -> np.ndarray:
    """Members whose lot is below a share leave on the evening before; returns the lots."""
    lot = lots(seed, counted(here, "person"))
    here.now["leavers"] = 0
    for row in np.flatnonzero((lot < share) & (counted(here, "status") != LEFT)):
        go(here, DAY - 1, row)
    return lot
