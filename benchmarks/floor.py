"""The floor: the memory traffic, gathers and draws of a run's days, and nothing else.

It moves the bytes that a day needs at least (BYTES), for the same number of members, visits, posts
read and ties as a finished run, makes the same draws, and decides nothing. It is written to be
quick: loops that become vector instructions, scattered records asked for ahead, chunks that stay in
the processor's cache. `kernel_pass` is the kernel's own pass over all members, which does the same
and decides: it can't be faster, and `run.py` shows that it isn't. What a kernel needs beyond the
floor is its own arithmetic and branches.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numba import njit

from comsim.model.catalogue import OWN_RECORD
from comsim.model.kernel.basics import TIE_SLOTS
from comsim.model.kernel.prefetch import AHEAD, prefetch
from comsim.model.kernel.publish import POST
from comsim.model.kernel.random import philox4x32
from comsim.model.kernel.visit import AT_ONCE, BLOCK, CHUNK, VISIT, visit_block

ONE, FADED = np.uint32(1), np.float32(0.999)
# Draws per visit, besides one for each post read: two for the day, and one each for an idle spell,
# for ads and for writing.
DRAWS = 5

# Bytes that a function of the day can't do without: for each member, or for each visit.
BYTES = {
    "visit, a member": "activity 4, forgetfulness 4, interest, habit and fatigue read and written "
    "24, status, bonds and phase 3, the mark of who comes written and read 2, the random word 4; "
    "every fourth day, the person read 4 and the words of four days written 16: 46",
    "visit, a visit": f"record of the member {OWN_RECORD.itemsize} read and written, of the visit "
    f"{VISIT.itemsize} written",
    "read, a visit": f"{TIE_SLOTS} ties 24 and their strengths 6 read and written, 4 a tie for the "
    f"friend's post, {POST.itemsize} a post read",
    "learn, a visit": "interest, habit and fatigue read and written 24; both records again",
    "publish, leave and settle, a visit": "status and phase 2; the records again",
}
STEPS = ("activity", "forgetfulness", "interest", "habit", "fatigue")


@njit
def dense(
    day,
    person,
    activity,
    forgetfulness,
    interest,
    habit,
    fatigue,
    status,
    bonds,
    phase,
    marks,
    word,
):
    """Read each member's numbers once, write those that change, and make a draw for four days."""
    found = 0
    for start in range(0, person.shape[0], BLOCK):
        block = slice(start, min(start + BLOCK, person.shape[0]))
        a, f, x, h, t = (
            activity[block], forgetfulness[block], interest[block], habit[block], fatigue[block],
        )  # fmt: skip
        who, s, b, p, mark = person[block], status[block], bonds[block], phase[block], marks[block]
        for at in range(mark.shape[0]):
            x[at] *= f[at]
            h[at] *= FADED
            t[at] *= a[at]
        w = word[start // BLOCK]
        one, two, three, four, today = w[0], w[1], w[2], w[3], w[day % AT_ONCE]
        if day % AT_ONCE == 0:
            for at in range(mark.shape[0]):
                one[at], two[at], three[at], four[at] = philox4x32(who[at], ONE, ONE, ONE, ONE, ONE)
        for at in range(mark.shape[0]):
            mark[at] = np.uint8(today[at] >> np.uint32(24)) ^ s[at] ^ b[at] ^ p[at]
        for at in range(mark.shape[0]):
            found += mark[at]
    return found


@njit
def dense_days(*parts):
    """The days that share a draw."""
    found = 0
    for day in range(AT_ONCE):
        found += dense(day, *parts)
    return found


@njit
def kernel_pass(w, day, blocks):
    """The kernel's own pass on as many days: fade, decide, record the visitors."""
    for later in range(AT_ONCE):
        for block in range(blocks):
            visit_block(w, day + later, block)


@njit
def visits(rows, reads, posts, person, states, small, own, tie, power, post_of, table, record):
    """Gather and write each visitor's record and states, gather its ties and posts, and make its
    draws, in chunks."""
    total, number = 0, reads + DRAWS
    who, item = np.empty(CHUNK * number, np.uint32), np.empty(CHUNK * number, np.uint32)
    words = np.empty((4, CHUNK * number), np.uint32)
    pick, friend = np.empty(CHUNK * reads, np.uint32), np.empty(CHUNK * TIE_SLOTS, np.uint32)
    for start in range(0, rows.shape[0], CHUNK):
        mine = rows[start : start + CHUNK]
        size = mine.shape[0]
        for at in range(size):
            soon = mine[min(at + AHEAD, size - 1)]
            prefetch(own, soon)
            prefetch(tie, soon)
            prefetch(power, soon)
            prefetch(person, soon)
            for k in range(len(states)):
                prefetch(states[k], soon)
            for k in range(len(small)):
                prefetch(small[k], soon)
            row = mine[at]
            for k in range(number):
                who[k * size + at], item[k * size + at] = person[row], k
            for k in range(own.shape[1]):
                own[row, k] *= FADED
                record[start + at, k] = own[row, k]
            for k in range(own.shape[1], record.shape[1]):
                record[start + at, k] = FADED
            for k in range(len(states)):
                states[k][row] *= FADED
            for k in range(len(small)):
                small[k][row] ^= np.uint8(1)
            for k in range(TIE_SLOTS):
                friend[k * size + at] = tie[row, k]
                tie[row, k] ^= 1
                power[row, k] ^= np.uint8(1)
        for at in range(size * number):
            words[0, at], words[1, at], words[2, at], words[3, at] = philox4x32(
                who[at], item[at], ONE, ONE, ONE, ONE
            )
        for at in range(size * reads):
            pick[at] = (np.uint64(words[0, at]) * np.uint64(posts)) >> np.uint64(32)
        for at in range(size * TIE_SLOTS):
            total += post_of[friend[at]]
        for at in range(size * reads):
            total += table[pick[at]].author
    for at in range(rows.shape[0]):  # learn, leave and settle look at the record again
        for k in range(record.shape[1]):
            record[at, k] *= FADED
    return total


def best(*works: Callable[[], object]) -> list[float]:
    """The least processor time of each, in seconds. They are timed in turn, so that a busy machine
    affects all equally; each trial is long enough for the clock. The first calls compile."""
    repeats, times = [], [[] for _ in works]
    for work in works:
        work()
        began = time.process_time()
        work()
        repeats.append(1 + int(0.02 / max(time.process_time() - began, 1e-6)))
    for _ in range(9):
        for work, number, mine in zip(works, repeats, times, strict=True):
            began = time.process_time()
            for _ in range(number):
                work()
            mine.append((time.process_time() - began) / number)
    return [min(mine) for mine in times]


def nanoseconds(world) -> tuple[float, float, float]:
    """Floor of a member-day and of a visit, for the numbers of a finished run; and a member-day in
    the kernel's own pass (which lives on in `world`, a night for each try)."""
    daily = world.daily
    members, dau = int(world.now["rows"][0]), daily["dau"]
    visitors = max(int(dau.mean()), 1)
    reads = round(daily["items_members"].sum() / dau.sum())
    posts = max(int((daily["posts"] * dau).sum() / dau.sum()), 1)
    rng = np.random.default_rng(0)
    person = np.arange(members, dtype=np.uint32)
    states = {name: np.ones(members, np.float32) for name in STEPS}
    small = [np.zeros(members, np.uint8) for _ in range(3)]
    marks = np.zeros(members, np.uint8)
    word = np.zeros((members // BLOCK + 1, AT_ONCE, BLOCK), np.uint32)
    rows = np.linspace(0, members - 1, visitors).astype(np.int64)
    own = np.ones((members, OWN_RECORD.itemsize // 4), np.float32)
    record = np.ones((visitors, VISIT.itemsize // 4), np.float32)
    tie = rng.integers(0, members // 2 * 2, (members, TIE_SLOTS), dtype=np.int32)
    power = np.ones((members, TIE_SLOTS), np.uint8)
    post_of, table = np.zeros(members + 1, np.int32), np.zeros(posts, POST)
    faded = tuple(states[name] for name in STEPS[2:])
    blocks, day = (members + BLOCK - 1) // BLOCK, len(daily) - 1
    low, visit, own_pass = best(
        lambda: dense_days(person, *states.values(), *small, marks, word),
        lambda: visits(
            rows, reads, posts, person, faded, tuple(small[:2]), own, tie, power, post_of, table,
            record,
        ),
        lambda: kernel_pass(world, day, blocks),
    )  # fmt: skip
    nights = members * AT_ONCE
    return low / nights * 1e9, visit / visitors * 1e9, own_pass / nights * 1e9
