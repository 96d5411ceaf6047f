"""The work that all peers do: a life of comsim's default community, and how it is timed.

Everybody joins on day 0 and nobody later, so that the number of members is known. A day is then,
in the words of `comsim.reference`, for the default levers:

1. A night passes: interest, habit and fatigue fade.
2. Each member decides at random whether to visit; members with less trust visit less often. Trust
   recovers while they are away. Absent members whose last visit was 28, 56, 84 ... days ago may
   leave, and lose their role.
3. Visitors write posts, at most 8 each, and fewer with less trust.
4. Visitors see the official post, an ad and members' posts, as many as they have attention for: the
   first posts of friends, then of two posts drawn at random often the one of higher standing. They
   reply to at most 4, and ties form: 6 a member, with a strength that wears off.
5. Visitors learn: interest, expectation, trust, habit, fatigue, novelty, voice, standing, role.
   After the first visit, those who are not hooked by it lose most of their interest.
6. Visitors mute or unmute, leave, order.
7. The day's counts are written down (COLUMNS).

Mechanisms that would lengthen the peers without adding to the comparison are off, in comsim as well
(OFF).

Every peer does all this with the same numbers, taken from comsim's catalogue, and with random
numbers of its own, so that lives agree in distribution (`measure.py` checks it), not bit by bit.
Peers leave out everything that is zero in this run, while comsim at least has to test it:
segments, arms, invitations, rewards, coupons, rules, subgroups, events and all else that is off.
They also leave out keyed draws, sums that do not depend on the order, and the books.

A peer is a module with a function `live(members, days, seed)` that goes from the seed to the daily
counts, a dictionary of arrays. It may have COMPILES = True: it is then called once before the clock
runs, with the same arguments, so that no compiling is timed.
"""

from __future__ import annotations

from collections import namedtuple

import numpy as np

import comsim
from comsim.model.catalogue import LEVERS, TRAITS
from comsim.model.kernel.basics import TIE_SLOTS
from comsim.model.kernel.publish import MOST_POSTS
from comsim.model.kernel.reply import MOST_REPLIES
from comsim.model.kernel.ties import STRONGEST
from comsim.model.periods import DORMANT_AFTER
from comsim.scenario import parameter_values

__all__ = [
    "COLUMNS", "DORMANT_AFTER", "MOST_POSTS", "MOST_REPLIES", "STRONGEST", "TIE_SLOTS", "P",
    "count", "live", "scenario", "traits",
]  # fmt: skip

COLUMNS = (
    "members", "muted", "dau", "wau", "posts", "replies", "items_members", "ad_impressions", "left",
    "orders", "interest_sum", "trust_sum",
)  # fmt: skip
# Parameters that are 0 here. Their mechanisms need one or two numbers a day (weather; walk-ins,
# though nobody is outside; mentions), or a few more lines of the kind that peers already have (idle
# spells, conversation, overload).
OFF = (
    "weather_spread", "walk_in_rate", "mention_spread", "burst_rate", "idle_chance", "recall",
    "talk_back", "overload",
)  # fmt: skip
FIXED = {"interest_sum": 2.0**30, "trust_sum": 2.0**30}  # comsim keeps these sums as integers


def scenario(members: int, days: int) -> comsim.Scenario:
    """The defaults but for OFF, with everybody joining on day 0 and nobody later."""
    joining = {"base": 0, "on": [{"day": 0, "value": members}]}
    return comsim.Scenario.from_dict(
        {
            "name": "benchmark",
            "days": days,
            "community": {"market": members},
            "policy": {"seed_group": 0, "intake": joining},
            "parameters": dict.fromkeys(OFF, 0),
        }
    )


def numbers() -> tuple:
    """The model's parameters and levers by default, by name: P.attention, P.ad_pressure, ..."""
    found = parameter_values(scenario(1, 1), 0)
    levers = ("ad_pressure", "official_posts", "content_quality")
    found |= {name: float(LEVERS[name].default) for name in levers}
    return namedtuple("Numbers", found)(**{name: float(value) for name, value in found.items()})


P = numbers()


def traits(rng: np.random.Generator, members: int) -> dict[str, np.ndarray]:
    """Every trait of so many people, float32, from comsim's distributions. The more
    easily people are persuaded to join, the more often they visit."""
    drawn = {}
    for name, trait in TRAITS.items():
        if trait.shape == "lognormal":  # by four uniform numbers, as good as a normal one
            normal = (rng.random((4, members)).sum(axis=0) - 2.0) * 3**0.5
            drawn[name] = trait.value * np.exp(trait.spread * normal)
        else:
            drawn[name] = trait.value + trait.spread * rng.uniform(-1, 1, members)
        drawn[name] = np.clip(drawn[name], trait.low, trait.high)
    keen = drawn["activity"] * (1.0 + P.keenness * rng.uniform(-1, 1, members))
    drawn["activity"] = np.clip(keen, TRAITS["activity"].low, TRAITS["activity"].high)
    return {name: values.astype(np.float32) for name, values in drawn.items()}


def live(members: int, days: int, seed: int) -> dict[str, np.ndarray]:
    """The same life by comsim, on one thread."""
    daily = comsim.simulate(scenario(members, days), seed=seed, threads=1).world.daily
    return {name: daily[name] / FIXED.get(name, 1.0) for name in COLUMNS}


def count(rows: list[tuple]) -> dict[str, np.ndarray]:
    """Daily counts by name, from one tuple a day in the order of COLUMNS."""
    return dict(zip(COLUMNS, np.array(rows, float).T, strict=True))
