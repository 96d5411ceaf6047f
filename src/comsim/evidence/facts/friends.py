"""F11: friends inside have diminishing returns for joining."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comsim.evidence import stepping
from comsim.evidence.world import FactWorld
from comsim.measure.metrics.exposure import by_friends, shape
from comsim.model.catalogue import PARAMETERS
from comsim.model.kernel.people import contact
from comsim.model.periods import MONTH

WALK_INS = 2  # a day: people join without a friend, too
BINS = (2, 10)  # friends inside
LOOKS = range(60, 181, 60)  # days: one stretch of life, since a friend inside means less later on


def returns(world: FactWorld) -> dict[str, float | None]:
    """How the probability of joining within 30 days (in percentage points) depends on the number of
    friends who are already members (2 to 10): its slope and curvature."""
    days = LOOKS[-1] + MONTH + 1
    scenario = world.scenario("launch", days=days, policy={"intake": WALK_INS})
    events = world.run(scenario).events()
    table = by_friends(events, friends(scenario, world.seed), LOOKS)
    fitted = shape(table.loc[BINS[0] : BINS[1]])
    return {} if fitted is None else {"rise": 100 * fitted.slope, "bend": 100 * fitted.bend}


def friends(scenario, seed: int) -> pd.DataFrame:
    """The acquaintances in the market: rows (person, friend); each pair occurs in both orders."""
    people = stepping.start(scenario, seed).people
    number, near = (int(PARAMETERS[name].value) for name in ("contacts", "near_contacts"))
    near = 2 * (near // 2)
    person, which = np.divmod(np.arange(people.size * number), number)
    other = np.array([contact(people, a, b, near) for a, b in zip(person, which, strict=True)])
    known = other >= 0
    return pd.DataFrame({"person": person[known], "friend": other[known]}).drop_duplicates()
