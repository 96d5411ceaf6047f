"""The effects of replies to a first post."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from comsim.evidence import stepping
from comsim.evidence.facts.first_posts import again, by_lot, first_timers, posts_with
from comsim.evidence.trials.own.ratios import percent
from comsim.evidence.world import FactWorld
from comsim.measure.metrics.first_posts import answered
from comsim.model.rng import Purpose, uniform_from, words

DAYS = 300
MORE = 0.54  # replies more, as a share of the usual number


def nudged(world: FactWorld) -> dict[str, float | None]:
    """The first posts of a random half of the newcomers get 1.54 times the replies. The figure is
    the share who post again within 30 days, compared with the other half, in percent.

    The number of additional replies to a post is Poisson distributed, as if each reader were more
    likely to reply. Its mean is 0.54 times the mean number of replies to first posts so far. These
    replies form no ties.
    """
    seed, had = world.seed, [0, 0]  # replies, first posts

    def add_replies(w: Any) -> None:
        rows, first, _ = first_timers(w)
        had[0] += int(w.echoes["replies"][first].sum())
        had[1] += len(rows)
        key = seed, Purpose.WORLD, 0
        draws = [words(*key, person, stepping.LOT_KEY)[:2] for person in w.m.person[rows].tolist()]
        lot, number = uniform_from(np.array(draws, float).reshape(-1, 2).T)
        more = stats.poisson.ppf(number, MORE * had[0] / max(had[1], 1))
        w.echoes["replies"][first] += np.where(lot < 0.5, more, 0).astype(np.int32)

    posts = posts_with(world.scenario("lots", days=DAYS), seed, add_replies)
    return {"effect": percent(*again(posts, seed))}


def heard(world: FactWorld) -> dict[str, float | None]:
    """The effect of one reply to a first post on the share of authors who post again, in percentage
    points (`facts.first_posts.by_lot`), and the observed difference."""
    observed = answered(world.events("launch"))
    return {
        "effect": 100 * by_lot(world),
        "observed": 100 * observed.difference if observed else None,
    }
