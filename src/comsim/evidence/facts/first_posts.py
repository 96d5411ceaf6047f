"""F7: a reply keeps a newcomer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from comsim.evidence import stepping
from comsim.evidence.world import FactWorld
from comsim.logs.events import event_table
from comsim.measure.metrics.first_posts import answered, first_post_days, posted_again
from comsim.model.periods import MONTH


def replied(world: FactWorld) -> dict[str, float | None]:
    """Three figures. Two are observed: the share of first posts that are answered the same day (all
    replies in the model come the same day), and by how many percentage points more of their authors
    post again within 30 days. The third is the effect of a reply: the same difference if a random
    draw decides who is answered."""
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
    days. A random half of the authors get one reply and the others none, whatever others wrote.

    The draw determines the reply that authors learn from, and thereby their joy, trust and
    confidence. Ties created by the original replies stay in both halves.
    """
    scenario, seed = world.scenario("launch"), world.seed
    here, kept = stepping.start(scenario, seed), []

    def interfere(w: Any) -> None:
        posts = int(w.now["posts"][0])
        authors = w.posts["author"][:posts]
        rows, first, number = np.unique(authors, return_index=True, return_counts=True)
        new = w.m.own["posts"][rows] == number
        for row, at, many in zip(rows[new], first[new], number[new], strict=True):
            w.echoes["replies"][at : at + many] = 0
            w.echoes["replies"][at] = stepping.lot(seed, w.m.person[row]) < 0.5
        kept.append(w.m.person[authors].astype(np.int64))

    for day in range(scenario.days):
        stepping.day(here, day, interfere)
    return difference(_posts(kept), seed)


def difference(events: pd.DataFrame, seed: int) -> float:
    """The difference between both halves in the share who post again, among authors who were
    watched for 30 days."""
    authors, first = first_post_days(events)
    watched = first + MONTH < events.attrs["days"]
    again = posted_again(events)[watched]
    heard = np.array([stepping.lot(seed, author) < 0.5 for author in authors[watched]])
    return float(again[heard].mean() - again[~heard].mean())


def _posts(authors: list[np.ndarray]) -> pd.DataFrame:
    """Authors of each day's posts as an event table."""
    day = np.repeat(np.arange(len(authors)), [len(one) for one in authors])
    return event_table(day, np.concatenate(authors), "post", days=len(authors))
