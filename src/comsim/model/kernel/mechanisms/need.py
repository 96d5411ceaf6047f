"""Need: orders use up the need for the product; it comes back slowly, and with new products.

Off unless `need_wear` is set. Part of `settle`.
"""

import math

import numpy as np

from comsim.model.declare import Column, MemberField, Parameter
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.compile import njit

TWO_YEARS = (
    "assumption; a textbook has the commercial value of a community used up within two years "
    "without new products ([003])"
)

PARAMETERS = [
    Parameter("need_wear", 0.0, "share an order", 0, 1,
              "share of the remaining need for the product that one order uses up; 0 if needs "
              "never end, 0.1 for a keen buyer whose need lasts about two years", TWO_YEARS,
              label="need used up by an order", label_zh="每单消耗的需求"),
    Parameter("need_renewal", 0.0005, "a day", 0, 1,
              "share of a used-up need that comes back by itself", clock=1,
              label="renewal of need", label_zh="需求的自然恢复"),
    Parameter("release_need", 0.5, "share", 0, 1,
              "share of a used-up need that a full product release renews", effect="release",
              label="need renewed by a release", label_zh="产品发布恢复的需求"),
]  # fmt: skip

COLUMNS = [
    Column("repurchases", "orders", "orders by members who had ordered before",
           label="repeat orders", label_zh="复购订单"),
]  # fmt: skip

# Arrays of their own: visits without an order do not touch them.
ARRAYS = [
    MemberField("need_used", "f4",
                "share of the need for the product that was used up, on the day of `need_day`"),
    MemberField("need_day", "i4", "day of the last order that used up some of the need",
                public=False),
    MemberField("ordered", "i4", "orders so far"),
]  # fmt: skip


@njit
def need_left(p, used, since, day):
    """Need of a member today, 0 to 1: what was used up comes back at a steady rate."""
    away = np.float64(day - np.int64(since))
    return 1.0 - np.float64(used) * math.exp(-p.need_renewal * away)


@njit
def use_up(w, day, row, left):
    """An order uses up a share of the need that is left."""
    w.m.need_used[row] = 1.0 - left * (1.0 - w.p[0].need_wear)
    w.m.need_day[row] = day


@njit
def renew_needs(w, day):
    """A product release renews part of the needs that were used up. (A constant rate of return and
    a share may be applied in either order, so nobody's need has to be brought up to date.)"""
    m, p = w.m, w.p[0]
    share = p.release_need * w.levers[day, 0].release
    if share <= 0.0 or p.need_wear <= 0.0:
        return
    for row in range(w.now[0].rows):
        if m.status[row] != LEFT:
            m.need_used[row] = np.float64(m.need_used[row]) * (1.0 - share)
