"""The floor: the memory traffic, gathers and draws of a run's days, and nothing else.

It reads and writes the arrays that a day can't do without, at the same number of members,
visits, posts read and ties as a finished run, and decides nothing. What a kernel needs beyond
this time is its own arithmetic and branches.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numba import njit

from comsim.catalogue import OWN_RECORD
from comsim.kernel.random import philox4x32
from comsim.kernel.visit import VISIT

ONE = np.uint32(1)

# Bytes that a function of the day can't do without: for each member, or for each visit.
BYTES = {
    "visit, a member": "person 4, activity 4, interest, habit and fatigue read and written 24, "
    "status, bonds and phase 3: 35",
    "visit, a visit": f"record of the member {OWN_RECORD.itemsize}, of the visit {VISIT.itemsize}",
    "read, a visit": "ties 24, 4 a tie for the friend's post, 12 a post read",
    "learn, a visit": "interest, habit and fatigue read and written 24; the record again",
    "publish, leave and settle, a visit": "status 1; the record again",
}


@njit
def dense(person, activity, interest, habit, fatigue, flags, u):
    """Each member's state read and written once, and one draw."""
    total = 0.0
    for start in range(0, person.shape[0], u.shape[0]):
        stop = min(start + u.shape[0], person.shape[0])
        for row in range(start, stop):
            u[row - start] = philox4x32(person[row], ONE, ONE, ONE, ONE, ONE)[0]
        for state in (interest, habit, fatigue):
            for row in range(start, stop):
                state[row] = np.float64(state[row]) * 0.999
        for row in range(start, stop):
            total += activity[row] * u[row - start] + flags[row]
    return total


@njit
def visits(rows, reads, ties, posts, person, states, own, friend, post_of, post_table, luck):
    """Each visitor's states gathered and written, its ties and posts gathered, its draws made."""
    total = 0.0
    for at in range(rows.shape[0]):
        row = rows[at]
        for k in range(reads + 3):  # a draw an item, one for the ads, two for the day
            luck[k, 0], luck[k, 1], luck[k, 2], luck[k, 3] = philox4x32(
                person[row], np.uint32(k), ONE, ONE, ONE, ONE
            )
        for k in range(ties):
            total += post_of[friend[row, k]]
        for k in range(reads):
            total += post_table[luck[k, 1] % np.uint32(posts)]
        for k in range(states.shape[0]):
            states[k, row] = states[k, row] * np.float32(0.999)
        for k in range(own.shape[1]):
            own[row, k] = own[row, k] * np.float32(0.999)
    return total


def best(work: Callable[[], object]) -> float:
    """Least seconds of five tries, the first apart (it compiles)."""
    work()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def nanoseconds(world) -> tuple[float, float]:
    """Floor of a member-day and of a visit, for the numbers of a finished run."""
    daily = world.daily
    members = int(daily["members"].max())
    visitors = max(int(daily["dau"].sum() / len(daily)), 1)
    reads = round(daily["items_members"].sum() / daily["dau"].sum())
    posts = max(int(daily["posts"].mean()), 1)
    ties = round(float(world.m.bonds[:members].mean()))
    rng = np.random.default_rng(0)
    person = np.arange(members, dtype=np.uint32)
    state = [np.ones(members, np.float32) for _ in range(4)]
    flags, u = np.ones(members, np.uint8), np.zeros(4096)
    rows = np.linspace(0, members - 1, visitors).astype(np.int64)
    states, own = np.ones((3, members), np.float32), np.ones((members, 20), np.float32)
    friend = rng.integers(0, members, (members, max(ties, 1)), dtype=np.int32)
    post_of, post_table = np.zeros(members, np.int32), np.zeros(posts)
    luck = np.zeros((reads + 3, 4), np.uint32)
    each = best(lambda: dense(person, *state, flags, u)) / members
    visiting = best(lambda: visits(
        rows, reads, ties, posts, person, states, own, friend, post_of, post_table, luck,
    )) / visitors  # fmt: skip
    return each * 1e9, visiting * 1e9
