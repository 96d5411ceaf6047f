"""Weather: a slowly varying factor of all members' visits and posts.

It stands for everything that affects a whole community at once (news, fashion, exams, the real
weather) and is not modelled elsewhere. Without it, counts of a large community would hardly vary.
"""

import math

import numpy as np

from comsim.model.declare import Parameter
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.drift import drifted
from comsim.model.kernel.people import draw, normal
from comsim.model.rng import Purpose

WEATHER_DRAW = np.uint32(Purpose.WEATHER)

PARAMETERS = [
    Parameter("weather_spread", 0.3, "log", 0, 2,
              "standard deviation of the logarithm of the factor common to all visits",
              label="spread of the weather", label_zh="大环境波动的幅度"),
    Parameter("weather_memory", 15, "days", 0.1, 1000,
              "days after which a third of a deviation (1/e) remains",
              clock=-1, label="memory of the weather", label_zh="大环境波动的持续"),
    Parameter("weather_posts", 0.8, "share", 0, 1,
              "how far the factor also acts on posts per visit",
              label="weather and posting", label_zh="大环境对发帖的作用"),
]  # fmt: skip


@njit
def change_weather(w, day):
    """Update the weather, which multiplies today's visits and posts. The logarithm of the factor
    drifts; its mean is about 1."""
    p, now = w.p[0], w.now[0]
    now.mood = 1.0
    spread = p.weather_spread
    if spread <= 0.0:
        return
    z = normal(draw(w.people.key, WEATHER_DRAW, day, 0, 0))
    now.weather = drifted(now.weather, spread, p.weather_memory, day, z)
    factor = math.exp(now.weather - 0.5 * spread * spread)
    now.rhythm *= factor
    now.mood = 1.0 + p.weather_posts * (factor - 1.0)
