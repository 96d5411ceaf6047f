"""The effect of removing a bad post on its author."""

from __future__ import annotations

from typing import Any

import numpy as np

from comsim.evidence import stepping
from comsim.evidence.trials.own.looks import total
from comsim.evidence.trials.own.ratios import percent
from comsim.evidence.world import FactWorld
from comsim.model.kernel.mechanisms.topics import TOXIC
from comsim.model.periods import MONTH
from comsim.model.rng import Purpose, uniform_from, words
from comsim.scenario import Scenario

DAYS = 365
TOXICITY, STRICTNESS = 0.1, 0.3  # as in the ablation of moderation
MODERATED = [{"name": "moderated", "share": 0.5}, {"name": "rest", "share": 0.5}]


def removed(world: FactWorld) -> dict[str, float | None]:
    """A random half of the members are moderated. Authors whose toxic post is removed for the first
    time are compared with authors in the other half whose post would have been removed, by the same
    random number. Figures, in percent: toxic posts in the next 30 days, and all posts in the 30
    days after these. `whole`: toxic posts in the second half of the year if everybody is moderated,
    compared with nobody."""
    here, days = stepping.start(moderated(world, {"arm:moderated": STRICTNESS}), world.seed), []

    def look(w: Any) -> None:
        days.append(posts_of_day(w, world.seed, len(days)))

    for day in range(DAYS):
        stepping.day(here, day, look)
    row, toxic, cut = (np.concatenate(one) for one in zip(*days, strict=True))
    day = np.repeat(np.arange(DAYS), [len(one[0]) for one in days])
    toxic_after, posts_later = follow_up(row, day, toxic, cut, here.m.own["arm"] == 0)
    whole = (
        total(scenario, world.seed, "posts_toxic", DAYS // 2)
        for scenario in (moderated(world, STRICTNESS), moderated(world, 0))
    )
    return {"effect": toxic_after, "posts": posts_later, "whole": percent(*whole)}


def moderated(world: FactWorld, level: Any) -> Scenario:
    """A community with toxic posts, and one level of moderation for everybody or one per group."""
    lever = {"base": 0, "groups": level} if isinstance(level, dict) else level
    toxic = {"toxicity": TOXICITY}
    return world.scenario(
        "lots", policy={"moderation": lever}, days=DAYS, arms=MODERATED, parameters=toxic
    )


def posts_of_day(w: Any, seed: int, day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each post of a day: its author's row, whether it is toxic, and whether it was removed for
    being toxic or, in the arm without moderation, would have been."""
    posts, gone = int(w.now["posts"][0]), w.removed[: int(w.now["removed"][0])]
    author, toxic = w.posts["author"][:posts], w.about["kind"][:posts] == TOXIC
    chance = float(w.p["detection"][0]) * STRICTNESS * (2 - STRICTNESS)
    cut = np.zeros(posts, bool)
    for post in np.flatnonzero(toxic & (w.m.own["arm"][author] == 1)):
        nth = post - int(w.echoes["first"][post]) + 1
        word = words(seed, Purpose.CONDUCT, day, int(w.m.person[author[post]]), nth)[1]
        cut[post] = uniform_from(word) < chance
    bad = gone["kind"] == TOXIC
    return (
        np.concatenate([author, gone["author"]]),
        np.concatenate([toxic, bad]),
        np.concatenate([cut, bad]),
    )


def follow_up(
    row: np.ndarray, day: np.ndarray, toxic: np.ndarray, cut: np.ndarray, moderated: np.ndarray
) -> tuple[float | None, float | None]:
    """Toxic posts on days 1-30 and all posts on days 31-60 after an author's first removal: the
    mean of moderated authors compared with that of the others, in percent. Posts are in the order
    of days; `moderated` is by row."""
    authors, first = np.unique(row[cut], return_index=True)
    start = np.full(len(moderated), DAYS)
    start[authors] = day[cut][first]
    watched = start + 2 * MONTH < DAYS
    since = day - start[row]
    windows = toxic & (since >= 1) & (since <= MONTH), (since > MONTH) & (since <= 2 * MONTH)
    means = [
        [np.bincount(row[here], minlength=len(start))[watched & (moderated == arm)].mean()
         for arm in (True, False)]
        for here in windows
    ]  # fmt: skip
    return percent(*means[0]), percent(*means[1])
