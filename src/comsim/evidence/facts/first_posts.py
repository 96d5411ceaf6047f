"""F7: a reply brings newcomers back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from comsim.evidence import stepping
from comsim.evidence.world import FactWorld
from comsim.logs.events import event_table
from comsim.measure.metrics.first_posts import answered, first_post_days, posted_again
from comsim.model.periods import MONTH
from comsim.scenario import Scenario


def replied(world: FactWorld) -> dict[str, float | None]:
    """Three figures. Two are observed: the share of first posts that get a reply on the same day
    (all replies in the model do), and the difference, in percentage points, between authors with
    and without a reply in the share who post again within 30 days. The third is the effect of a
    reply: the same difference if replies are assigned at random."""
    observed = answered(world.events("launch"))
    if observed is None:
        return {}
    return {
        "share": observed.share,
        "difference": 100 * observed.difference,
        "effect": 100 * by_lot(world),
    }


def by_lot(world: FactWorld) -> float:
    """The effect of one reply to a first post on the share of authors who post again within 30
    days. A random half of the authors get one reply and the others none, regardless of the replies
    that were written.

    The assignment determines the replies that authors learn from, and thus their joy, trust and
    confidence. Ties created by the original replies remain in both halves.
    """
    seed = world.seed

    def replace_replies(w: Any) -> None:
        for row, at, many in zip(*first_timers(w), strict=True):
            w.echoes["replies"][at : at + many] = 0
            w.echoes["replies"][at] = stepping.lot(seed, w.m.person[row]) < 0.5

    heard, others = again(posts_with(world.scenario("launch"), seed, replace_replies), seed)
    return heard - others


def posts_with(scenario: Scenario, seed: int, interfere: Callable[[Any], None]) -> pd.DataFrame:
    """The posts of a community as an event table, with an intervention every day, after members
    have replied."""
    here, authors = stepping.start(scenario, seed), []

    def watched(w: Any) -> None:
        interfere(w)
        posts = w.posts["author"][: int(w.now["posts"][0])]
        authors.append(w.m.person[posts].astype(np.int64))

    for day in range(scenario.days):
        stepping.day(here, day, watched)
    day = np.repeat(np.arange(scenario.days), [len(one) for one in authors])
    return event_table(day, np.concatenate(authors), "post", days=scenario.days)


def first_timers(w: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Today's authors who had never posted before: their rows, the number of the first of their
    posts, and how many posts they wrote."""
    rows, first, number = np.unique(
        w.posts["author"][: int(w.now["posts"][0])], return_index=True, return_counts=True
    )
    new = w.m.own["posts"][rows] == number
    return rows[new], first[new], number[new]


def again(events: pd.DataFrame, seed: int) -> tuple[float, float]:
    """The shares who post again in both random halves, the treated half first, among authors who
    were observed for 30 days."""
    authors, first = first_post_days(events)
    watched = first + MONTH < events.attrs["days"]
    posted = posted_again(events)[watched]
    treated = np.array([stepping.lot(seed, author) < 0.5 for author in authors[watched]])
    return float(posted[treated].mean()), float(posted[~treated].mean())
