"""Shocks: news of an evening that hurts, and whom it hurts least.

Goodwill buffers: who trusts, and who has friends here, forgives; who has neither may leave at
once. (That the most devoted may also feel the most betrayed is left out: Gregoire, Tripp and
Legoux 2009.) A day without a shock costs nothing.
"""

import numpy as np

from comsim.model.declare import Column, Parameter
from comsim.model.kernel.basics import ACTIVE, LEFT, MUTED, TIE_SLOTS, fixed
from comsim.model.kernel.compile import njit
from comsim.model.kernel.leave import go
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

SHOCK_DRAW = np.uint32(Purpose.SHOCK)
KINDS = ("broken_promise", "product_failure", "leak", "rival", "press")
BROKEN_PROMISE, PRODUCT_FAILURE, LEAK, RIVAL, PRESS = map(np.int64, range(len(KINDS)))

# One shock of a scenario; `severity` and `reach` from 0 to 1.
SHOCK = np.dtype([("day", "i8"), ("kind", "i8"), ("severity", "f8"), ("reach", "f8")])

GOODWILL = (
    "assumption; the sign after Hess, Ganesan and Klein 2003 (ties with customers buffer service "
    "failures), and textbooks of enterprise communities: trust makes crises survivable"
)

PARAMETERS = [
    Parameter("trust_buffer", 0.7, "share", 0, 1,
              "share of a shock's damage spared to a member with full trust", GOODWILL),
    Parameter("tie_buffer", 0.3, "share", 0, 1,
              "share of a shock's damage spared to a member with all ties", GOODWILL),
    Parameter("habit_buffer", 0.4, "share", 0, 1,
              "share of a rival's pull that full habit holds back",
              "assumption; switching costs (Farrell and Klemperer 2007)"),
    Parameter("promise_harm", 0.6, "share", 0, 1,
              "trust taken by the worst broken promise from who has no buffer"),
    Parameter("failure_harm", 0.5, "share", 0, 1,
              "interest and trust taken by the worst product failure from who has no buffer"),
    Parameter("leak_harm", 0.5, "share", 0, 1,
              "trust taken by the worst leak of data from who has no buffer"),
    Parameter("leak_muting", 0.3, "share", 0, 1,
              "chance that the worst leak makes who has no buffer mute the community"),
    Parameter("rival_pull", 0.5, "share", 0, 1,
              "interest taken by the strongest rival from who has neither ties nor habit"),
    Parameter("press_harm", 0.7, "share", 0, 1,
              "share of invitations refused, and of a newcomer's trust missing, after the worst "
              "press"),
    Parameter("press_fading", 0.05, "a day", 0, 1, "share of bad press that is forgotten in a day"),
    Parameter("outrage", 0.15, "share", 0, 1,
              "chance to leave at once, after the worst promise broken, failure or leak, of who "
              "has neither buffer nor trust"),
]  # fmt: skip

COLUMNS = [
    Column("shocked", "people", "members whom news of a shock reached today, for each shock"),
    Column("left_shocked", "people", "members who left at once for a shock"),
]


@njit
def moved(state, share):
    """What is left of a state when a shock takes a share of it."""
    return state - share * state


@njit
def buffered(p, kind, trust, bonds, habit):
    """How much of a shock's damage a member is spared, from 0 to 1."""
    held = p.tie_buffer * (np.float64(bonds) / TIE_SLOTS)
    held += p.habit_buffer * habit if kind == RIVAL else p.trust_buffer * trust
    return min(held, 1.0)


@njit
def hit(w, day, row, shock, leaves, mutes):
    """A member hears of a shock; `leaves` and `mutes` are its luck."""
    m, p, now = w.m, w.p[0], w.now[0]
    trust, interest = np.float64(m.own[row].trust), np.float64(m.interest[row])
    spared = buffered(p, shock.kind, trust, m.bonds[row], np.float64(m.habit[row]))
    damage = shock.severity * (1.0 - spared)
    now.trust_sum -= fixed(m.own[row].trust)
    now.interest_sum -= fixed(m.interest[row])
    if shock.kind == BROKEN_PROMISE:
        m.own[row].trust = moved(trust, p.promise_harm * damage)
    elif shock.kind == PRODUCT_FAILURE:
        m.own[row].trust = moved(trust, p.failure_harm * damage)
        m.interest[row] = moved(interest, p.failure_harm * damage)
    elif shock.kind == LEAK:
        m.own[row].trust = moved(trust, p.leak_harm * damage)
    else:
        m.interest[row] = moved(interest, p.rival_pull * damage)
    now.trust_sum += fixed(m.own[row].trust)
    now.interest_sum += fixed(m.interest[row])
    if shock.kind == RIVAL:
        return
    if leaves < p.outrage * damage * (1.0 - np.float64(m.own[row].trust)):
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
    """One shock: it reaches some of the members, each with the luck of the day."""
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
    """Today's shocks, one after the other; bad press fades, and new one is added to it."""
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
