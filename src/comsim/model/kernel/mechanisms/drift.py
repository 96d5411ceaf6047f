"""Drift: a level that wanders slowly about its mean. Used by weather and by mentions.

A first-order autoregressive process, with its stationary distribution on day 0.
"""

import math

from comsim.model.kernel.compile import njit


@njit
def drifted(level, spread, memory, day, z):
    """The next level, from a standard normal number z: with mean 0 and standard deviation `spread`;
    after `memory` days, 1/e of a deviation is left."""
    if day == 0:
        return spread * z
    kept = math.exp(-1.0 / memory)
    return kept * level + spread * math.sqrt(1.0 - kept * kept) * z
