"""F12: word of mouth makes growth S-shaped."""

from __future__ import annotations

from comsim.evidence.world import FactWorld
from comsim.measure.metrics.adoption import bass, weekly_joiners


def s_curve(world: FactWorld) -> dict[str, float | None]:
    """The ratio of imitation to innovation (q/p) in weekly joiners of a viral community, and
    without word of mouth."""
    on = bass(weekly_joiners(world.events("viral")))
    off = bass(weekly_joiners(world.events("no_word_of_mouth")))
    if on is None or off is None:
        return {}
    return {"on": on.imitation, "off": off.imitation, "p": on.p, "q": on.q, "told": on.r_squared}
