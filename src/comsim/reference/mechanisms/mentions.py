"""Mentions: how often people outside hear of the community. Part of `walk_in`.

Lever: `release`. Parameters: `mention_spread`, `mention_memory`, `burst_rate`, `burst_size`,
`burst_fading`, `release_mentions`. Outcome: the number of walk-ins.
"""

from __future__ import annotations

import math

from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.drift import drifted
from comsim.reference.people import normal

LARGEST = 20.0  # the largest burst, as a multiple of burst_size


def mentions(community: CommunityState) -> float:
    """Today's mentions, as a multiple of usual mentions.

    mentions = exp(drift - mention_spread^2 / 2) x (1 + burst)

    Attention drifts (see Drift) with a standard deviation of `mention_spread` and a memory of
    `mention_memory`. Without bursts, the mean is about 1.
    """
    p, spread = community.p, community.p.mention_spread
    if spread > 0.0:
        z = normal(uniforms(community, 0))
        community.mention = drifted(community.mention, spread, p.mention_memory, community.day, z)
    burst(community)
    return math.exp(community.mention - spread * spread / 2.0) * (1.0 + community.burst)


def burst(community: CommunityState) -> None:
    """Bursts of mentions begin at random and at product releases, and then fade.

    burst -= burst_fading x burst
    burst += burst_size x u / (1 - u), at most 20 x burst_size; with probability `burst_rate`
    burst += release_mentions x release
    """
    p = community.p
    community.burst -= p.burst_fading * community.burst
    begins, u, _, _ = uniforms(community, 1)
    if begins < p.burst_rate:
        community.burst += p.burst_size * min(u / (1.0 - u), LARGEST)
    community.burst += p.release_mentions * community.levers[0].release


def uniforms(community: CommunityState, k: int) -> list[float]:
    """Today's random numbers for mentions."""
    four = words(community.seed, Purpose.MENTION, community.day, 0, k)
    return [uniform_from(word) for word in four]
