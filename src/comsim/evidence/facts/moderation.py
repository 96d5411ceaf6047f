"""F16 and F17: effects of strict moderation of newcomers, and of moderation styles."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comsim.evidence.world import FactWorld
from comsim.logs.events import horizon
from comsim.measure.metrics import activity
from comsim.measure.metrics.first_posts import first_post_days, posted_again
from comsim.model.periods import MONTH

STRICT = 0.8
STYLES = {
    "none": {},
    "community": {"moderation": 0.2},  # a level that removes few good posts
    "personal": {"personal_moderation": 1.0, "matching": 1.0},
}


def newcomers(world: FactWorld) -> dict[str, float | None]:
    """The effect of strict moderation of newcomers: on the share of authors who post again within
    30 days of their first post (in percentage points), and on weekly members in the last month (in
    percent)."""
    strict = {"base": 0, "groups": {"newcomers": STRICT}}
    with_rules = world.run(world.scenario("launch", policy={"moderation": strict})).events()
    without = world.events("launch")
    weekly = [activity.wau(events)[-MONTH:].mean() for events in (with_rules, without)]
    return {
        "retention": 100 * (again(with_rules) - again(without)),
        "members": 100 * (weekly[0] / weekly[1] - 1),
    }


def again(events: pd.DataFrame) -> float:
    """The share of authors who post again within 30 days, among those observed for that long."""
    _, first = first_post_days(events)
    return float(np.mean(posted_again(events)[first + MONTH < horizon(events)]))


def styles(world: FactWorld) -> dict[str, float | None]:
    """How many more posts (in percent) each style brings in a year than another one."""
    posts = {
        style: world.run(world.scenario("diverse", policy=levers)).world.daily["posts"].sum()
        for style, levers in STYLES.items()
    }
    return {
        "over_community": 100 * (posts["personal"] / posts["community"] - 1),
        "over_none": 100 * (posts["personal"] / posts["none"] - 1),
        "community": 100 * (posts["community"] / posts["none"] - 1),
    }
