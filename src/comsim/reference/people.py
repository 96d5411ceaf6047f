"""People of the market: their traits, their contacts, and the order in which they are recruited.

Parameters: `contacts`, `near_contacts`; and all traits. No lever acts on them.

A person is a number from 0 to size - 1. All properties of a person are computed from this number
and the seed, so they are the same under every policy, and need no storage.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

from comsim.model.catalogue import TRAITS
from comsim.model.rng import Purpose, uniform_from, words
from comsim.scenario import Plan
from comsim.scenario.pace import paced_traits, unequal

FEISTEL_ROUNDS = 6


class Market:
    """All people who can ever join: `size` people, in the segments and arms of the plan."""

    def __init__(self, size: int, plan: Plan, p: SimpleNamespace, seed: int):
        self.size, self.plan, self.p, self.seed = size, plan, p, seed
        self.trait_value = paced_traits(plan.trait_value, p.clock)
        self.trait_spread = unequal(plan.trait_spread, p.inequality)
        bits = max(size - 1, 1).bit_length()
        self.half = (bits + 1) // 2  # bits of each half of a position

    def uniforms(self, purpose: Purpose, person: int, k: int = 0) -> list[float]:
        """Four uniform random numbers in (0, 1) that belong to a person for life.

        A purpose can have any number of such quadruples; k is the number of the quadruple.
        """
        return [uniform_from(word) for word in words(self.seed, purpose, 0, person, k)]

    def segment_and_arm(self, person: int) -> tuple[int, int]:
        """The person's market segment and experimental arm: drawn independently, with the shares
        of the scenario."""
        _, segment, arm, _ = self.uniforms(Purpose.MARKET, person)
        return part_of(self.plan.segment_bound, segment), part_of(self.plan.arm_bound, arm)

    def traits(self, person: int) -> dict[str, float]:
        """All traits, drawn from the distributions of the person's segment.

        lognormal:  trait = value x exp(spread x z)
        uniform:    trait = value + spread x (2 u - 1)

        Value is the median (lognormal) or mean (uniform), z is standard normal (see `normal`), and
        results are clipped to the trait's range.
        """
        segment, _ = self.segment_and_arm(person)
        drawn = {}
        for k, trait in enumerate(TRAITS.values()):
            value = float(self.trait_value[segment, k])
            spread = float(self.trait_spread[segment, k])
            uniforms = self.uniforms(Purpose.TRAITS, person, k)
            if trait.shape == "lognormal":
                x = value * math.exp(spread * normal(uniforms))
            else:
                x = value + spread * (2.0 * uniforms[0] - 1.0)
            drawn[trait.name] = min(max(x, trait.low), trait.high)
        return drawn

    def resistance(self, person: int) -> float:
        """How hard it is to persuade a person to join: a u of their own, fixed for life."""
        return self.uniforms(Purpose.MARKET, person)[0]

    def eagerness(self, person: int) -> float:
        """The factor of a person's chance to join, with or without an invitation. The mean is 1.

        eagerness = 2 x (1 - resistance)

        People differ widely (Granovetter 1978).
        """
        return 2.0 * (1.0 - self.resistance(person))

    def queue(self, place: int) -> int:
        """The person at a position of the operator's recruiting queue, a random order."""
        return self.unshuffled(Purpose.RECRUIT, place)

    def acquaintance(self, person: int, u: float) -> int | None:
        """One of a person's `contacts`, chosen by u. Acquaintance is mutual.

        The first `near_contacts` are neighbours on a ring, half of them on each side, who also know
        one another. Each further contact is the partner in a random pairing of the whole market,
        which shuffles it and pairs positions 0 and 1, 2 and 3, and so on (a small world, Newman and
        Watts 1999). There is no acquaintance (None) for a person who is left over in a pairing or,
        in a tiny market, is their own neighbour.
        """
        contacts, k = self.p.contacts, int(u * self.p.contacts)
        if contacts < 1:
            return None
        if k < 2 * (min(self.p.near_contacts, contacts) // 2):
            distance = 1 + k // 2
            other = (person + distance if k % 2 == 0 else person - distance) % self.size
        else:
            partner = self.shuffled(Purpose.CONTACT, person, k) ^ 1
            if partner >= self.size:
                return None
            other = self.unshuffled(Purpose.CONTACT, partner, k)
        return other if other != person else None

    def shuffled(self, purpose: Purpose, x: int, stream: int = 0) -> int:
        """The position of x in a random order of the market.

        Uses a Feistel network, which can be inverted: each step changes one half of the bits by a
        function of the other. It permutes a power of two, so it is repeated until the result lies
        in the market (cycle walking, Black and Rogaway 2002).
        """
        while True:
            left, right = x >> self.half, x & self.mask
            for step in range(FEISTEL_ROUNDS):
                left, right = right, left ^ self.mix(purpose, right, stream, step)
            x = left << self.half | right
            if x < self.size:
                return x

    def unshuffled(self, purpose: Purpose, place: int, stream: int = 0) -> int:
        """The person at a position of a random order: the inverse of `shuffled`."""
        x = place
        while True:
            left, right = x >> self.half, x & self.mask
            for step in reversed(range(FEISTEL_ROUNDS)):
                left, right = right ^ self.mix(purpose, left, stream, step), left
            x = left << self.half | right
            if x < self.size:
                return x

    @property
    def mask(self) -> int:
        """The bit mask of one half of a position."""
        return (1 << self.half) - 1

    def mix(self, purpose: Purpose, half: int, stream: int, step: int) -> int:
        """Random bits as a function of one half."""
        return words(self.seed, purpose, 0, half, stream * FEISTEL_ROUNDS + step)[0] & self.mask


def normal(uniforms: list[float]) -> float:
    """A standard normal number from four uniform numbers.

    z = (sum of the four - 2) x square root of 3

    It has variance 1 and is nearly normal (the Irwin-Hall distribution).
    """
    a, b, c, d = uniforms
    return (a + b + c + d - 2.0) * math.sqrt(3.0)


def part_of(bounds, u: float) -> int:
    """The part into which a uniform number falls, given the upper bounds of the parts."""
    return next(part for part, bound in enumerate(bounds) if u < bound)
