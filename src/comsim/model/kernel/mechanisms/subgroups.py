"""Subgroups: who belongs to which, in a community that is not one room. Part of `arrive`; they are
counted after `leave`.

Newcomers join the subgroup of their inviter, or the smallest one. A subgroup above its capacity
splits in two, a core group is chosen, and child communities are founded. Without a lever that asks
for them there are no subgroups. A growing community that splits in time does not overload its
members; textbooks of community marketing cap their groups at 200 to 2,000.
"""

import numpy as np

from comsim.model.declare import Column, Lever
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.belonging import CORE, FIRST, move, smallest, vacant
from comsim.model.kernel.mechanisms.core import review_core
from comsim.model.kernel.mechanisms.replicate import found_child, inherit
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

SPLIT_DRAW = np.uint32(Purpose.SPLIT)

LEVERS = [
    Lever("subgroup_capacity", 0, "members", 0, 1e6,
          "largest number of members in a subgroup; 0 for no limit",
          meaning_zh="一个子社群最多的人数；0 表示不限", group="structure", grade="elsewhere",
          sources=("Ren et al. 2012", "Zhang and Zhu 2011"), scope="community", whole=True,
          slider=500, label_zh="子社群人数上限"),
]  # fmt: skip

COLUMNS = [
    Column("subgroups", "subgroups",
           "subgroups with members, including the core group and child communities",
           label_zh="子社群数"),
    Column("largest_subgroup", "people", "members of the largest subgroup",
           label_zh="最大子社群人数"),
]  # fmt: skip


@njit
def wanted(w, day):
    """Whether today's levers, or a child community, ask for subgroups."""
    here = w.levers[day, 0]
    total = here.subgroup_capacity + here.core_group + here.pyramid + here.replication
    return total > 0.0 or w.now[0].children > 0


@njit
def begin(w):
    """All members are in the first ordinary subgroup, and the core group is empty."""
    m, now = w.m, w.now[0]
    now.subgroups = FIRST + 1
    for row in range(now.first_new):
        if m.status[row] != LEFT:
            m.subgroup[row] = FIRST
            w.subgroups[FIRST].members += 1


@njit
def give_up(w):
    """Back to one room."""
    w.m.subgroup[: w.now[0].rows] = CORE
    for home in range(w.now[0].subgroups):
        w.subgroups[home].members = 0
    w.now[0].subgroups = 0


@njit
def place_newcomers(w):
    """People join their inviter's subgroup if the inviter is still a member, others the smallest,
    one after the other."""
    m, now = w.m, w.now[0]
    for row in range(now.first_new, now.rows):
        inviter = np.int64(m.own[row].inviter)
        here = inviter >= 0 and m.status[inviter] != LEFT
        home = np.int64(m.subgroup[inviter]) if here else CORE
        if home == CORE:
            home = smallest(w)
        m.subgroup[row] = home
        w.subgroups[home].members += 1
        if w.subgroups[home].child > 0:
            inherit(w, row)


@njit
def plan_split(w, capacity):
    """Give each subgroup above its capacity an empty one for half of its members; returns how
    many."""
    planned, last = 0, 0
    for home in range(w.now[0].subgroups):
        w.subgroups[home].heir = 0
    for home in range(FIRST, w.now[0].subgroups):
        here = w.subgroups[home]
        if here.members > capacity:
            last = vacant(w, last)
            if last == 0:
                break
            w.subgroups[last].child, w.subgroups[last].heir = here.child, 0
            here.heir, here.go = last, here.members // 2
            here.stay = here.members - here.go
            planned += 1
    return planned


@njit
def split(w, day):
    """Halve subgroups above their capacity at random, until none is."""
    m, now, capacity = w.m, w.now[0], np.int64(w.levers[day, 0].subgroup_capacity)
    step = 0
    while capacity > 0 and plan_split(w, capacity) > 0:
        for row in range(now.rows):
            here = w.subgroups[m.subgroup[row]]
            if here.heir == 0 or m.status[row] == LEFT:
                continue
            goes = uniform(draw(w.people.key, SPLIT_DRAW, day, m.person[row], step)[0]) < 0.5
            if here.stay == 0 or (goes and here.go > 0):
                here.go -= 1
                move(w, row, here.heir)
            else:
                here.stay -= 1
        step += 1


@njit
def form_subgroups(w, day):
    """This morning's subgroups."""
    if not wanted(w, day):
        if w.now[0].subgroups > 0:
            give_up(w)
        return
    if w.now[0].subgroups == 0:
        begin(w)
    place_newcomers(w)
    review_core(w, day)
    found_child(w, day)
    split(w, day)


@njit
def count_subgroups(w, day):
    """This evening's subgroups, without those who left today."""
    now, daily = w.now[0], w.daily[day]
    daily.children = now.children
    if now.subgroups == 0:
        daily.subgroups, daily.largest_subgroup = 1, now.members
        return
    for k in range(now.leavers):
        w.subgroups[w.m.subgroup[w.leavers[k]]].members -= 1
    for home in range(now.subgroups):
        size = w.subgroups[home].members
        daily.subgroups += np.int64(size > 0)
        daily.largest_subgroup = max(daily.largest_subgroup, size)
