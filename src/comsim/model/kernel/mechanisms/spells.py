"""Spells: everyday life keeps members away for a while.

After a visit, an idle spell may begin. Until it ends, the member does not visit, whatever the
community does. The times between a person's actions have heavy tails (Barabasi 2005): many short
breaks, and some of months.
"""

import numpy as np

from comsim.model.declare import MemberField, Parameter
from comsim.model.kernel.compile import njit
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.rng import Purpose

SPELL_DRAW = np.uint32(Purpose.SPELL)
LONGEST = 400.0  # days

PARAMETERS = [
    Parameter("idle_chance", 0.05, "a visit", 0, 1,
              "chance that an idle spell begins after a visit",
              sign="Barabasi 2005: human activity has bursts and long pauses",
              label="chance of an idle spell", label_zh="进入空闲期的概率"),
    Parameter("idle_days", 10, "days", 0, 400,
              "median length of an idle spell, if short; some are far longer, up to 400 days",
              sign="Barabasi 2005: times between events have heavy tails",
              clock=-1, label="length of an idle spell", label_zh="空闲期的长度"),
]  # fmt: skip

FIELDS = [
    MemberField("idle_until", "i4", "first day after the last idle spell, 0 if there was none"),
]  # fmt: skip


@njit
def whole_days(median, u):
    """A log-logistic number of days, below LONGEST: the median times the odds of a uniform number,
    which is scaled so that none is longer. (The median of short ones hardly changes.)"""
    v = u * LONGEST / (LONGEST + median)
    return np.int64(median * v / (1.0 - v))


@njit
def begin_spells(p, day, k0, k1, who, rows, own):
    """Begin idle spells of today's visitors: set the first day on which they may visit again."""
    begins, length = np.empty(who.shape[0], np.uint32), np.empty(who.shape[0], np.uint32)
    for at in range(who.shape[0]):
        begins[at], length[at], _, _ = philox4x32(
            who[at], np.uint32(0), np.uint32(day), SPELL_DRAW, k0, k1
        )
    for at in range(who.shape[0]):
        if uniform(begins[at]) < p.idle_chance:
            own[rows[at]].idle_until = day + 1 + whole_days(p.idle_days, uniform(length[at]))
