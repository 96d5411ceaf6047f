"""F2 to F4: who writes, who visits every day, and on which weekdays."""

from __future__ import annotations

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import activity, participation, rhythm, stickiness


def posters(world: FactWorld) -> dict[str, float | None]:
    """Members who posted in the last week, as a share of the week's visitors and of the accounts
    that are at least 90 days old; means over the days of R4DS."""
    events = world.events("r4ds")
    return {
        "of_visitors": participation.posters_wau(events),
        "of_accounts": participation.posters_accounts(events),
    }


def sticky(world: FactWorld) -> dict[str, float | None]:
    """DAU over WAU, and over accounts; means over the days of R4DS."""
    events = world.events("r4ds")
    return {"of_week": stickiness.dau_wau(events), "of_accounts": stickiness.dau_members(events)}


def week(world: FactWorld) -> dict[str, float | None]:
    """The ratio of weekends to weekdays in daily visitors and in messages (posts), over the whole
    launch."""
    events = world.events("launch")
    return {
        "visitors": rhythm.weekend_weekday(events, activity.dau),
        "messages": rhythm.weekend_weekday(events, activity.posts),
    }
