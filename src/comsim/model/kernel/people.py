"""The people of the market: who they are, in which order they are reached, and whom they know.

A person is a row number in a market of fixed size. Everything here is a pure function of the seed
and that number, so nothing is stored for people who never join.
"""

import math

import numpy as np

from comsim.model.declare import R4DS, MemberField, Parameter, Trait
from comsim.model.kernel.compile import njit
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.rng import Purpose

TRAITS_DRAW = np.uint32(Purpose.TRAITS)
MARKET_DRAW = np.uint32(Purpose.MARKET)
RECRUIT_DRAW = np.uint32(Purpose.RECRUIT)
CONTACT_DRAW = np.uint32(Purpose.CONTACT)
NO_DAY = np.uint32(0)
ROUNDS = 6

PARAMETERS = [
    Parameter("inequality", 1.0, "multiple", 0, 4,
              "how unequally people contribute: multiplies the spread of the trait contribution",
              doubt=1.25, label="inequality of contributions", label_zh="贡献的不平等程度"),
]  # fmt: skip

TRAITS = [
    Trait("activity", 0.19, 1.41, 0.005, 1.0, "visits a day",
          "how often this person visits when interest and habit are full and nothing hinders",
          "lognormal", fitted=R4DS, clock=1, label_zh="活跃度"),
    Trait("contribution", 0.0803, 1.37, 0.0005, 8.0, "posts a visit",
          "how much this person posts on a visit when interest is full", "lognormal", fitted=R4DS,
          label_zh="贡献倾向"),
    Trait("taste", 0.50, 0.30, 0.0, 1.0, "share",
          "how much of the value of a visit comes from other members, the rest from the operator",
          label="taste for members' posts", label_zh="对成员内容的偏好"),
    Trait("power", 1.0, 0.50, 0.1, 10.0, "multiple of the order value", "purchasing power",
          "lognormal", doubt=1, label="purchasing power", label_zh="购买力"),
    Trait("first_interest", 0.8, 0.25, 0.0, 1.0, "0 to 1", "interest when joining", fitted=R4DS,
          label_zh="初始兴趣"),
    Trait("first_trust", 0.45, 0.20, 0.0, 1.0, "0 to 1", "trust when joining", label_zh="初始信任"),
    Trait("forgetfulness", 1.0, 1.32, 0.02, 20.0, "multiple of forgetting",
          "how fast this person's interest fades", "lognormal",
          "assumption; that people differ, after Fader and Hardie 2007", fitted=R4DS, doubt=1,
          label_zh="兴趣遗忘快慢"),
]  # fmt: skip
# np.int64, since a plain constant makes numba compile a function anew for each value.
ACTIVITY, CONTRIBUTION, TASTE, POWER, FIRST_INTEREST, FIRST_TRUST, FORGETFULNESS = map(
    np.int64, range(len(TRAITS))
)

# Gathered together, so kept together: a record for each member.
FIELDS = [
    MemberField("segment", "u1", "segment of the market, in the order of the scenario"),
    MemberField("arm", "u1", "arm of an experiment"),
    MemberField("group", "u2", "segment and arm in one number", public=False),
    MemberField("contribution", "f4", "trait: posts a visit at full interest"),
    MemberField("taste", "f4", "trait: share of value that comes from members"),
    MemberField("power", "f4", "trait: purchasing power, multiple of the order value"),
]  # fmt: skip

# Read in the pass over all members, or by others: arrays of their own.
ARRAYS = [
    MemberField("person", "u4", "row of this member in the market: the id in every table"),
    MemberField("activity", "f4", "trait: visits a day at full drive"),
    MemberField("forgetfulness", "f4", "trait: multiple of the rate at which interest fades"),
]  # fmt: skip

TRAIT = np.dtype(
    [("value", "f8"), ("spread", "f8"), ("low", "f8"), ("high", "f8"), ("lognormal", "i8")]
)


@njit(forceinline=True)
def key_of(w):
    """The key of all random numbers: the two halves of the seed, low half first."""
    return w.people.key[0], w.people.key[1]


@njit(forceinline=True)
def draw(key, purpose, day, member, k):
    """Four random words for a key; `purpose` is a np.uint32 constant."""
    return philox4x32(np.uint32(member), np.uint32(k), np.uint32(day), purpose, key[0], key[1])


@njit
def share_of(bound, u):
    """Which of several shares a uniform falls into; `bound` holds the cumulative shares."""
    which = 0
    while which < bound.shape[0] - 1 and u >= bound[which]:
        which += 1
    return which


@njit
def segment_and_arm(people, person):
    """Segment and arm of a person, by the scenario's shares."""
    words = draw(people.key, MARKET_DRAW, NO_DAY, person, 0)
    return (
        share_of(people.segment_bound, uniform(words[1])),
        share_of(people.arm_bound, uniform(words[2])),
    )


@njit
def resistance(people, person):
    """How hard it is to persuade a person to join: uniform in (0, 1) and fixed for life."""
    return uniform(draw(people.key, MARKET_DRAW, NO_DAY, person, 0)[0])


@njit
def eagerness(people, person):
    """Multiplies a person's chance to join, by invitation or by themselves; from 0 to 2, mean 1.

    People differ widely (Granovetter 1978); the functional form is an assumption.
    """
    return 2.0 * (1.0 - resistance(people, person))


@njit
def normal(words):
    """A standard normal number from four random words: the sum of four uniforms, minus 2, times the
    root of 3 (Irwin-Hall). It lies within 3.46 standard deviations and needs no logarithm."""
    a, b, c, d = words
    return (uniform(a) + uniform(b) + uniform(c) + uniform(d) - 2.0) * math.sqrt(3.0)


@njit
def trait(people, segment, person, which):
    """A trait of a person: a keyed draw from the distribution of the person's segment."""
    words = draw(people.key, TRAITS_DRAW, NO_DAY, person, which)
    t = people.traits[segment, which]
    if t.lognormal:
        x = t.value * math.exp(t.spread * normal(words))
    else:
        x = t.value + t.spread * (2.0 * uniform(words[0]) - 1.0)
    return min(max(x, t.low), t.high)


@njit
def permuted(people, purpose, stream, x, inverse):
    """The place of x in a keyed shuffle of the market, or the person at place x (`inverse`).

    A Feistel network on the smallest even number of bits that holds the market, with Philox as its
    round function; places outside the market are encrypted again until they lie inside (cycle
    walking, Black and Rogaway 2002).
    """
    half = people.half_bits
    mask = np.uint32((np.int64(1) << half) - 1)
    y = np.int64(x)
    while True:
        left = np.uint32(np.int64(y) >> half)
        right = np.uint32(np.int64(y) & np.int64(mask))
        for step in range(ROUNDS):
            if inverse:
                k = stream * ROUNDS + ROUNDS - 1 - step
                word = draw(people.key, purpose, NO_DAY, left, k)[0]
                left, right = np.uint32((right ^ word) & mask), left
            else:
                k = stream * ROUNDS + step
                word = draw(people.key, purpose, NO_DAY, right, k)[0]
                left, right = right, np.uint32((left ^ word) & mask)
        y = (np.int64(left) << half) | np.int64(right)
        if y < people.size:
            return y


@njit(from_python=True)
def contact(people, person, k, near):
    """The k-th acquaintance of a person, or -1: a keyed, symmetric small world that needs no
    storage.

    The first `near` are neighbours on a ring, the others partners in keyed perfect matchings of the
    whole market (Newman and Watts 1999: a ring with shortcuts). Symmetric: if j is among i's
    contacts, i is among j's.
    """
    if k < near:
        step = 1 + k // 2
        other = person + step if k % 2 == 0 else person - step
        other = (other + people.size) % people.size
    else:
        place = permuted(people, CONTACT_DRAW, k, person, False) ^ 1
        if place >= people.size:
            return np.int64(-1)
        other = permuted(people, CONTACT_DRAW, k, place, True)
    return other if other != person else np.int64(-1)
