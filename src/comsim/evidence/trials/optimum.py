"""The most profitable number of pushes, after the optimum of emails in Zhang, Kumar and Cosguner
(2017)."""

from __future__ import annotations

from comsim.evidence.world import FactWorld

BEGIN, DAYS = 120, 365
LEVELS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5)  # pushes a day, from that day on


def pushes(world: FactWorld) -> dict[str, float | None]:
    """The level of LEVELS with the largest profit of a community after a year, and the gain over
    the profit without pushes, in percent."""
    profits = {level: _profit(world, level) for level in LEVELS}
    best, idle = max(profits, key=lambda level: profits[level]), profits[0.0]
    gain = 100 * (profits[best] / idle - 1) if idle > 0 else None
    return {"effect": best, "gain": gain}


def _profit(world: FactWorld, level: float) -> float:
    schedule = {"base": 0, "steps": [{"day": BEGIN, "value": level}]}
    run = world.run(world.scenario("lots", days=DAYS, policy={"pushes": schedule}))
    return float(run.world.daily["profit_cumulative"][-1])
