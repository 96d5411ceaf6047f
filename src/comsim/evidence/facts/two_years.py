"""F19: novelty lasts about two years."""

from __future__ import annotations

import pandas as pd

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import activity
from comsim.model.stages import retrospective_stages, stage_spans

TWO_YEARS = 730  # days


def used_up(world: FactWorld) -> dict[str, float | None]:
    """The day on which decline begins (None if it never does), and whether it begins within two
    years despite releases."""
    renewed = decline(world.events("releases"))
    return {
        "decline": decline(world.events("three_years")),
        "renewed": float(renewed is not None and renewed < TWO_YEARS),
    }


def decline(events: pd.DataFrame) -> int | None:
    """The first day of the first stage of decline in weekly members."""
    spans = stage_spans(retrospective_stages(activity.wau(events)))
    return next((first for stage, first, _ in spans if stage == "decline"), None)
