"""F6: activity decays once nobody joins any more."""

from __future__ import annotations

import pandas as pd

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import activity
from comsim.measure.metrics.halflife import half_life

FIRST, LAST = 14, 117  # days of R4DS from the end of its first intake to its relaunch


def decay(world: FactWorld) -> dict[str, float | None]:
    """Half-lives in days of daily visitors and of messages after the intake closed."""
    return half_lives(world.events("closed_intake"))


def half_lives(events: pd.DataFrame) -> dict[str, float | None]:
    """Half-lives of daily visitors, and of messages (posts and replies), over days 14 to 117."""
    visitors = half_life(activity.dau(events), FIRST, LAST)
    written = half_life(activity.posts(events) + activity.replies(events), FIRST, LAST)
    both = visitors is not None and written is not None
    return {
        "visitors": visitors,
        "messages": written,
        "messages_sooner": visitors - written if both else None,
    }
