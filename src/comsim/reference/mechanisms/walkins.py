"""Walk-ins: people who join by themselves, without an invitation.

Levers: none directly; `release` acts through Mentions. Parameter: `walk_in_rate`. Count:
`joined_walk_in`.
"""

from __future__ import annotations

import math

from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.arrive import join
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.membership import accepts
from comsim.reference.mechanisms.mentions import mentions
from comsim.reference.people import normal

MANY = 30.0  # above this mean, a Poisson number is nearly normal


def walk_in(community: CommunityState) -> None:
    """People look in, and the eager ones join; they cost the operator nothing.

    A person outside joins with chance

    chance = walk_in_rate x eagerness x mentions x month x (1 - bad press)

    per day, where month is the factor of the scenario's calendar. In detail, the number of people
    who look in is a Poisson number with mean 2 x walk_in_rate x market x the other factors. They
    are the next people in a queue, a third random order of the market, which restarts at its end.
    Those who are outside join with probability eagerness / 2.
    """
    p, market, today = community.p, community.market, community.today
    if p.walk_in_rate == 0.0:
        return
    mean = 2.0 * p.walk_in_rate * market.size
    month = float(community.plan.season[community.day])
    mean *= mentions(community) * month * (1.0 - community.bad_press)
    four = words(community.seed, Purpose.WALK_INS, community.day, 0)
    number = min(poisson(mean, [uniform_from(word) for word in four]), market.size)
    for place in range(community.next_walk_in, community.next_walk_in + number):
        person = market.unshuffled(Purpose.WALK_IN_QUEUE, place % market.size)
        lap = place // market.size
        if community.is_outside(person) and stays(community, person, lap):
            if not accepts(community, person, community.levers[0].entry_fee):
                today["declined"] += 1
                continue
            join(community, person, community.levers[0].entry_fee)
            today["joined_walk_in"] += 1
    community.next_walk_in += number


def stays(community: CommunityState, person: int, lap: int) -> bool:
    """Whether a person who looks in joins: chance = eagerness / 2, each time.

    The random number belongs to the person's turn in the queue, not to the day, so it is the same
    if more or fewer people look in.
    """
    word = words(community.seed, Purpose.WALK_IN, lap, person)[0]
    return uniform_from(word) < community.market.eagerness(person) / 2.0


def poisson(mean: float, uniforms: list[float]) -> int:
    """A Poisson number with this mean, from four uniform ones.

    Up to a mean of 30, the number is the first one at which the distribution function exceeds u.
    Above that, it is a rounded normal number (z: see People, normal):

    number = whole part of (mean + square root of mean x z + 0.5)
    """
    if mean > MANY:
        return int(mean + math.sqrt(mean) * normal(uniforms) + 0.5)
    number, term = 0, math.exp(-mean)
    total = term
    while uniforms[0] >= total:
        number += 1
        term *= mean / number
        total += term
    return number
