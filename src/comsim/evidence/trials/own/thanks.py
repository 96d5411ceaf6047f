"""Whether members who are thanked help others."""

from __future__ import annotations

from typing import Any

from comsim.evidence.trials.own.looks import counted, mornings, total
from comsim.evidence.trials.own.ratios import against_twin, percent
from comsim.evidence.world import FactWorld
from comsim.scenario import Scenario

DAY, WATCHED = 120, 42
LEVEL = 0.8  # as in trials.toml
THANKED = [{"name": "thanked", "share": 0.5}, {"name": "rest", "share": 0.5}]


def contagion(world: FactWorld) -> dict[str, float | None]:
    """A random half of a day's authors are thanked once. The figure is the number of replies that
    they write in the next 42 days, compared with the other authors and relative to the twin without
    thanks. `whole`: all replies if every author of the day is thanked, compared with the twin."""
    thanked = {"base": 0, "groups": {"arm:thanked": {"on": [{"day": DAY, "value": LEVEL}]}}}
    given = []
    for one in (scenario(world, thanked), scenario(world, 0)):
        looks = mornings(one, world.seed, (DAY + 1, one.days))
        here = next(looks)
        authors = counted(here, "last_post") == DAY
        arm, before = counted(here, "arm") == 0, counted(here, "replies_given")
        here = next(looks)
        after = counted(here, "replies_given")[: len(authors)]
        given.append((after - before)[authors])
    everybody = scenario(world, {"base": 0, "on": [{"day": DAY, "value": LEVEL}]})
    whole = total(everybody, world.seed, "replies", DAY + 1)
    twin = float(here.daily["replies"][DAY + 1 :].sum())
    return against_twin(*given, arm[authors]) | {"whole": percent(whole, twin)}


def scenario(world: FactWorld, recognition: Any) -> Scenario:
    """The community with a schedule of recognition."""
    return world.scenario(
        "lots", policy={"recognition": recognition}, days=DAY + 1 + WATCHED, arms=THANKED
    )
