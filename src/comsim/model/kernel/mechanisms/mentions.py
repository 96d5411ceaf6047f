"""Mentions: how much people outside hear of the community. Part of `walkins`.

Attention drifts up and down, and comes in bursts that fade (press, a video that spreads, a product
release). The factor has a mean of about 1 without bursts.
"""

import math

import numpy as np

from comsim.model.declare import Parameter
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.drift import drifted
from comsim.model.kernel.people import draw, normal
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

MENTION_DRAW = np.uint32(Purpose.MENTION)
DRIFT, BURST = np.int64(0), np.int64(1)  # numbers of the draws
LARGEST = 20.0  # bursts: the largest, as a multiple of burst_size

PARAMETERS = [
    Parameter("mention_spread", 0.3, "log", 0, 3,
              "standard deviation of the logarithm of mentions, apart from bursts",
              label="spread of mentions", label_zh="提及量的波动"),
    Parameter("mention_memory", 15, "days", 0.1, 1000,
              "time in which mentions go back most of the way to their usual level",
              clock=-1, label="memory of mentions", label_zh="提及量的记忆"),
    Parameter("burst_rate", 0.004, "a day", 0, 1, "chance that a burst of mentions begins",
              clock=1, label="bursts of mentions", label_zh="提及爆发的频率"),
    Parameter("burst_size", 1, "multiple", 0, 100,
              "half of the bursts add at least this multiple of usual mentions, some 20 times it",
              "assumption; heavy tails after Crane and Sornette 2008",
              label="size of bursts", label_zh="提及爆发的规模"),
    Parameter("burst_fading", 0.15, "a day", 0, 1, "share of a burst that fades in a day",
              "assumption; that bursts fade over days, Crane and Sornette 2008",
              clock=1, label="fading of bursts", label_zh="提及爆发的消退"),
    Parameter("release_mentions", 0, "multiple", 0, 100,
              "multiple of usual mentions that a full product release adds", effect=True,
              label="mentions of a release", label_zh="产品发布带来的提及"),
]  # fmt: skip


@njit
def burst(w, day):
    """Old bursts fade, and new ones begin."""
    p, now = w.p[0], w.now[0]
    now.burst -= p.burst_fading * now.burst
    if p.burst_rate > 0.0:
        begins, size, _, _ = draw(w.people.key, MENTION_DRAW, day, 0, BURST)
        if uniform(begins) < p.burst_rate:
            u = uniform(size)
            now.burst += p.burst_size * min(u / (1.0 - u), LARGEST)
    now.burst += p.release_mentions * w.levers[day, 0].release


@njit
def mention(w, day):
    """Today's mentions as a multiple of usual ones."""
    p, now, spread = w.p[0], w.now[0], w.p[0].mention_spread
    if spread > 0.0:
        z = normal(draw(w.people.key, MENTION_DRAW, day, 0, DRIFT))
        now.mention = drifted(now.mention, spread, p.mention_memory, day, z)
    burst(w, day)
    return math.exp(now.mention - spread * spread / 2.0) * (1.0 + now.burst)
