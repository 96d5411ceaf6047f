"""F15: when some members leave, others follow.

The shock removes a random share of the members on one day. The loss is the drop in visits among the
remaining members, relative to the same people in the same world without the shock.
"""

from __future__ import annotations

import numpy as np

from comsim.evidence import stepping
from comsim.evidence.world import FactWorld
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.leave import go
from comsim.run.simulation import live
from comsim.scenario import Scenario

DAY = 300  # of the shock
SHOCKS = (0.0, 0.4, 0.8)  # share of the members who are taken away: none, half of the most, most
FIRST, LAST = 30, 90  # days after the shock over which visits are counted
SMALL, LARGE = 10_000, 100_000  # people in the market
ALONE = {"loss_grief": 0, "leave_with_friends": 0}


def jumps(world: FactWorld) -> dict[str, float | None]:
    """The jump in the loss, in percentage points: the loss added by the second half of the largest
    shock minus that added by the first half. Three figures are given: the jump in a large
    community, how much larger it is than in a small one, and the jump in a large community whose
    members are indifferent to friends leaving."""
    large = jump(world.scenario("launch", community={"market": LARGE}, days=DAY + LAST), world.seed)
    small = jump(world.scenario("launch", community={"market": SMALL}, days=DAY + LAST), world.seed)
    alone = jump(
        world.scenario("launch", community={"market": LARGE}, days=DAY + LAST, parameters=ALONE),
        world.seed,
    )
    return {"jump": large, "steepens": large - small, "alone": alone}


def jump(scenario: Scenario, seed: int) -> float:
    """The jump in the loss in one community, in percentage points."""
    none, half, most = (100 * one for one in losses(scenario, seed))
    return (most - half) - (half - none)


def losses(scenario: Scenario, seed: int) -> list[float]:
    """For each shock, the share of visits lost, among the members whom no shock removes."""
    visits = [_visits(scenario, seed, shock) for shock in SHOCKS]
    return [1 - one / visits[0] for one in visits]


def _visits(scenario: Scenario, seed: int, shock: float) -> int:
    """Visits by the remaining members who had joined before the day of the shock."""
    world = stepping.start(scenario, seed)
    live(world, 0, DAY, threads=1)
    rows = int(world.now["rows"][0])
    lots = np.array([stepping.lot(seed, person) for person in world.m.person[:rows]])
    world.now["leavers"] = 0
    for row in np.flatnonzero((lots < shock) & (world.m.status[:rows] != LEFT)):
        go(world, DAY - 1, row)
    live(world, DAY, DAY + FIRST, threads=1)
    before = world.m.own["visits"][:rows].copy()
    live(world, DAY + FIRST, DAY + LAST, threads=1)
    spared = lots >= max(SHOCKS)
    return int((world.m.own["visits"][:rows] - before)[spared].sum())
