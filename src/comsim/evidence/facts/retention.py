"""F5: retention falls fast, then flattens."""

from __future__ import annotations

from itertools import pairwise

from comsim.evidence.world import FactWorld
from comsim.measure.metrics.retention import posting

MONTHS = (1, 2, 3)


def months(world: FactWorld) -> dict[str, float | None]:
    """The share of authors who post in month k of 30 days after their first post (month 0 contains
    that post). Also the hazard: the share of one month's authors who do not post in the next."""
    events = world.events("launch")
    kept = [1.0, *(posting(events, month) for month in MONTHS)]
    if not all(kept):
        return {}
    hazard = [1 - after / before for before, after in pairwise(kept)]
    return {
        **{f"month_{k}": share for k, share in enumerate(kept) if k},
        "month_3_of_1": kept[3] / kept[1],
        "hazard_falls_1": hazard[0] - hazard[1],
        "hazard_falls_2": hazard[1] - hazard[2],
    }
