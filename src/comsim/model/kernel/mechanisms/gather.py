"""Gather: events, online and offline, on days that the operator chooses.

Some of the invited members attend: out of interest and trust, and because friends do. Members who
muted the community get no invitation. An event lifts interest, trust and habit, and attendees who
meet form ties. Online events reach many people and move them little; offline events reach few, cost
more, move them far and form strong ties.

Everyone decides before anybody is moved. The attendees stand in a circle, in order of joining. A
random number decides how many places away the people stand whom each one meets, so meetings are
mutual.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import ACTIVE, TIE_SLOTS, cell_of, cents
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import bearing, heal, lifted, trust_on
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.kernel.ties import strengthen
from comsim.model.rng import Purpose

ATTEND_DRAW = np.uint32(Purpose.ATTEND)
MEET_DRAW = np.uint32(Purpose.MEET)
ONLINE, OFFLINE = np.int64(0), np.int64(1)

PARAMETERS = [
    Parameter("online_turnout", 0.4, "share", 0, 1,
              "chance that an invited member with full interest and trust attends online",
              effect="online_event", label="turnout of online events", label_zh="线上活动参与率"),
    Parameter("offline_turnout", 0.15, "share", 0, 1,
              "chance that an invited member with full interest and trust attends offline",
              effect="offline_event", label="turnout of offline events", label_zh="线下活动参与率"),
    Parameter("event_friends", 1.0, "share", 0, 10,
              "how much more likely a member with all ties is to attend", effect="online_event",
              label="friends and turnout", label_zh="关系对参与的促进"),
    Parameter("online_warmth", 0.08, "share", -1, 1,
              "share of the way to 1 that an online event lifts interest, trust and habit; below "
              "0, of the way to 0",
              effect="online_event", absent=0, label="warmth of an online event",
              label_zh="线上活动的暖意"),
    Parameter("offline_warmth", 0.3, "share", -1, 1,
              "share of the way to 1 that an offline event lifts interest, trust and habit; below "
              "0, of the way to 0",
              "assumption; meeting in person strengthens ties more (Sessions 2010)",
              effect="offline_event", absent=0, label="warmth of an offline event",
              label_zh="线下活动的暖意"),
    Parameter("online_meetings", 2, "people", 0, 20, "other members whom an attendee meets online",
              whole=True, effect="online_event", absent=0, label="people met online",
              label_zh="线上结识人数"),
    Parameter("offline_meetings", 4, "people", 0, 20,
              "other members whom an attendee meets offline", whole=True, effect="offline_event",
              absent=0, label="people met offline", label_zh="线下结识人数"),
    Parameter("online_bond", 2, "replies", 0, 20,
              "number of replies that strengthen a tie as much as meeting online", whole=True,
              effect="online_event", label="strength of a meeting online",
              label_zh="线上结识的强度"),
    Parameter("offline_bond", 5, "replies", 0, 20,
              "number of replies that strengthen a tie as much as meeting offline", whole=True,
              effect="offline_event", label="strength of a meeting offline",
              label_zh="线下结识的强度"),
    Parameter("online_cost", 1.0, "currency an attendee", 0, 1e4,
              "cost of an online event for each attendee", doubt=1,
              label="cost of an online attendee", label_zh="线上活动人均成本"),
    Parameter("offline_cost", 15.0, "currency an attendee", 0, 1e4,
              "cost of an offline event for each attendee", doubt=1,
              label="cost of an offline attendee", label_zh="线下活动人均成本"),
]  # fmt: skip

LEVERS = [
    Lever("online_event", 0.0, "share", 0, 1, "share of members invited to an online event",
          meaning_zh="受邀参加线上活动的成员比例", group="events", grade="none", act=True,
          once=True, paid_from="cost_events", price="online_cost for each attendee",
          felt_as="event", label_zh="线上活动"),
    Lever("offline_event", 0.0, "share", 0, 1, "share of members invited to an offline event",
          meaning_zh="受邀参加线下活动的成员比例", group="events", grade="none", act=True,
          once=True, paid_from="cost_events", price="offline_cost for each attendee",
          felt_as="event", label_zh="线下活动"),
]  # fmt: skip

COLUMNS = [
    Column("event_attendees", "people", "attendees of today's events", label_zh="活动参与人数"),
    Column("cost_events", "currency", "events", 100, ledger="cost", label="events",
           label_zh="活动"),
]  # fmt: skip


@njit
def invited(levers, kind):
    """The share of a group that is invited to an event of this kind."""
    return levers.online_event if kind == ONLINE else levers.offline_event


@njit
def most_invited(w, day, kind):
    """The largest share of any group that is invited today."""
    most = 0.0
    for here in range(w.levers.shape[1]):
        most = max(most, invited(w.levers[day, here], kind))
    return most


@njit
def come_together(w, day, kind, turnout):
    """Write down who attends; returns how many. Chance: turnout x interest x trust x (1 + ties)."""
    m, p, attending = w.m, w.p[0], 0
    for row in range(w.now[0].rows):
        if m.status[row] != ACTIVE:
            continue
        share = invited(w.levers[day, cell_of(w, row, day)], kind)
        words = draw(w.people.key, ATTEND_DRAW, day, m.person[row], kind)
        if uniform(words[0]) >= share:
            continue
        chance = (
            turnout
            * np.float64(m.interest[row])
            * bearing(p.trust_visits, trust_on(p, m.own[row], day))
            * (1.0 + p.event_friends * (np.float64(m.bonds[row]) / TIE_SLOTS))
        )
        if uniform(words[1]) < chance:
            w.attendees[attending] = row
            attending += 1
    return attending


@njit
def warm(w, day, row, warmth):
    """What an event leaves behind in an attendee."""
    m, mine = w.m, w.m.own[row]
    x, h = np.float64(m.interest[row]), np.float64(m.habit[row])
    m.interest[row] = warmed(x, warmth)
    m.habit[row] = warmed(h, warmth)
    heal(w.p[0], mine, day)
    trust = np.float64(mine.trust)
    if warmth < 0.0:
        mine.trust = warmed(trust, warmth)
    else:
        mine.trust = lifted(trust, np.float64(mine.scar), warmth)


@njit
def warmed(x, warmth):
    """A share of the way to 1 or, if it is negative, to 0."""
    return x + warmth * (x if warmth < 0.0 else 1.0 - x)


@njit
def meet(w, day, kind, attending, meetings, bond):
    """Each attendee meets others, alternately that many places forward and back in the circle."""
    m = w.m
    for k in range(meetings if attending > 1 else 0):
        u = uniform(draw(w.people.key, MEET_DRAW, day, kind, k // 2)[0])
        far = 1 + np.int64(u * np.float64(attending - 1))
        for at in range(attending):
            other = (at + far) % attending if k % 2 == 0 else (at - far + attending) % attending
            row, met = np.int64(w.attendees[at]), np.int64(w.attendees[other])
            for _ in range(bond):
                strengthen(row, met, m.bonds, m.tie, m.tie_strength)


@njit
def hold(w, day, kind, turnout, warmth, meetings, bond, cost):
    """One event, if it is held."""
    if most_invited(w, day, kind) <= 0.0:
        return
    attending = come_together(w, day, kind, turnout)
    for at in range(attending):
        warm(w, day, np.int64(w.attendees[at]), warmth)
    meet(w, day, kind, attending, np.int64(meetings), np.int64(bond))
    w.daily[day].event_attendees += attending
    w.daily[day].cost_events += attending * cents(cost)


@njit
def gather(w, day):
    """Today's events: online, then offline."""
    p = w.p[0]
    hold(w, day, ONLINE, p.online_turnout, p.online_warmth, p.online_meetings, p.online_bond,
         p.online_cost)  # fmt: skip
    hold(w, day, OFFLINE, p.offline_turnout, p.offline_warmth, p.offline_meetings,
         p.offline_bond, p.offline_cost)  # fmt: skip
