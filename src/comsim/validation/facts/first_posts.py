"""F7: a reply keeps a newcomer."""

from __future__ import annotations

from comsim.metrics.first_posts import answered
from comsim.validation.world import World


def observed(world: World) -> dict[str, float | None]:
    """First posts answered on their day (the model's replies come the same day), and how many
    points more of their authors post again within 30 days."""
    found = answered(world.events("launch"))
    if found is None:
        return {}
    return {"share": found.share, "difference": 100 * found.difference}
