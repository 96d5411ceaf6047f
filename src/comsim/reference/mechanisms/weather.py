"""Weather: a slowly varying factor of all members' visits and posts. Part of `visit`.

Parameters: `weather_spread`, `weather_memory`, `weather_posts`. Outcome: visits, and posts a visit.
"""

from __future__ import annotations

import math

from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.drift import drifted
from comsim.reference.people import normal


def change_weather(community: CommunityState) -> None:
    """Update the weather, which multiplies today's visits and posts a visit.

    factor = exp(weather - weather_spread^2 / 2)
    rhythm = rhythm x factor
    mood   = 1 + weather_posts x (factor - 1)

    The weather drifts (see Drift) with a standard deviation of `weather_spread` and a memory of
    `weather_memory`. The mean of the factor is about 1.
    """
    p = community.p
    spread = p.weather_spread
    if spread == 0.0:
        return
    four = words(community.seed, Purpose.WEATHER, community.day, 0)
    z = normal([uniform_from(word) for word in four])
    community.weather = drifted(community.weather, spread, p.weather_memory, community.day, z)
    factor = math.exp(community.weather - 0.5 * spread * spread)
    community.rhythm *= factor
    community.mood = 1.0 + p.weather_posts * (factor - 1.0)
