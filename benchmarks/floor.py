"""The floor: the memory traffic, gathers and draws of a run's days, and nothing else.

It reads and writes the arrays that a day can't do without, at the same number of members,
visits, posts read and ties as a finished run, and decides nothing. What a kernel needs beyond
this time is its own arithmetic and branches.
"""

import numpy as np
from numba import njit

from comsim.kernel.random import philox4x32

# Bytes that a function of the day can't do without: for each member, or for each visit.
BYTES = {
    "visit, a member": "person 4 + activity 4 + interest, habit, fatigue 3 x (4 + 4) "
    "+ status 1 + bonds 1 + last_visit 4 = 38",
    "publish, a visit": "contribution, interest, voice, reward_norm 4 x 4 + person 4 = 20",
    "read, a visit": "ties 24 + post_of 4 a tie + interest, trust, novelty, taste 16 "
    "+ a post read 20",
    "learn, a visit": "8 states x (4 + 4) = 64",
    "leave and settle, a visit": "interest, trust, fatigue, status, power 17",
}


@njit
def dense(person, activity, interest, habit, fatigue, status, bonds, last_visit, u):
    """Each member's state read and written once, and one draw."""
    total = 0.0
    for start in range(0, person.shape[0], u.shape[0]):
        stop = min(start + u.shape[0], person.shape[0])
        for row in range(start, stop):
            u[row - start] = philox4x32(
                person[row], np.uint32(0), np.uint32(1), np.uint32(5), np.uint32(1), np.uint32(0)
            )[0]
        for row in range(start, stop):
            interest[row] = interest[row] * np.float32(0.999)
        for row in range(start, stop):
            habit[row] = habit[row] * np.float32(0.999)
        for row in range(start, stop):
            fatigue[row] = fatigue[row] * np.float32(0.999)
        for row in range(start, stop):
            total += activity[row] * u[row - start] + status[row] + bonds[row] + last_visit[row]
    return total


@njit
def visits(rows, reads, ties, posts, person, slow, states, post_of, post_table, luck):
    """Each visitor's states gathered and written, its ties and posts gathered, its draws made."""
    total = np.float64(0)
    for at in range(rows.shape[0]):
        row = rows[at]
        for k in range(reads + 1):
            luck[k, 0], luck[k, 1], luck[k, 2], luck[k, 3] = philox4x32(
                person[row], np.uint32(k), np.uint32(1), np.uint32(8), np.uint32(1), np.uint32(0)
            )
        for _ in range(3):  # publish; leave and settle
            total += philox4x32(
                person[row], np.uint32(1), np.uint32(1), np.uint32(7), np.uint32(1), np.uint32(0)
            )[0]
        for k in range(ties):
            total += post_of[luck[k, 0] % np.uint32(post_of.shape[0])]
        for k in range(reads):
            total += post_table[luck[k, 1] % np.uint32(posts), 0]
        for k in range(slow.shape[0]):
            total += slow[k, row]
        for k in range(states.shape[0]):
            states[k, row] = states[k, row] * np.float32(0.999)
    return total


def seconds_of(world, days: int, clock) -> float:
    """Time that the floor of `days` days takes, for the members and visits of a finished run."""
    daily = world.daily[-days:]
    members = int(daily["members"].mean())
    visitors = max(int(daily["dau"].mean()), 1)
    reads = round(daily["items_members"].sum() / daily["dau"].sum())
    posts = max(int(daily["posts"].mean()), 1)
    ties = round(float(world.m.bonds[:members].mean()))
    m = world.m
    copies = [np.array(a[:members]) for a in (
        m.person, m.activity, m.interest, m.habit, m.fatigue, m.status, m.bonds, m.last_visit,
    )]  # fmt: skip
    rows = np.linspace(0, members - 1, visitors).astype(np.int64)
    slow, states = np.ones((8, members), np.float32), np.ones((8, members), np.float32)
    post_of, post_table = np.zeros(members, np.int32), np.zeros((posts, 5), np.int32)
    luck = np.zeros((max(reads, ties) + 1, 4), np.uint32)
    u = np.zeros(4096)

    def day() -> None:
        dense(*copies, u)
        visits(rows, reads, ties, posts, copies[0], slow, states, post_of, post_table, luck)

    day()
    began = clock()
    for _ in range(days):
        day()
    return clock() - began
