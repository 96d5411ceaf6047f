"""The people of the market: who they are, in which order they hear of us, whom they know.

A person is a row number in a market of fixed size. Everything here is a pure function of the
seed and that number, so nothing is stored for people who never join.
"""

import math

import numpy as np

from comsim.declare import Field, Trait
from comsim.kernel.compile import njit
from comsim.kernel.random import philox4x32, uniform
from comsim.rng import Purpose

TRAITS_DRAW = np.uint32(Purpose.TRAITS)
MARKET_DRAW = np.uint32(Purpose.MARKET)
RECRUIT_DRAW = np.uint32(Purpose.RECRUIT)
CONTACT_DRAW = np.uint32(Purpose.CONTACT)
NO_DAY = np.uint32(0)
ROUNDS = 6

TRAITS = [
    Trait(
        "activity", 0.30, 0.90, 0.005, 1.0, "visits a day",
        "how often this person visits when interest and habit are full and nothing hinders",
        "lognormal",
    ),
    Trait(
        "contribution", 0.12, 1.30, 0.0005, 8.0, "posts a visit",
        "how much this person posts on a visit when interest is full",
        "lognormal",
        "assumption; the spread is set so that lifetime posts are as unequal as in CollegeMsg",
    ),
    Trait(
        "taste", 0.50, 0.30, 0.0, 1.0, "share",
        "how much of the value of a visit comes from other members, the rest from the operator",
    ),
    Trait(
        "power", 1.0, 0.50, 0.1, 10.0, "multiple of the order value",
        "purchasing power",
        "lognormal",
    ),
    Trait("first_interest", 0.60, 0.25, 0.0, 1.0, "0 to 1", "interest when joining"),
    Trait("first_trust", 0.45, 0.20, 0.0, 1.0, "0 to 1", "trust when joining"),
]
ACTIVITY, CONTRIBUTION, TASTE, POWER, FIRST_INTEREST, FIRST_TRUST = range(len(TRAITS))

FIELDS = [
    Field("person", "u4", "row of this member in the market: the id in every table"),
    Field("segment", "u1", "segment of the market, in the order of the scenario"),
    Field("arm", "u1", "arm of an experiment"),
    Field("group", "u2", "segment and arm in one number", public=False),
    Field("activity", "f4", "trait: visits a day at full drive"),
    Field("contribution", "f4", "trait: posts a visit at full interest"),
    Field("taste", "f4", "trait: share of value that comes from members"),
    Field("power", "f4", "trait: purchasing power, multiple of the order value"),
]


@njit
def draw(w, purpose, day, member, k):
    """Four words for a key; `purpose` is a np.uint32 constant."""
    return philox4x32(
        np.uint32(member), np.uint32(k), np.uint32(day), purpose, w.key_low, w.key_high
    )


@njit
def segment_of(w, person):
    """Segment of a person, by the shares of the scenario."""
    u = uniform(draw(w, MARKET_DRAW, NO_DAY, person, 0)[1])
    segment = 0
    while segment < w.segment_bound.shape[0] - 1 and u >= w.segment_bound[segment]:
        segment += 1
    return segment


@njit
def arm_of(w, person):
    """Arm of a person, by the shares of the scenario."""
    u = uniform(draw(w, MARKET_DRAW, NO_DAY, person, 0)[2])
    arm = 0
    while arm < w.arm_bound.shape[0] - 1 and u >= w.arm_bound[arm]:
        arm += 1
    return arm


@njit
def invitations_needed(w, person):
    """After how many invitations this person joins: 1 + reluctance times the odds of a uniform.

    Half of the people need at most 1 + reluctance; some need very many. Assumption: thresholds
    differ widely (Granovetter 1978), the form is ours.
    """
    u = uniform(draw(w, MARKET_DRAW, NO_DAY, person, 0)[0])
    return 1 + np.int64(min(w.p[0].reluctance * u / (1.0 - u), 254.0))


@njit
def trait(w, segment, person, which):
    """A trait of a person: a keyed draw from the distribution of the person's segment.

    A normal is the sum of four uniforms, less 2, times the root of 3 (Irwin-Hall): it has mean
    0 and variance 1 and ends at 3.46 standard deviations, and needs no logarithm.
    """
    a, b, c, d = draw(w, TRAITS_DRAW, NO_DAY, person, which)
    value = w.trait_value[segment, which]
    spread = w.trait_spread[segment, which]
    if w.trait_lognormal[which]:
        normal = (uniform(a) + uniform(b) + uniform(c) + uniform(d) - 2.0) * math.sqrt(3.0)
        x = value * math.exp(spread * normal)
    else:
        x = value + spread * (2.0 * uniform(a) - 1.0)
    return min(max(x, w.trait_low[which]), w.trait_high[which])


@njit
def permuted(w, purpose, stream, x, inverse):
    """The place of x in a keyed shuffle of the market, or the person at place x (`inverse`).

    A Feistel network on the smallest even number of bits that holds the market, with Philox as
    its round function; places outside the market are walked on from (Black and Rogaway 2002).
    """
    half = np.uint32(w.half_bits)
    mask = np.uint32((np.int64(1) << w.half_bits) - 1)
    y = np.int64(x)
    while True:
        left = np.uint32(np.int64(y) >> w.half_bits)
        right = np.uint32(np.int64(y) & np.int64(mask))
        for step in range(ROUNDS):
            if inverse:
                k = stream * ROUNDS + ROUNDS - 1 - step
                word = draw(w, purpose, NO_DAY, left, k)[0]
                left, right = np.uint32((right ^ word) & mask), left
            else:
                k = stream * ROUNDS + step
                word = draw(w, purpose, NO_DAY, right, k)[0]
                left, right = right, np.uint32((left ^ word) & mask)
        y = (np.int64(left) << np.int64(half)) | np.int64(right)
        if y < w.market:
            return y


@njit
def contact(w, person, k):
    """The k-th acquaintance of a person, or -1: a keyed, symmetric small world with no storage.

    The first `near_contacts` are neighbours on a ring, the others partners in keyed perfect
    matchings of the whole market (Newman and Watts 1999: a ring with shortcuts). Symmetric: if
    j is among i's contacts, i is among j's.
    """
    near = np.int64(w.p[0].near_contacts)
    if k < near:
        step = 1 + k // 2
        other = person + step if k % 2 == 0 else person - step
        other = (other + w.market) % w.market
    else:
        place = permuted(w, CONTACT_DRAW, k, person, False) ^ 1
        if place >= w.market:
            return np.int64(-1)
        other = permuted(w, CONTACT_DRAW, k, place, True)
    return other if other != person else np.int64(-1)
