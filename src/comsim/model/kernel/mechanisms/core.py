"""Core: a group of members who carry the community, and whose posts reach every subgroup.

In an open ring everybody may post and reply in their own subgroup. In a muted pyramid only the core
group may post, and all read it. Part of `subgroups`.
"""

import numpy as np

from comsim.model.declare import Lever
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.belonging import CORE, best, move, smallest
from comsim.model.periods import DORMANT_AFTER, MONTH

REVIEW_DAYS = MONTH  # between reviews of the core group

LEVERS = [
    Lever("core_group", 0, "people", 0, 2000,
          "largest number of members in the core group, whose posts reach every subgroup",
          meaning_zh="核心群最多的人数，其帖子能到达所有子社群", group="structure", grade="none",
          scope="community", whole=True, slider=200, label_zh="核心群人数"),
    Lever("pyramid", 0, "0 or 1", 0, 1,
          "0 for an open ring; above 0 for a muted pyramid, in which only the core group posts and "
          "replies", meaning_zh="0 为开放的圈子；大于 0 为禁言金字塔：只有核心群能发言",
          group="structure", grade="none", scope="community", whole=True, label="muted pyramid",
          label_zh="金字塔结构（禁言）"),
]  # fmt: skip


@njit
def step_back(w, day, all_of_them):
    """Core members who have been away for 28 days move to an ordinary subgroup, or all core members
    do."""
    m = w.m
    for row in range(w.now[0].rows):
        if m.subgroup[row] != CORE or m.status[row] == LEFT:
            continue
        if all_of_them or day - m.own[row].last_visit > DORMANT_AFTER:
            move(w, row, smallest(w))


@njit
def review_core(w, day):
    """Every 30 days, and when it is empty, the core group is filled with the members of most
    merit."""
    core, places = w.subgroups[CORE], np.int64(w.levers[day, 0].core_group)
    if core.members > 0 and (places == 0 or day % REVIEW_DAYS == 0):
        step_back(w, day, places == 0)
    if places > core.members and (core.members == 0 or day % REVIEW_DAYS == 0):
        rows = np.empty(places - core.members, np.int64)
        for at in range(best(w, day, places - core.members, True, rows)):
            move(w, rows[at], CORE)


@njit
def may_speak(subgroups, home):
    """Whether members of a subgroup may post and reply in a pyramid. Children are open rings."""
    return home == CORE or subgroups[home].child > 0


@njit
def only_who_may(subgroup, subgroups, visits, writing, writers, numbers):
    """Keep those of a chunk's writers who may speak in a pyramid; returns how many are left."""
    left = 0
    for k in range(writing):
        writers[left], numbers[left] = writers[k], numbers[k]
        left += np.int64(may_speak(subgroups, subgroup[visits[writers[k]].row]))
    return left
