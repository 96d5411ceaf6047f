"""How many pushes earn the most: Zhang, Kumar and Cosguner (2017) found an optimum of emails."""

from __future__ import annotations

from comsim.evidence.world import FactWorld

BEGIN, DAYS = 120, 365
LEVELS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5)  # pushes a day, from that day on


def pushes(world: FactWorld) -> dict[str, float | None]:
    """The pushes a day, of a few, with which a community has the largest profit after a year, and
    by how many percent it exceeds the profit without pushes."""
    profits = {level: _profit(world, level) for level in LEVELS}
    best, idle = max(profits, key=lambda level: profits[level]), profits[0.0]
    gain = 100 * (profits[best] / idle - 1) if idle > 0 else None
    return {"effect": best, "gain": gain}


def _profit(world: FactWorld, level: float) -> float:
    schedule = {"base": 0, "steps": [{"day": BEGIN, "value": level}]}
    run = world.run(world.scenario("lots", days=DAYS, policy={"pushes": schedule}))
    return float(run.world.daily["profit_cumulative"][-1])
