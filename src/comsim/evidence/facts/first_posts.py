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
    """What is observed: first posts answered on their day (the model's replies come the same day),
    and how many points more of their authors post again within 30 days. And what a reply does:
    the same difference where a lot decides who is answered."""
    observed = answered(world.events("launch"))
    if observed is None:
        return {}
    return {
        "share": observed.share,
        "difference": 100 * observed.difference,
        "effect": 100 * by_lot(world),
    }


def by_lot(world: FactWorld) -> float:
    """Posting again within 30 days: authors whose first post gets one reply, less those whose
    first post gets none, as a share; half and half by lot, whatever others wrote.

    The lot changes what the author hears, and so their joy, trust and confidence. Ties that real
    replies made stay as they are, in both halves alike.
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
    """Of those whose 30 days lie inside the days watched: posting again, by the lot."""
    authors, first = first_post_days(events)
    watched = first + MONTH < events.attrs["days"]
    again = posted_again(events)[watched]
    heard = np.array([stepping.lot(seed, author) < 0.5 for author in authors[watched]])
    return float(again[heard].mean() - again[~heard].mean())


def _posts(authors: list[np.ndarray]) -> pd.DataFrame:
    """Authors of each day's posts as an event table."""
    day = np.repeat(np.arange(len(authors)), [len(one) for one in authors])
    return event_table(day, np.concatenate(authors), "post", days=len(authors))
