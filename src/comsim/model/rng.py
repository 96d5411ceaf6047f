"""Keyed random numbers: each one is a pure function of its key.

The key is (seed, purpose, day, member, k), so a member has the same random numbers under two
policies, in any order of members and on any number of threads. The generator is Philox4x32-7
(Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11): seven
rounds of multiplication and xor turn a counter of four 32-bit words into four random words, under
a key of two. Seven is the smallest number of rounds that passed BigCrush in the authors' tests; the
usual ten add a safety margin. tests/statistical/test_rng_quality.py tests seven rounds on the keys
used here. No counter is used for two purposes, so nothing has to be stored.

    counter = (member, k, day, purpose)      key = (low half of the seed, high half)

This is the readable implementation, in plain Python; `comsim.model.kernel.random` is the compiled
one.
"""

from enum import IntEnum
from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray

MASK32 = 0xFFFFFFFF
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
KEY_STEPS = 0x9E3779B9, 0xBB67AE85  # the golden ratio and the square root of 3, less 1
ROUNDS = 7

FourWords = tuple[int, int, int, int]


class Purpose(IntEnum):
    """What a random number is used for.

    A random number about two people has the second one's id in k, and its purpose is used for
    nothing else. Values are never reused or changed, since that would change the meaning of a seed.
    """

    TRAITS = 1
    MARKET = 2
    CONTACT = 3
    RECRUIT = 4
    DAY = 5
    PUBLISH = 7
    FEED = 8
    GIFT = 12
    WORLD = 13
    INVITER = 14
    GREET = 20
    TASK = 21
    ATTEND = 22
    KOL_QUEUE = 23
    KOL_JOIN = 24
    SHARE = 25
    PUSH = 27
    MEET = 28
    MEMBERSHIP = 60
    ENTRY_FEE = 61
    SHOCK = 50
    RAFFLE = 51
    VOLUNTEER = 52
    TOPIC = 30
    CONDUCT = 31
    MATCH = 32
    SIFT = 33
    RESPOND = 34
    SPLIT = 40
    OBSERVE = 70
    VISIT = 85  # one draw for four days: `day` is the number of a block of four days
    SPELL = 86
    WEATHER = 87
    RECALL = 88
    PERSUADE = 80
    WALK_IN_QUEUE = 81
    WALK_IN = 82
    WALK_INS = 83
    MENTION = 84
    HOOK = 95
    NUDGE = 100


def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int, rounds: int = ROUNDS) -> FourWords:
    """Four random 32-bit words for a counter and a key, all of them ints in [0, 2**32).

    If a part is an array of uint64, the words are arrays as well.
    """
    for _ in range(rounds):
        p0, p1 = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK32, (p0 >> 32) ^ c3 ^ k1, p0 & MASK32
        k0, k1 = (k0 + KEY_STEPS[0]) & MASK32, (k1 + KEY_STEPS[1]) & MASK32
    return c0, c1, c2, c3


def words(seed: int, purpose: int, day: int, member: int, k: int = 0) -> FourWords:
    """The four random words of a key; `k` counts random numbers, or is the other member's id."""
    seed, purpose, day, member, k = _checked(seed, purpose, day, member, k)
    return philox(member, k, day, purpose, seed & MASK32, seed >> 32)


def _checked(seed: int, purpose: int, day: int, member: int, k: int) -> tuple[int, ...]:
    """The parts of a key as Python ints; ValueError if one is out of range."""
    # numpy's integers would overflow in the products, and a part that is out of range would be
    # truncated and collide with another key.
    seed, purpose, day, member, k = map(index, (seed, purpose, day, member, k))
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed must lie in [0, 2**64), got {seed}")
    if (purpose | day | member | k) >> 32:
        raise ValueError(
            "purpose, day, member and k must lie in [0, 2**32), "
            f"got {purpose}, {day}, {member}, {k}"
        )
    return seed, purpose, day, member, k


def uniform_from(word: int) -> float:
    """A word as a number in the open interval (0, 1): the middle of its cell, exact in float64."""
    return (word + 0.5) * 2.0**-32


def uniform32_from(word: int) -> np.float32:
    """The upper 24 bits of a word in single precision: above 0, at most 1."""
    return (np.float32(word >> 8) + np.float32(0.5)) * np.float32(2.0**-24)


def uniforms(
    seed: int, purpose: int, day: int, members: ArrayLike, k: int = 0
) -> NDArray[np.float64]:
    """`uniform_from` the first of the `words` of each member; members: whole numbers."""
    members = np.asarray(members, np.uint64)  # products of 32-bit words fit
    seed, purpose, day, _, k = _checked(seed, purpose, day, members.max(initial=0), k)
    first, *_ = philox(members, k, day, purpose, seed & MASK32, seed >> 32)
    return uniform_from(first)
