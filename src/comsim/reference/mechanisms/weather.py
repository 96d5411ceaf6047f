"""Weather: a slowly varying factor of all members' visits and posts. Part of `visit`.

Parameters: `weather_spread`, `weather_memory`, `weather_posts`. Outcome: visits, and posts a visit.
"""

from __future__ import annotations

import math

from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.community import CommunityState
from comsim.reference.people import normal


def change_weather(community: CommunityState) -> None:
    """Update the weather, which multiplies today's visits and posts a visit.

    x = kept x (x of yesterday) + weather_spread x sqrt(1 - kept^2) x z
    kept = exp(-1 / weather_memory)
    factor = exp(x - weather_spread^2 / 2)

    rhythm = rhythm x factor
    mood   = 1 + weather_posts x (factor - 1)

    z is a standard normal random number of the day (the sum of four uniforms, as for traits). On
    day 0, x = weather_spread x z, so x has the same distribution on all days. The mean of the
    factor is 1.
    """
    p = community.p
    spread = p.weather_spread
    if spread == 0.0:
        return
    four = words(community.seed, Purpose.WEATHER, community.day, 0)
    z = normal([uniform_from(word) for word in four])
    kept = math.exp(-1.0 / p.weather_memory)
    if community.day == 0:
        community.weather = spread * z
    else:
        community.weather *= kept
        community.weather += spread * math.sqrt(1.0 - kept * kept) * z
    factor = math.exp(community.weather - 0.5 * spread * spread)
    community.rhythm *= factor
    community.mood = 1.0 + p.weather_posts * (factor - 1.0)
