"""People of the market: who they are, in which order the operator recruits them, whom they know.

Parameters: `contacts`, `near_contacts`, `reluctance`; and all traits. No lever acts on them.

A person is a number, 0 to size - 1. Whatever is asked about a person is worked out from that
number and the seed, so it is the same under every policy, and nothing has to be stored.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

from comsim.model.catalogue import TRAITS
from comsim.model.rng import Purpose, uniform_from, words
from comsim.scenario import Plan

FEISTEL_ROUNDS = 6


class Market:
    """Everyone who could ever join; `size` people, in the segments and arms of the plan."""

    def __init__(self, size: int, plan: Plan, p: SimpleNamespace, seed: int):
        self.size, self.plan, self.p, self.seed = size, plan, p, seed
        bits = max(size - 1, 1).bit_length()
        self.half = (bits + 1) // 2  # a place is shuffled as two halves of so many bits

    def uniforms(self, purpose: Purpose, person: int, k: int = 0) -> list[float]:
        """Four uniform numbers in (0, 1) that belong to a person for life.

        One purpose has as many draws of four as are asked for; k is the number of the draw.
        """
        return [uniform_from(word) for word in words(self.seed, purpose, 0, person, k)]

    def segment_and_arm(self, person: int) -> tuple[int, int]:
        """The person's segment of the market, and arm of the experiment: drawn by lot, with the
        shares of the scenario, and independent of one another."""
        _, segment, arm, _ = self.uniforms(Purpose.MARKET, person)
        return part_of(self.plan.segment_bound, segment), part_of(self.plan.arm_bound, arm)

    def traits(self, person: int) -> dict[str, float]:
        """Every trait, drawn from the distribution that the person's segment has for it.

        lognormal:  trait = value x exp(spread x z)
        uniform:    trait = value + spread x (2 u - 1)

        Value is the median or the mean, z is standard normal, and what falls out of the trait's
        range is put on its bound. Four uniforms, less their mean of 2, have variance 1/3: times
        the root of 3 they are as good as normal (Irwin and Hall).
        """
        segment, _ = self.segment_and_arm(person)
        drawn = {}
        for k, trait in enumerate(TRAITS.values()):
            value = float(self.plan.trait_value[segment, k])
            spread = float(self.plan.trait_spread[segment, k])
            a, b, c, d = self.uniforms(Purpose.TRAITS, person, k)
            if trait.shape == "lognormal":
                normal = (a + b + c + d - 2.0) * math.sqrt(3.0)
                x = value * math.exp(spread * normal)
            else:
                x = value + spread * (2.0 * a - 1.0)
            drawn[trait.name] = min(max(x, trait.low), trait.high)
        return drawn

    def invitations_needed(self, person: int) -> int:
        """How many invitations it takes until this person joins; the same for life.

        needed = 1 + whole part of (reluctance x u / (1 - u)), at most 255

        Thresholds differ widely (Granovetter 1978); half of the people need no more than
        1 + reluctance, and a few need very many.
        """
        u = self.uniforms(Purpose.MARKET, person)[0]
        return 1 + int(min(self.p.reluctance * u / (1.0 - u), 254.0))

    def queue(self, place: int) -> int:
        """Who stands at a place of the queue in which the operator recruits: a random order."""
        return self.unshuffled(Purpose.RECRUIT, place)

    def acquaintance(self, person: int, u: float) -> int | None:
        """One of a person's `contacts`, the one that u picks. Acquaintance is mutual.

        The first `near_contacts` are neighbours on a ring, as many on either side, so that they
        know one another too; the k-th of the others is the partner in the k-th random pairing of
        the whole market (a small world, Newman and Watts 1999), which shuffles it and pairs
        places 0 and 1, 2 and 3, and so on. Who is left over in a pairing, or is their own
        neighbour in a tiny market, has nobody there.
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
        """The place of x in a random order of the market.

        A Feistel network: whatever is mixed into a half, knowing the other half, can be taken out
        again. It shuffles a power of two, so it goes on until it is back in the market
        (Black and Rogaway 2002).
        """
        while True:
            left, right = x >> self.half, x & self.mask
            for step in range(FEISTEL_ROUNDS):
                left, right = right, left ^ self.mix(purpose, right, stream, step)
            x = left << self.half | right
            if x < self.size:
                return x

    def unshuffled(self, purpose: Purpose, place: int, stream: int = 0) -> int:
        """Who stands at a place of a random order: `shuffled`, backwards."""
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
        """The bits of one half of a place."""
        return (1 << self.half) - 1

    def mix(self, purpose: Purpose, half: int, stream: int, step: int) -> int:
        """The random bits that one half gives to the other."""
        return words(self.seed, purpose, 0, half, stream * FEISTEL_ROUNDS + step)[0] & self.mask


def part_of(bounds, u: float) -> int:
    """Which part a uniform number falls into, given the upper bounds of the parts."""
    return next(part for part, bound in enumerate(bounds) if u < bound)
