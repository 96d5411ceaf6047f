"""F18: a launch spike decays as a power law."""

from __future__ import annotations

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import activity
from comsim.measure.metrics.spike import decay


def launch(world: FactWorld) -> dict[str, float | None]:
    """The slope of a power law fitted to daily visitors in the year after their peak (a line on
    log-log axes), and by how much AICc favours it over an exponential."""
    fit = decay(activity.dau(world.events("spike")))
    return {} if fit is None else {"slope": fit.slope, "lead": fit.lead}
