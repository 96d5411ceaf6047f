"""F18: a launch spike dies down as a power law."""

from __future__ import annotations

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import activity
from comsim.measure.metrics.spike import decay


def launch(world: FactWorld) -> dict[str, float | None]:
    """Slope of the log-log line through daily visitors in the year after their peak, and by how
    much AICc prefers it to the exponential."""
    fit = decay(activity.dau(world.events("spike")))
    return {} if fit is None else {"slope": fit.slope, "lead": fit.lead}
