"""F20: a group that shows nothing but offers is soon muted."""

from __future__ import annotations

import pandas as pd

from comsim.evidence.world import FactWorld

OFFERS, MIXED = 1.0, 0.2  # share of official posts


def muted(world: FactWorld) -> dict[str, float | None]:
    """The share of all joiners who muted the group within 90 days."""
    return {
        name: ever_muted(world.run(world.scenario("welfare", policy={"offers": share})).events())
        for name, share in (("billboard", OFFERS), ("mixed", MIXED))
    }


def ever_muted(events: pd.DataFrame) -> float | None:
    """The share of all joiners who ever muted the group; None if nobody joined."""
    members = events.loc[events["kind"] == "join", "member"].nunique()
    return events.loc[events["kind"] == "mute", "member"].nunique() / members if members else None
