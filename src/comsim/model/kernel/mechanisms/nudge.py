"""Nudge: some visitors are asked to write to a friend who has not visited for 28 days.

A visitor writes to one of the dormant members to whom they have a tie. This may end the friend's
idle spell: the friend returns tomorrow, and stays if the visit is worth it. On a video platform,
messages from friends made authors post (Zeng et al. 2023). How many lapsed members a message brings
back is not known.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import LEFT, TIE_SLOTS, cents
from comsim.model.kernel.compile import njit
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

NUDGE_DRAW = np.uint32(Purpose.NUDGE)

PARAMETERS = [
    Parameter("nudge_return", 0.05, "share", 0, 1,
              "chance that a dormant member to whom a friend has written comes back the next day "
              "(lower with little trust)",
              sign="Zeng et al. 2023", effect="friend_nudges",
              label="return after a friend's nudge", label_zh="朋友召回的回访率"),
    Parameter("nudge_cost", 0.05, "currency a message", 0, 1e3,
              "cost of getting one member to write to a friend", doubt=1, label="cost of a nudge",
              label_zh="单次召回提醒成本"),
]  # fmt: skip

LEVERS = [
    Lever("friend_nudges", 0.0, "share", 0, 1,
          "share of a day's visitors who are asked to write to a friend absent for 28 days",
          meaning_zh="每天被请去问候久未到访朋友的到访者比例", group="reach", grade="elsewhere",
          sources=("Zeng et al. 2023",), paid_from="cost_nudges",
          price="nudge_cost for each message", label="nudges by friends", label_zh="好友召回"),
]  # fmt: skip

COLUMNS = [
    Column("nudged", "messages", "messages from visitors to dormant friends",
           label="nudges by friends", label_zh="好友召回消息"),
    Column("cost_nudges", "currency", "nudges by friends", 100, ledger="cost",
           label="nudges by friends", label_zh="好友召回"),
]  # fmt: skip


@njit
def lapsed_friend(m, row, u):
    """The row of one of a member's dormant friends, chosen by u, or -1 if there is none."""
    count = 0
    for slot in range(TIE_SLOTS):
        friend = np.int64(m.tie[row, slot])
        count += np.int64(friend >= 0 and m.dormant[friend] != 0)
    left = np.int64(u * count)
    for slot in range(TIE_SLOTS):
        friend = np.int64(m.tie[row, slot])
        if friend >= 0 and m.dormant[friend] != 0:
            if left == 0:
                return friend
            left -= 1
    return np.int64(-1)


@njit
def nudge(w, day):
    """Today's nudges. `w.called` lists the rows of members who will return, in ascending order. A
    member who is called by two friends is listed twice."""
    m, p, now, levers = w.m, w.p[0], w.now[0], w.levers[day]
    now.called = 0
    if levers.friend_nudges.max() <= 0.0:
        return
    written = 0
    for at in range(now.visitors):
        visit = w.visits[at]
        share, row = levers[visit.cell].friend_nudges, np.int64(visit.row)
        if share <= 0.0 or m.status[row] == LEFT:
            continue
        words = draw(w.people.key, NUDGE_DRAW, day, visit.person, 0)
        if uniform(words[0]) >= share:
            continue
        friend = lapsed_friend(m, row, uniform(words[1]))
        if friend < 0:
            continue
        written += 1
        if uniform(words[2]) < p.nudge_return:
            m.own[friend].idle_until = 0
            w.called[now.called] = friend
            now.called += 1
    w.called[: now.called].sort()
    w.daily[day].nudged = written
    w.daily[day].cost_nudges = cents(p.nudge_cost * written)
