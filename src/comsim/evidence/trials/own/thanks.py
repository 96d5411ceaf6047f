"""Whether those who are thanked help others."""

from __future__ import annotations

from comsim.evidence.trials.own.large import counted, large, mornings
from comsim.evidence.trials.own.ratios import against_twin, percent
from comsim.evidence.world import FactWorld

DAY, WATCHED = 120, 42
THANKED = [{"name": "thanked", "share": 0.5}, {"name": "rest", "share": 0.5}]


def contagion(world: FactWorld) -> dict[str, float | None]:
    """Half of a day's authors, by lot, are thanked once: the replies that they give in the 42 days
    after, against their twins in a world without thanks and against the other authors; and the
    replies of the whole community."""
    given, whole = [], []
    for thanks in (1, 0):
        level = {"base": 0, "groups": {"arm:thanked": {"on": [{"day": DAY, "value": thanks}]}}}
        scenario = large(world, {"recognition": level}, days=DAY + 1 + WATCHED, arms=THANKED)
        looks = mornings(scenario, world.seed, (DAY + 1, scenario.days))
        here = next(looks)
        authors = counted(here, "last_post") == DAY
        arm, before = counted(here, "arm") == 0, counted(here, "replies_given")
        here = next(looks)
        after = counted(here, "replies_given")[: len(authors)]
        given.append((after - before)[authors])
        whole.append(float(here.daily["replies"][DAY + 1 :].sum()))
    return against_twin(*given, arm[authors]) | {"whole": percent(*whole)}
