"""Persuade: whether an invitation makes an outsider join, and when. Part of `arrive`.

Invitations act independently. The random number that decides is fixed for each pair of people, so
inviting the same contact again changes nothing (the independent cascade of Goldenberg, Libai and
Muller 2001). This limits the number of people that a member can bring, however often they invite.
A persuaded person joins after a lag of their own, which is short for many and very long for some.
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

# `row_of` holds one number for each person in the market: the row of a member; OUTSIDE; or, for a
# person who is waiting to join, LINK minus the next person who waits for the same day (-1: none).
# `waiting` holds the first person for each day. These lists need no memory of their own.
OUTSIDE, LINK = np.int64(-1), np.int64(-3)

PARAMETERS = [
    Parameter("word_of_mouth", 3, "people", 0, 64,
              "people whom a member brings by inviting every acquaintance, if none of them has "
              "joined yet; fewer if it is more than half of `contacts`",
              "assumption; the form after Goldenberg, Libai and Muller 2001",
              fitted=TEXTBOOKS, label="strength of word of mouth", label_zh="口碑强度"),
    Parameter("joining_lag", 14, "days", 0, 365,
              "median time from being persuaded to joining, if short; some people take up to 400 "
              "days",
              "assumption; heavy tails after Iribarren and Moro 2009",
              clock=-1, label="joining lag", label_zh="加入的延迟"),
]  # fmt: skip


@njit
def is_outside(w, person):
    """Whether a person has not joined and is not waiting to join."""
    return w.row_of[person] == OUTSIDE


@njit
def persuades(w, day, row, person, other):
    """Whether a member (`row`, `person`) persuades another person, who is outside.

    chance = word_of_mouth / contacts x eagerness of the other x newcomer reward
    """
    p = w.p[0]
    chance = p.word_of_mouth / p.contacts
    u = uniform(draw(w.people.key, PERSUADE_DRAW, NO_DAY, person, other)[0])
    if u >= chance * 2.0 * (1.0 + max(p.newcomer_pull, 0.0)):
        return False  # whatever the lookups below return
    reward = w.levers[day, cell_of(w, row, day)].newcomer_reward
    chance *= eagerness(w.people, other)
    return u < chance * (1.0 + p.newcomer_pull * saturating(reward, p.newcomer_half))


@njit
def lag_of(w, person):
    """Days between being persuaded and joining; fixed for each person."""
    lag = w.p[0].joining_lag
    if lag <= 0.0:
        return 0
    v = uniform(draw(w.people.key, MARKET_DRAW, NO_DAY, person, 0)[3])
    return whole_days(lag, v)


@njit
def wait(w, day, person, inviter):
    """Put a person persuaded today on a waiting list. The last list is for days after the run."""
    due = min(day + lag_of(w, person), w.waiting.shape[0] - 1)
    w.row_of[person] = LINK - np.int64(w.waiting[due])
    w.waiting[due] = person
    w.inviter_of[person] = inviter


@njit
def next_due(w, day):
    """Take the person who was persuaded last off today's waiting list; -1 if it is empty. From now
    on, the person is outside."""
    person = np.int64(w.waiting[day])
    if person >= 0:
        w.waiting[day] = LINK - np.int64(w.row_of[person])
        w.row_of[person] = OUTSIDE
    return person
