"""Belonging: which subgroup each member belongs to, and the size of each subgroup.

Subgroup 0 is the core group; the others are numbered from 1. While there are no subgroups,
everyone's number is 0, and all read in one room. Part of `subgroups`.
"""

import numpy as np

from comsim.model.declare import MemberField
from comsim.model.kernel.basics import ACTIVE, fixed, ranked
from comsim.model.kernel.compile import njit
from comsim.model.periods import DORMANT_AFTER

CORE, FIRST = 0, 1
MOST_SUBGROUPS = 1024

# Members inside; today's posts by them, and how many wrote those; where the posts begin in
# `w.order`; whether it is (part of) a child community; while splitting, to which subgroup
# members go, and how many may still stay and go; and the strain of its posts (`overload`).
SUBGROUP = np.dtype(
    [("members", "i8"), ("posts", "i8"), ("begin", "i8"), ("child", "i8"),
     ("heir", "i8"), ("stay", "i8"), ("go", "i8"), ("strain", "f8")]
)  # fmt: skip

# An array of its own: visitors look it up, and the morning's passes read nothing else.
ARRAYS = [
    MemberField("subgroup", "u2",
                "number of the subgroup; 0 for the core group, or for all members without "
                "subgroups"),
]  # fmt: skip


@njit
def move(w, row, home):
    """A member goes to another subgroup."""
    w.subgroups[w.m.subgroup[row]].members -= 1
    w.subgroups[home].members += 1
    w.m.subgroup[row] = home


@njit
def smallest(w):
    """The ordinary subgroup (neither core nor child) with the fewest members; of equal ones the
    first.

    Subgroups without members are chosen only if there are no others.
    """
    choice = FIRST
    for home in range(FIRST + 1, w.now[0].subgroups):
        here, least = w.subgroups[home], w.subgroups[choice].members
        if here.child == 0 and here.members > 0 and (here.members < least or least == 0):
            choice = home
    return choice


@njit
def vacant(w, after):
    """The first subgroup after `after` that is empty, or a new one; 0 if there is no room."""
    now = w.now[0]
    for home in range(after + 1, now.subgroups):
        if w.subgroups[home].members == 0 and home > FIRST:
            return home
    if now.subgroups >= MOST_SUBGROUPS:
        return 0
    now.subgroups += 1
    return now.subgroups - 1


@njit
def merit(w, row):
    """How much a member carries the community, 0 to 1: half standing, half habit."""
    return 0.5 * (np.float64(w.m.own[row].standing) + np.float64(w.m.habit[row]))


@njit
def best(w, day, number, without_core, rows):
    """The `number` members with the most merit, the best first; of equals the lowest id first.

    Members who have muted the community, have been away for 28 days, or belong to a child community
    are excluded. Fills `rows`; returns how many there are.
    """
    m, count = w.m, 0
    ranks = np.empty(number, np.int64)
    for row in range(w.now[0].rows):
        home = m.subgroup[row]
        if m.status[row] != ACTIVE or w.subgroups[home].child > 0:
            continue
        if (without_core and home == CORE) or day - m.own[row].last_visit > DORMANT_AFTER:
            continue
        rank = ranked(fixed(merit(w, row)), m.person[row])
        if count < number:
            count += 1
        elif rank < ranks[count - 1]:
            continue
        at = count - 1
        while at > 0 and ranks[at - 1] < rank:
            ranks[at], rows[at] = ranks[at - 1], rows[at - 1]
            at -= 1
        ranks[at], rows[at] = rank, row
    return count
