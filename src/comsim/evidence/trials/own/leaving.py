"""The effect on members when others are removed."""

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
LEAVERS = 0.1  # share of the members who leave, chosen at random


def block(world: FactWorld) -> dict[str, float | None]:
    """A share of the members is cut off. The figures are the posts of the others in the next 90 and
    30 days, compared with the same people in the same world without the block."""
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
    """Random members leave. The figure is how much more likely members with a tie to one of them
    are to leave within 30 days than members with as many ties, in percent."""
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
    """Remove members whose random number is below a share, on the previous evening. Returns these
    numbers."""
    lot = lots(seed, counted(here, "person"))
    here.now["leavers"] = 0
    for row in np.flatnonzero((lot < share) & (counted(here, "status") != LEFT)):
        go(here, DAY - 1, row)
    return lot
