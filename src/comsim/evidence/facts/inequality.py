"""F1: a few members write most of it."""

from __future__ import annotations

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import inequality


def unequal(world: FactWorld) -> dict[str, float | None]:
    """Gini of lifetime posts of authors with at least one, and what the busiest tenth wrote; the
    whole launch."""
    events = world.events("launch")
    return {"gini": inequality.gini(events), "top_tenth": inequality.top_share(events)}
