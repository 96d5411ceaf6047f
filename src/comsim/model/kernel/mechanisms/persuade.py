"""Persuade: whether an invitation makes an outsider join, and when. Part of `arrive`.

Each invitation works by itself: the random number that decides belongs to the pair of people for
life, so inviting the same contact again changes nothing (the independent cascade of Goldenberg,
Libai and Muller 2001). A member can therefore bring only so many people, however often they invite.
A persuaded person joins after a lag of their own: many soon, some very late.
"""

import numpy as np

from comsim.model.declare import TEXTBOOKS, Parameter
from comsim.model.kernel.basics import cell_of, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.spells import whole_days
from comsim.model.kernel.people import MARKET_DRAW, NO_DAY, draw, eagerness
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

PERSUADE_DRAW = np.uint32(Purpose.PERSUADE)

# `row_of` holds for each person of the market the row of a member, or OUTSIDE, or, for a person who
# waits to join, LINK less the next person who waits for the same day (-1: none). `waiting` holds
# the first for each day. These lists need no room of their own.
OUTSIDE, LINK = np.int64(-1), np.int64(-3)

PARAMETERS = [
    Parameter("word_of_mouth", 3, "people", 0, 64,
              "people whom a member brings who invites every acquaintance, in a market where "
              "nobody has joined; fewer if it is more than half of `contacts`",
              "assumption; the form after Goldenberg, Libai and Muller 2001",
              fitted=TEXTBOOKS, label="strength of word of mouth", label_zh="口碑强度"),
    Parameter("joining_lag", 14, "days", 0, 365,
              "about half of the people who are persuaded join within this time; some take very "
              "long, up to 400 days",
              "assumption; heavy tails after Iribarren and Moro 2009",
              clock=-1, label="lag of joining", label_zh="加入的延迟"),
]  # fmt: skip


@njit
def is_outside(w, person):
    """Whether a person has not joined, and does not wait to join."""
    return w.row_of[person] == OUTSIDE


@njit
def persuades(w, day, row, person, other):
    """Whether the member in a row, a person, persuades another, who is outside.

    chance = word_of_mouth / contacts x eagerness of the other x newcomer reward
    """
    p = w.p[0]
    chance = p.word_of_mouth / p.contacts
    u = uniform(draw(w.people.key, PERSUADE_DRAW, NO_DAY, person, other)[0])
    if u >= chance * 2.0 * (1.0 + p.newcomer_pull):
        return False  # nothing that is looked up below can change it
    reward = w.levers[day, cell_of(w, row, day)].newcomer_reward
    chance *= eagerness(w.people, other)
    return u < chance * (1.0 + p.newcomer_pull * saturating(reward, p.newcomer_half))


@njit
def lag_of(w, person):
    """Days between being persuaded and joining; a person always takes the same time."""
    lag = w.p[0].joining_lag
    if lag <= 0.0:
        return 0
    v = uniform(draw(w.people.key, MARKET_DRAW, NO_DAY, person, 0)[3])
    return whole_days(lag, v)


@njit
def wait(w, day, person, inviter):
    """A person who was persuaded today waits to join. The last place is for days after the run."""
    due = min(day + lag_of(w, person), w.waiting.shape[0] - 1)
    w.row_of[person] = LINK - np.int64(w.waiting[due])
    w.waiting[due] = person
    w.inviter_of[person] = inviter


@njit
def next_due(w, day):
    """The person who waits to join today and was the last to be persuaded, or -1; is outside from
    now on."""
    person = np.int64(w.waiting[day])
    if person >= 0:
        w.waiting[day] = LINK - np.int64(w.row_of[person])
        w.row_of[person] = OUTSIDE
    return person
