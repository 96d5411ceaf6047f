"""Replicate: the best members of a mature community leave to found a child community.

A child is a separate subgroup. It receives official posts and posts of its own members, but not
those of the core group. People invited by its members join it; the parent's operator does not send
it recruits. Its founders start afresh: much is new again to them, and to those who join them. Part
of `subgroups`.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.belonging import best, move, vacant

PARAMETERS = [
    Parameter("child_novelty", 0.8, "share", 0, 1,
              "share of the used-up novelty that is new again to the founders of a child community",
              effect="replication", absent=0, label="new in a child community",
              label_zh="子代社群的新鲜感"),
    Parameter("child_zeal", 0.5, "share", 0, 1,
              "share of the way to 1 that founding a child community lifts the founders' interest",
              effect="replication", absent=0, label="zeal of founders of a child community",
              label_zh="子代社群创始人的热情"),
]  # fmt: skip

LEVERS = [
    Lever("replication", 0, "people", 0, 2000,
          "number of members with the most merit who leave to found a child community",
          meaning_zh="带着最多功劳离开去创办子社群的成员数", group="structure", grade="none",
          scope="community", act=True, once=True, whole=True, slider=500,
          label="founding of a child community", label_zh="复制（创建子代社群）"),
]  # fmt: skip

COLUMNS = [
    Column("children", "communities", "child communities founded since day 0",
           label="child communities", label_zh="子代社群数"),
]  # fmt: skip


@njit
def found_child(w, day):
    """Founders, chosen by merit, move to a subgroup of their own, with new interest."""
    m, p, now = w.m, w.p[0], w.now[0]
    wanted = np.int64(w.levers[day, 0].replication)
    if wanted < 1:
        return
    rows = np.empty(wanted, np.int64)
    number = best(w, day, wanted, False, rows)
    child = vacant(w, 0) if number > 0 else 0
    if child == 0:
        return
    w.subgroups[child].child = 1
    now.children += 1
    for at in range(number):
        row = rows[at]
        move(w, row, child)
        new, x = np.float64(m.own[row].novelty), np.float64(m.interest[row])
        m.own[row].novelty = new + p.child_novelty * (1.0 - new)
        m.interest[row] = x + p.child_zeal * (1.0 - x)


@njit
def inherit(w, row):
    """A person who joins a child community finds it as used up as their inviter does."""
    mine = w.m.own[row]
    used_up = 1.0 - np.float64(w.m.own[mine.inviter].novelty)
    mine.novelty = 1.0 - w.p[0].inherited_novelty * used_up
