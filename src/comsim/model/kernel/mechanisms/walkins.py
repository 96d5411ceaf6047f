"""Walk-ins: people who come by themselves, without an invitation and at no cost to the operator.

Their number rises with mentions of the community, depends on the month, and falls after bad press.
The number of people who look in on a day is random (Poisson). They are the next people in a keyed
queue of the market, which restarts at its end. The eager ones join.
"""

import math

import numpy as np

from comsim.model.declare import Column, Parameter
from comsim.model.kernel.arrive import enter
from comsim.model.kernel.basics import NOBODY
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.mentions import mention
from comsim.model.kernel.mechanisms.persuade import is_outside
from comsim.model.kernel.people import draw, eagerness, normal, permuted
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

QUEUE_DRAW = np.uint32(Purpose.WALK_IN_QUEUE)
JOIN_DRAW = np.uint32(Purpose.WALK_IN)
NUMBER_DRAW = np.uint32(Purpose.WALK_INS)
MANY = 30.0  # above this mean, a Poisson number is nearly normal

PARAMETERS = [
    Parameter("walk_in_rate", 0.0003, "a day", 0, 0.1,
              "chance that a person outside joins without an invitation, on an ordinary day",
              clock=1, label="walk-ins", label_zh="自然加入率"),
]  # fmt: skip

COLUMNS = [
    Column("joined_walk_in", "people", "people who joined without an invitation", label="walk-ins",
           label_zh="自然加入"),
]  # fmt: skip


@njit(from_python=True)
def poisson(mean, words):
    """A Poisson number from four random words: by inversion of the first, or a rounded normal."""
    if mean > MANY:
        return np.int64(mean + math.sqrt(mean) * normal(words) + 0.5)
    u, number = uniform(words[0]), 0
    term = math.exp(-mean)
    total = term
    while u >= total:
        number += 1
        term *= mean / number
        total += term
    return number


@njit
def walk_in(w, day):
    """The next people in the queue look in. Those who are outside join with a chance of half their
    eagerness."""
    p, now, daily = w.p[0], w.now[0], w.daily[day]
    if p.walk_in_rate <= 0.0:
        return
    mean = 2.0 * p.walk_in_rate * np.float64(w.people.size)
    mean *= mention(w, day) * w.season[day] * (1.0 - now.bad_press)
    number = poisson(mean, draw(w.people.key, NUMBER_DRAW, day, 0, 0))
    before = now.rows
    for _ in range(min(number, w.people.size)):
        place, lap = now.walk_in_queue % w.people.size, now.walk_in_queue // w.people.size
        now.walk_in_queue += 1
        person = permuted(w.people, QUEUE_DRAW, 0, place, True)
        if not is_outside(w, person):
            continue
        u = uniform(draw(w.people.key, JOIN_DRAW, lap, person, 0)[0])
        if 2.0 * u < eagerness(w.people, person):
            enter(w, day, person, NOBODY, w.levers[day, 0].entry_fee)
    daily.joined_walk_in = now.rows - before
    daily.joined += daily.joined_walk_in
    now.members += daily.joined_walk_in
