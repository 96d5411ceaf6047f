"""Mentions: how often people outside hear of the community. Part of `walkins`.

Attention drifts slowly. It also comes in bursts that fade (press reports, a viral video, a product
release). Without bursts, the factor has a mean of about 1.
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
DRIFT, BURST = np.int64(0), np.int64(1)  # indices of the draws
LARGEST = 20.0  # the largest burst, as a multiple of burst_size

PARAMETERS = [
    Parameter("mention_spread", 0.3, "log", 0, 3,
              "standard deviation of the logarithm of mentions, apart from bursts",
              label="spread of mentions", label_zh="提及量的波动"),
    Parameter("mention_memory", 15, "days", 0.1, 1000,
              "time constant with which mentions return to their usual level",
              clock=-1, label="memory of mentions", label_zh="提及量的记忆"),
    Parameter("burst_rate", 0.004, "a day", 0, 1, "chance that a burst of mentions begins",
              clock=1, label="bursts of mentions", label_zh="提及爆发的频率"),
    Parameter("burst_size", 1, "multiple", 0, 100,
              "half of the bursts add at least this multiple of usual mentions, and a few add 20 "
              "times as much",
              "assumption; heavy tails after Crane and Sornette 2008",
              label="size of bursts", label_zh="提及爆发的规模"),
    Parameter("burst_fading", 0.15, "a day", 0, 1, "share of a burst that fades in a day",
              "assumption; bursts fade over days (Crane and Sornette 2008)",
              clock=1, label="fading of bursts", label_zh="提及爆发的消退"),
    Parameter("release_mentions", 0, "multiple", 0, 100,
              "multiple of usual mentions that a product release of size 1 adds", effect="release",
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
    """Today's mentions, as a multiple of usual mentions."""
    p, now, spread = w.p[0], w.now[0], w.p[0].mention_spread
    if spread > 0.0:
        z = normal(draw(w.people.key, MENTION_DRAW, day, 0, DRIFT))
        now.mention = drifted(now.mention, spread, p.mention_memory, day, z)
    burst(w, day)
    return math.exp(now.mention - spread * spread / 2.0) * (1.0 + now.burst)
