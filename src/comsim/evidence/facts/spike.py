"""F18: a launch spike dies down as a power law."""

from __future__ import annotations

from comsim.evidence.world import World
from comsim.measure.metrics import activity
from comsim.measure.metrics.spike import decay


def launch(world: World) -> dict[str, float | None]:
    """Slope of the log-log line through daily visitors in the year after their peak, and by how
    much AICc prefers it to the exponential."""
    found = decay(activity.dau(world.events("spike")))
    return {} if found is None else {"slope": found.slope, "lead": found.lead}
