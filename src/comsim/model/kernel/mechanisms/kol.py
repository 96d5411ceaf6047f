"""KOL: paid key opinion leaders reach people in the market; a few of those join.

A campaign walks down a keyed queue of its own, over the whole market and then from the start again.
It also pays for reaching people who are already members. Bought attention is shallower: people who
join through a campaign begin with less interest and trust.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.arrive import enter
from comsim.model.kernel.basics import NOBODY, cents, whole_of
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.persuade import is_outside
from comsim.model.kernel.people import draw, permuted
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

QUEUE_DRAW = np.uint32(Purpose.KOL_QUEUE)
JOIN_DRAW = np.uint32(Purpose.KOL_JOIN)

PARAMETERS = [
    Parameter("kol_cost", 0.05, "currency a person", 0, 1e3, "price of reaching one person",
              doubt=1, label="cost of KOL reach", label_zh="KOL 触达成本"),
    Parameter("kol_conversion", 0.01, "share", 0, 1, "share of the people reached who join",
              effect="kol_reach", label="conversion of KOL reach", label_zh="KOL 转化率"),
    Parameter("kol_interest", 0.8, "share", 0, 1,
              "first interest of a person who joins through a campaign, as a share of their trait",
              effect="kol_reach", label="first interest through KOL",
              label_zh="KOL 来源的初始兴趣"),
    Parameter("kol_trust", 0.7, "share", 0, 1,
              "first trust of a person who joins through a campaign, as a share of their trait",
              effect="kol_reach", label="first trust through KOL", label_zh="KOL 来源的初始信任"),
]  # fmt: skip

LEVERS = [
    Lever("kol_reach", 0, "people a day", 0, 1e7,
          "people in the market whom key opinion leaders (KOL) reach",
          meaning_zh="意见领袖每天触达的潜在人群", group="recruit", grade="elsewhere",
          sources=("Gong et al. 2017", "Hinz et al. 2011"), scope="community", paid_from="cost_kol",
          price="kol_cost for each person reached", whole=True, slider=1000, label="KOL reach",
          label_zh="KOL 触达"),
]  # fmt: skip

COLUMNS = [
    Column("kol_reached", "people", "people reached by key opinion leaders today",
           label="reached by KOL", label_zh="KOL 触达人数"),
    Column("joined_kol", "people", "people who joined today through key opinion leaders",
           label="joined through KOL", label_zh="KOL 来源加入"),
    Column("cost_kol", "currency", "paid to key opinion leaders", 100, ledger="cost",
           label="key opinion leaders", label_zh="KOL 推广"),
]  # fmt: skip


@njit
def campaign(w, day):
    """Reach the next people of the queue, nobody twice a day; some join."""
    p, now, daily = w.p[0], w.now[0], w.daily[day]
    reach = w.levers[day, 0].kol_reach
    if reach <= 0.0:
        return
    now.kol_carry += reach
    whole = whole_of(now.kol_carry)
    now.kol_carry -= whole
    reached = min(whole, w.people.size)
    for _ in range(reached):
        place = now.kol_queue % w.people.size
        now.kol_queue += 1
        person = permuted(w.people, QUEUE_DRAW, 0, place, True)
        if not is_outside(w, person):
            continue
        if uniform(draw(w.people.key, JOIN_DRAW, day, person, 0)[0]) < p.kol_conversion:
            row = now.rows
            enter(w, day, person, NOBODY, w.levers[day, 0].entry_fee)
            if now.rows == row:
                continue  # declined, because of the entry fee
            mine = w.m.own[row]
            w.m.interest[row] = p.kol_interest * np.float64(w.m.interest[row])
            mine.trust = p.kol_trust * np.float64(mine.trust)
            daily.joined_kol += 1
    daily.kol_reached = reached
    daily.cost_kol = cents(p.kol_cost * np.float64(reached))
    daily.joined += daily.joined_kol
    now.members += daily.joined_kol
