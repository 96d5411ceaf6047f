"""Shocks: bad news in the evening, and which members it affects least.

Goodwill is a buffer: members with trust and ties forgive; those with neither may leave at once.
Broken promises and leaks are deceit and leave a scar (`trust`); a product failure does not.
(The finding that the most devoted may also feel the most betrayed is left out: Gregoire, Tripp and
Legoux 2009.) A day without a shock costs nothing.
"""

import numpy as np

from comsim.model.declare import Column, Parameter, ShockKind
from comsim.model.kernel.basics import ACTIVE, LEFT, MUTED, TIE_SLOTS, fixed
from comsim.model.kernel.compile import njit
from comsim.model.kernel.leave import go
from comsim.model.kernel.mechanisms.trust import deceive, heal
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

SHOCK_DRAW = np.uint32(Purpose.SHOCK)

SHOCKS = [
    ShockKind("broken_promise", "a broken promise of the operator's", takes_trust=True,
              label_zh="失信"),
    ShockKind("product_failure", "a product failure", takes_trust=True, label_zh="产品故障"),
    ShockKind("leak", "a leak of members' data", takes_trust=True, label="leak of data",
              label_zh="信息泄露"),
    ShockKind("rival", "a rival that draws attention away", label_zh="竞争者"),
    ShockKind("press", "bad press among those who have not joined", label="bad press",
              label_zh="负面报道"),
]  # fmt: skip

KINDS = tuple(shock.name for shock in SHOCKS)
BROKEN_PROMISE, PRODUCT_FAILURE, LEAK, RIVAL, PRESS = map(np.int64, range(len(KINDS)))

# One shock of a scenario; `severity` and `reach` from 0 to 1.
SHOCK = np.dtype([("day", "i8"), ("kind", "i8"), ("severity", "f8"), ("reach", "f8")])

CRISES = "assumption; textbooks of enterprise communities: trust makes crises survivable"
GOODWILL = "Hess, Ganesan and Klein 2003 (ties with customers buffer service failures)"

PARAMETERS = [
    Parameter("trust_buffer", 0.3, "share", 0, 1,
              "share of a shock's damage spared to a member with full trust", CRISES, sign=GOODWILL,
              label="buffer of trust", label_zh="信任的缓冲"),
    Parameter("tie_buffer", 0.2, "share", 0, 1,
              "share of a shock's damage spared to a member with all ties", CRISES, sign=GOODWILL,
              label="buffer of ties", label_zh="关系的缓冲"),
    Parameter("habit_buffer", 0.4, "share", 0, 1,
              "share of a rival's pull that full habit withstands",
              "assumption; switching costs (Farrell and Klemperer 2007)", label="buffer of habit",
              label_zh="习惯的缓冲"),
    Parameter("promise_harm", 0.7, "share", 0, 1,
              "trust that the worst broken promise takes from a member without any buffer",
              label="harm of a broken promise", label_zh="失信的损害"),
    Parameter("failure_harm", 0.5, "share", 0, 1,
              "interest and trust that the worst product failure takes from a member without any "
              "buffer", label="harm of a product failure", label_zh="产品故障的损害"),
    Parameter("leak_harm", 0.5, "share", 0, 1,
              "trust that the worst leak of data takes from a member without any buffer",
              label="harm of a leak", label_zh="信息泄露的损害"),
    Parameter("leak_muting", 0.3, "share", 0, 1,
              "chance that the worst leak makes a member without any buffer mute the community",
              label="muting after a leak", label_zh="信息泄露后的屏蔽"),
    Parameter("rival_pull", 0.5, "share", 0, 1,
              "interest that the strongest rival takes from a member with neither ties nor habit",
              label="pull of a rival", label_zh="竞争者的拉力"),
    Parameter("press_harm", 0.7, "share", 0, 1,
              "share of invitations refused, and of newcomers' trust lost, after the worst press",
              label="harm of bad press", label_zh="负面报道的损害"),
    Parameter("press_fading", 0.05, "a day", 0, 1, "share of bad press that is forgotten in a day",
              clock=1, label="fading of bad press", label_zh="负面报道的淡忘"),
    Parameter("outrage", 0.15, "share", 0, 1,
              "chance that a member with neither buffer nor trust leaves at once after the worst "
              "broken promise, product failure or leak", label="leaving in outrage",
              label_zh="愤而离开"),
]  # fmt: skip

COLUMNS = [
    Column("shocked", "people", "members reached by news of a shock today, counted for each shock",
           label="reached by a shock", label_zh="受冲击人数"),
    Column("left_shocked", "people", "members who left at once because of a shock",
           label="left because of a shock", label_zh="因冲击离开"),
]  # fmt: skip


@njit
def moved(state, share):
    """What is left of a state when a shock takes a share of it."""
    return state - share * state


@njit
def buffered(p, kind, trust, bonds, habit):
    """The share of a shock's damage that a member is spared, from 0 to 1."""
    held = p.tie_buffer * (np.float64(bonds) / TIE_SLOTS)
    held += p.habit_buffer * habit if kind == RIVAL else p.trust_buffer * trust
    return min(held, 1.0)


@njit
def hit(w, day, row, shock, leaves, mutes):
    """A member hears of a shock; `leaves` and `mutes` are their random numbers."""
    m, p, now = w.m, w.p[0], w.now[0]
    mine = m.own[row]
    heal(p, mine, day)
    trust, interest = np.float64(mine.trust), np.float64(m.interest[row])
    spared = buffered(p, shock.kind, trust, m.bonds[row], np.float64(m.habit[row]))
    damage = shock.severity * (1.0 - spared)
    now.interest_sum -= fixed(m.interest[row])
    if shock.kind == BROKEN_PROMISE:
        mine.trust = moved(trust, p.promise_harm * damage)
        deceive(p, mine, damage)
    elif shock.kind == PRODUCT_FAILURE:
        mine.trust = moved(trust, p.failure_harm * damage)
        m.interest[row] = moved(interest, p.failure_harm * damage)
    elif shock.kind == LEAK:
        mine.trust = moved(trust, p.leak_harm * damage)
        deceive(p, mine, damage)
    else:
        m.interest[row] = moved(interest, p.rival_pull * damage)
    now.interest_sum += fixed(m.interest[row])
    if shock.kind == RIVAL:
        return
    if leaves < p.outrage * damage * (1.0 - np.float64(mine.trust)):
        go(w, day, row)
        w.daily[day].left_shocked += 1
    elif shock.kind == LEAK and m.status[row] == ACTIVE and mutes < p.leak_muting * damage:
        m.status[row] = MUTED
        now.muted += 1
        w.daily[day].mutes += 1
        w.switched[now.switched] = row
        w.was_muted[now.switched] = 1
        now.switched += 1


@njit
def strike(w, day, shock):
    """One shock: it reaches some of the members, each with their random numbers of the day."""
    m, now, reached = w.m, w.now[0], 0
    for row in range(now.rows):
        if m.status[row] == LEFT:
            continue
        hears, leaves, mutes, _ = draw(w.people.key, SHOCK_DRAW, day, m.person[row], shock.kind)
        if uniform(hears) < shock.reach:
            hit(w, day, row, shock, uniform(leaves), uniform(mutes))
            reached += 1
    w.daily[day].shocked += reached
    for at in range(now.visitors):  # a visit carries a copy of the visitor's state
        visit = w.visits[at]
        visit.interest, visit.trust = m.interest[visit.row], m.own[visit.row].trust


@njit
def shake(w, day):
    """Today's shocks, one after the other; old bad press fades, and new bad press is added."""
    p, now = w.p[0], w.now[0]
    now.bad_press -= p.press_fading * now.bad_press
    while now.next_shock < w.shocks.shape[0] and w.shocks[now.next_shock].day == day:
        shock = w.shocks[now.next_shock]
        now.next_shock += 1
        if shock.kind == PRESS:
            heard = p.press_harm * shock.severity * shock.reach
            now.bad_press += heard * (1.0 - now.bad_press)
        else:
            strike(w, day, shock)
            w.daily[day].left = now.leavers
