"""Ties: the few other members whom a member has got to know by replying. Part of `read`."""

import numpy as np

from comsim.model.kernel.basics import GONE, NOTHING, TIE_SLOTS
from comsim.model.kernel.compile import njit
from comsim.model.kernel.prefetch import AHEAD, prefetch

STRONGEST = 255


@njit
def come(start, queue, tie, visits, row, who, interest, ties):
    """Row, person, interest and ties of each visitor of a queue, side by side."""
    last = queue.shape[0] - 1
    for at in range(queue.shape[0]):
        prefetch(tie, np.int64(visits[start + queue[min(at + 2 * AHEAD, last)]].row))
        visit = visits[start + queue[at]]
        row[at], who[at], interest[at] = visit.row, visit.person, visit.interest
        for slot in range(TIE_SLOTS):
            ties[slot, at] = tie[visit.row, slot]


@njit
def posted_today(ties, post_of, first_post):
    """The first post of today by the member at the other end of each tie. All gathers at once."""
    for slot in range(TIE_SLOTS):
        for at in range(ties.shape[1]):
            other = ties[slot, at]
            post = post_of[np.uint32(max(other, 0))]
            first_post[slot, at] = post if other >= 0 else NOTHING


@njit
def gather_friends(first_post, friends, posted, lost):
    """For each visitor of a queue: the first posts of today by friends, in the order of the ties,
    how many there are, and how many friends turned out to have left."""
    for at in range(posted.shape[0]):
        n, gone = 0, 0
        for slot in range(TIE_SLOTS):
            friends[n, at] = first_post[slot, at]
            n += np.int64(first_post[slot, at] >= 0)
            gone += np.int64(first_post[slot, at] == GONE)
        posted[at], lost[at] = n, gone


@njit
def let_go(row, post_of, bonds, tie, tie_strength):
    """Drop ties to members who have left."""
    for slot in range(TIE_SLOTS):
        if tie[row, slot] >= 0 and post_of[tie[row, slot]] == GONE:
            tie[row, slot] = -1
            tie_strength[row, slot] = 0
            bonds[row] -= 1


@njit
def strengthen(row, other, bonds, tie, tie_strength):
    """A tie from one member to another grows by 1, takes a slot, or wears down the weakest tie.

    A fixed number of slots keeps the most frequent partners (after Misra and Gries 1982, who wear
    down all).
    """
    known, free, weakest, least = -1, -1, 0, 2 * STRONGEST
    for slot in range(TIE_SLOTS - 1, -1, -1):
        who, strength = tie[row, slot], np.int64(tie_strength[row, slot])
        known = slot if who == other else known
        free = slot if who < 0 else free
        strength = 2 * STRONGEST if who < 0 else strength
        weakest = slot if strength <= least else weakest
        least = min(strength, least)
    if known >= 0:
        tie_strength[row, known] = min(np.int64(tie_strength[row, known]) + 1, STRONGEST)
        return
    if free >= 0:
        bonds[row] += 1
    elif least > 1:
        tie_strength[row, weakest] -= 1
        return
    else:
        free = weakest
    tie[row, free] = other
    tie_strength[row, free] = 1
