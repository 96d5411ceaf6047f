"""F1: a few members write most of it."""

from __future__ import annotations

from comsim.metrics import inequality
from comsim.validation.world import World


def unequal(world: World) -> dict[str, float | None]:
    """Gini of lifetime posts of authors with at least one, and what the busiest tenth wrote; the
    whole launch."""
    events = world.events("launch")
    return {"gini": inequality.gini(events), "top_tenth": inequality.top_share(events)}
