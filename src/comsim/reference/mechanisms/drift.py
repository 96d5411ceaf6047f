"""Drift: a level that wanders slowly about its mean. Used by weather and by mentions."""

from __future__ import annotations

import math


def drifted(level: float, spread: float, memory: float, day: int, z: float) -> float:
    """The next level of a first-order autoregressive process with mean 0.

    level = kept x level + spread x square root of (1 - kept^2) x z; on day 0, spread x z
    kept  = exp(-1 / memory)

    z is a standard normal random number (the sum of four uniforms, as for traits), so the standard
    deviation is `spread` on all days.
    """
    if day == 0:
        return spread * z
    kept = math.exp(-1.0 / memory)
    return kept * level + spread * math.sqrt(1.0 - kept * kept) * z
