"""F16 and F17: how strict moderation is, to whom, and in which style."""

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
    """What strictness to newcomers does: to the share of them who post again within 30 days of
    their first post, in points, and to weekly members in the last month, in percent."""
    strict = {"base": 0, "groups": {"newcomers": STRICT}}
    with_rules = world.run(world.scenario("launch", policy={"moderation": strict})).events()
    without = world.events("launch")
    weekly = [activity.wau(events)[-MONTH:].mean() for events in (with_rules, without)]
    return {
        "retention": 100 * (again(with_rules) - again(without)),
        "members": 100 * (weekly[0] / weekly[1] - 1),
    }


def again(events: pd.DataFrame) -> float:
    """Share of authors, watched for 30 days after their first post, who post again in them."""
    _, first = first_post_days(events)
    return float(np.mean(posted_again(events)[first + MONTH < horizon(events)]))


def styles(world: FactWorld) -> dict[str, float | None]:
    """Posts in a year under each style, in percent more than under another."""
    posts = {
        style: world.run(world.scenario("diverse", policy=levers)).world.daily["posts"].sum()
        for style, levers in STYLES.items()
    }
    return {
        "over_community": 100 * (posts["personal"] / posts["community"] - 1),
        "over_none": 100 * (posts["personal"] / posts["none"] - 1),
        "community": 100 * (posts["community"] / posts["none"] - 1),
    }
