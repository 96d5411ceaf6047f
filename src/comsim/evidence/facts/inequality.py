"""F1: a few members write most of the posts."""

from __future__ import annotations

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import inequality


def unequal(world: FactWorld) -> dict[str, float | None]:
    """The Gini coefficient of lifetime posts among authors with at least one post, and the share
    written by the most active tenth, over the whole launch."""
    events = world.events("launch")
    return {"gini": inequality.gini(events), "top_tenth": inequality.top_share(events)}
