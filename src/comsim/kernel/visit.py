"""Visit, the second function of the day: a night passes, and everyone decides whether to come.

This is the one pass over all members; what follows touches only today's visitors.
"""

import numpy as np
from numba import prange

from comsim.declare import Column, Parameter
from comsim.kernel.arrive import LEFT, MUTED
from comsim.kernel.compile import njit
from comsim.kernel.fixed import fixed
from comsim.kernel.random import philox4x32, uniform
from comsim.rng import Purpose

DAY_DRAW = np.uint32(Purpose.DAY)
BLOCK = 4096
DORMANT_AFTER = 28
TIE_SLOTS = 6

# What today's visitors saw and did: one record a visit.
VISIT = np.dtype(
    [("row", "i4"), ("ads", "i4"), ("official", "i4"), ("members", "i4"), ("lost", "i4"),
     ("replied", "i4"), ("value", "f8")]
)  # fmt: skip

PARAMETERS = [
    Parameter("forgetting", 0.015, "a day", 0, 1, "share of interest that fades in a night",
              "assumption; near the decay of R4DS under closed intake (half-life 47 days)"),
    Parameter("habit_fading", 0.04, "a day", 0, 1, "share of habit that fades in a night",
              "assumption; habits form over about 66 days (Lally et al. 2010) and fade likewise"),
    Parameter("recovery", 0.10, "a day", 0, 1, "share of fatigue that goes in a night"),
    Parameter("interest_half", 0.3, "0 to 1", 0.01, 1,
              "interest at which a member visits half as often as with very much interest"),
    Parameter("habit_floor", 0.6, "share", 0, 1, "visits of a member without any habit"),
    Parameter("tie_pull", 0.8, "share", 0, 5, "how much more a member with all ties visits"),
    Parameter("muted_visits", 0.25, "share", 0, 1, "visits of a muted member"),
]  # fmt: skip

COLUMNS = [Column("dormant", "people", "members without a visit for 28 days or more")]


@njit
def night_and_visits(
    block, rows, day, k0, k1, rhythm, p, person, activity, interest, habit, fatigue, status,
    bonds, last_visit, coming, considering, came, considered, interest_sum,
):  # fmt: skip
    """One block of members: fade, then decide. Fills the block's stretch of two lists.

    Chance to visit = activity x interest (an S-shaped response) x habit x (1 + ties) x weekday x (1 - fatigue),
    less if muted; newcomers of today are here. Members whose absence reaches a multiple of 28
    days consider leaving although they do not come.
    """
    start = block * BLOCK
    stop = min(start + BLOCK, rows)
    forgetting, habit_fading, recovery = p[0].forgetting, p[0].habit_fading, p[0].recovery
    interest_half = p[0].interest_half * p[0].interest_half
    habit_floor, tie_pull, muted_visits = p[0].habit_floor, p[0].tie_pull, p[0].muted_visits
    u = np.empty(BLOCK, np.float64)
    today = np.uint32(day)
    for row in range(start, stop):
        u[row - start] = uniform(philox4x32(person[row], np.uint32(0), today, DAY_DRAW, k0, k1)[0])
    n_coming, n_considering, total = 0, 0, 0
    for row in range(start, stop):
        if status[row] == LEFT:
            continue
        x = np.float64(interest[row])
        h = np.float64(habit[row])
        f = np.float64(fatigue[row])
        absence = day - np.int64(last_visit[row])
        if absence > 0:
            interest[row] = x = np.float64(np.float32(x - forgetting * x))
            habit[row] = h = np.float64(np.float32(h - habit_fading * h))
            fatigue[row] = f = np.float64(np.float32(f - recovery * f))
        total += fixed(x)
        chance = (
            np.float64(activity[row])
            * (x * x / (x * x + interest_half))
            * (habit_floor + (1.0 - habit_floor) * h)
            * (1.0 + tie_pull * (np.float64(bonds[row]) / TIE_SLOTS))
            * rhythm
            * (1.0 - f)
        )
        if status[row] == MUTED:
            chance *= muted_visits
        if absence == 0 or u[row - start] < chance:
            coming[start + n_coming] = row
            n_coming += 1
        elif absence % DORMANT_AFTER == 0:
            considering[start + n_considering] = row
            n_considering += 1
    came[block] = n_coming
    considered[block] = n_considering
    interest_sum[block] = total


@njit
def block_by_block(w, day, blocks):
    """All blocks, one after the other."""
    m = w.m
    for block in range(blocks):
        night_and_visits(
            block, w.now[0].rows, day, w.people.key[0], w.people.key[1], w.rhythm[day], w.p, m.person,
            m.activity, m.interest, m.habit, m.fatigue, m.status, m.bonds, m.last_visit,
            w.coming, w.considering, w.came, w.considered, w.interest_sum,
        )  # fmt: skip


@njit(parallel=True)
def blocks_in_threads(w, day, blocks):
    """The same, spread over threads: blocks share nothing. A parallel loop can't take `w`."""
    m = w.m
    rows, k0, k1, rhythm, p = w.now[0].rows, w.people.key[0], w.people.key[1], w.rhythm[day], w.p
    person, activity, interest, habit = m.person, m.activity, m.interest, m.habit
    fatigue, status, bonds, last_visit = m.fatigue, m.status, m.bonds, m.last_visit
    coming, considering, came, considered = w.coming, w.considering, w.came, w.considered
    interest_sum = w.interest_sum
    for block in prange(blocks):
        night_and_visits(
            block, rows, day, k0, k1, rhythm, p, person, activity, interest, habit, fatigue,
            status, bonds, last_visit, coming, considering, came, considered, interest_sum,
        )  # fmt: skip


@njit
def visit(w, day, threaded):
    """Fade and decide, then write down who came and who is dormant."""
    m, now = w.m, w.now[0]
    blocks = (now.rows + BLOCK - 1) // BLOCK
    if threaded:
        blocks_in_threads(w, day, blocks)
    else:
        block_by_block(w, day, blocks)
    visitors, absent, total = 0, 0, 0
    for block in range(blocks):
        total += w.interest_sum[block]
        for at in range(w.came[block]):
            row = np.int64(w.coming[block * BLOCK + at])
            w.visits[visitors].row = row
            visitors += 1
            if m.last_visit[row] < day:
                w.visit_count[m.last_visit[row]] -= 1
            m.last_visit[row] = day
            m.visits[row] += 1
            now.dormant -= np.int64(m.dormant[row])
            m.dormant[row] = 0
        for at in range(w.considered[block]):
            row = np.int64(w.considering[block * BLOCK + at])
            w.absent[absent] = row
            absent += 1
            now.dormant += 1 - np.int64(m.dormant[row])
            m.dormant[row] = 1
    w.visit_count[day] += visitors
    now.visitors = visitors
    now.absent = absent
    now.interest_sum = total
