"""Raffle: a prize for one of today's visitors draws visits while it is news.

What draws is the amount by which the prize exceeds what members are used to: a raffle every day
soon draws nobody.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import cents, ranked, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import lift
from comsim.model.kernel.people import draw
from comsim.model.kernel.states import set_interest
from comsim.model.rng import Purpose

RAFFLE_DRAW = np.uint32(Purpose.RAFFLE)

PARAMETERS = [
    Parameter("raffle_pull", 0.3, "share", 0, 10,
              "by how much a very large, unexpected prize raises visiting",
              "assumption; that raffles liven up a group: textbooks of community operation",
              effect="raffle", label="pull of raffles", label_zh="抽奖的拉力"),
    Parameter("raffle_half", 50.0, "currency", 0.01, 1e6, "prize that has half of that effect",
              effect="raffle", label="prize of half effect", label_zh="半效奖金"),
    Parameter("raffle_adaptation", 0.1, "a day", 0, 1,
              "how fast the community gets used to raffles, and forgets them", effect="raffle",
              clock=1, label="getting used to raffles", label_zh="对抽奖的习惯速度"),
    Parameter("raffle_joy", 0.3, "share", 0, 1, "how far winning lifts interest and trust",
              effect="raffle", label="joy of winning", label_zh="中奖的喜悦"),
]  # fmt: skip

LEVERS = [
    Lever("raffle", 0.0, "currency a day", 0, 1e6, "prize money raffled among the day's visitors",
          meaning_zh="当天到访者抽奖的奖金", group="incentives", grade="elsewhere",
          sources=("Causal effect of lottery promotions 2025",), scope="community",
          paid_from="cost_raffles", price="its value", slider=500, felt_as="prize",
          label_zh="抽奖"),
]  # fmt: skip

COLUMNS = [
    Column("cost_raffles", "currency", "prizes raffled", 100, ledger="cost", label="raffles",
           label_zh="抽奖"),
]  # fmt: skip


@njit
def announce(w, day):
    """Today's prize, and the factor by which visits change: weekday x raffle."""
    p, now = w.p[0], w.now[0]
    worth = saturating(w.levers[day, 0].raffle, p.raffle_half)
    now.rhythm = w.rhythm[day] * (1.0 + p.raffle_pull * max(worth - now.raffle_norm, 0.0))
    now.raffle_norm += p.raffle_adaptation * (worth - now.raffle_norm)


@njit
def raffle(w, day):
    """One of today's visitors wins: the one with the largest random number."""
    prize, now, p = w.levers[day, 0].raffle, w.now[0], w.p[0]
    if prize <= 0.0 or now.visitors == 0:
        return
    best, winner = np.int64(-1), 0
    for at in range(now.visitors):
        person = w.visits[at].person
        lot = ranked(draw(w.people.key, RAFFLE_DRAW, day, person, 0)[0], person)
        if lot > best:
            best, winner = lot, at
    visit = w.visits[winner]
    interest = np.float64(visit.interest)
    set_interest(w, visit, interest + p.raffle_joy * (1.0 - interest))
    lift(w, visit, p.raffle_joy)
    w.daily[day].cost_raffles = cents(prize)
