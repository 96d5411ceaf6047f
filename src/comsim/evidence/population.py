"""The simulated communities whose distribution is compared with that of real ones.

`population.toml` contains the design and the reasons for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import qmc

from comsim.evidence.data import data
from comsim.evidence.world import merged
from comsim.scenario import Scenario
from comsim.scenario.worlds import World, make_worlds

LEAST_FOUNDERS, FOUNDERS_SHARE = 3, 0.1  # people; the most, as a share of the market


class Community(NamedTuple):
    """A community of the population and its world."""

    launch: str
    scenario: Scenario
    world: World


@cache
def design() -> dict[str, Any]:
    """`population.toml`."""
    return data("population.toml")


def population(
    number: int, seed: int, overrides: Mapping[str, Any] | None = None
) -> list[Community]:
    """A number of communities, each with its own random seed and parameter sample.

    overrides: changes to each scenario in the form of a scenario file; tables are merged, other
    values replaced.
    """
    launches = design()["launches"]
    points = qmc.LatinHypercube(4, seed=seed).random(number)
    made = []
    for world, point in zip(make_worlds(seed, number), points, strict=True):
        launch = launches[int(point[0] * len(launches))]
        changed = merged(scenario_of(launch, point[1:]), overrides or {})
        where = f"evidence/population.toml [{launch['name']}]"
        scenario = Scenario.from_dict(changed, where)
        made.append(Community(launch["name"], scenario, world._replace(draw=world.number)))
    return made


def scenario_of(launch: Mapping[str, Any], point: np.ndarray) -> dict[str, Any]:
    """A launch as a scenario. The point of the unit cube, shape (3,), determines the market, the
    founders or the joiners of the first days, and the walk-ins."""
    about = design()
    days, market = about["days"], round(_between(about["market"], point[0]))
    founders, early = 0, 0
    parameters = dict(launch.get("parameters", {}))
    if "founders" in launch:
        most = FOUNDERS_SHARE * market
        founders = max(round(min(_between(launch["founders"], point[1]), most)), LEAST_FOUNDERS)
    if "walk_ins" in launch:
        parameters["walk_in_rate"] = _between(launch["walk_ins"], point[2]) / days
    intake: dict[str, Any] = {"base": 0}
    if "first_days" in launch:
        early = _between(launch["first_days"], point[1]) * market / launch["within"]
        intake["during"] = [{"from": 0, "to": launch["within"] - 1, "value": early}]
    return {
        "name": launch["name"],
        "days": days,
        "community": {"market": market},
        "calendar": about["calendar"],
        "policy": {"seed_group": founders, "intake": intake} | launch.get("policy", {}),
        "parameters": parameters,
    }


def _between(ends: list[float], u: float) -> float:
    """The number at u (0 to 1) between both ends, on a logarithmic scale."""
    low, high = ends
    return float(low * (high / low) ** u)
