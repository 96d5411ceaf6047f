"""Visit: a night passes, and everyone decides whether to come.

This is the pass over all members; the rest of the day touches only today's visitors (except for a
product release). In a large community it takes most of the time, so it computes in single precision
and draws the random numbers of four days at once. Members who would come then have second thoughts.
"""

import numpy as np
from numba import prange

from comsim.model.declare import R4DS, Column, Parameter
from comsim.model.kernel.basics import (
    COMES,
    DUE,
    LEFT,
    MUTED,
    TIE_SLOTS,
    cell,
    fixed,
    saturating,
)
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.conversation import call_back
from comsim.model.kernel.mechanisms.roles import give_up_role
from comsim.model.kernel.mechanisms.spells import begin_spells
from comsim.model.kernel.mechanisms.trust import heal, trust_on, visit_factor
from comsim.model.kernel.mechanisms.weather import change_weather
from comsim.model.kernel.people import key_of
from comsim.model.kernel.prefetch import AHEAD, prefetch
from comsim.model.kernel.random import philox4x32, uniform, uniform32
from comsim.model.periods import DORMANT_AFTER, MONTH
from comsim.model.rng import Purpose

DAY_DRAW, VISIT_DRAW = np.uint32(Purpose.DAY), np.uint32(Purpose.VISIT)
AT_ONCE = 4  # days for which the words that decide on visits are drawn together
BLOCK = 4096  # members
CHUNK = 512  # visits

# In single precision.
ZERO, ONE, FIXED_ONE = np.float32(0.0), np.float32(1.0), np.float32(2.0**30)
FIFTEEN, LOWER = np.uint32(15), np.uint32(2**15 - 1)  # bits
NOTHING_LEFT = np.float32(1e-9)  # states below this are set to 0: the smallest floats are slow

# One record a visit: a copy of the member's state, for the functions that follow, since memory
# is quick when read in order; what the visitor saw and did; the random words of the day.
VISIT = np.dtype(
    [("value", "f8"), ("solved", "f8"), ("removals", "f8")]
    + [("row", "i4"), ("person", "u4"), ("cell", "i4"), ("ads", "i4"), ("official", "i4"),
       ("members", "i4"), ("lost", "i4"), ("last", "i4"), ("replied", "i4")]
    + [(state, "f4") for state in (
        "interest", "trust", "fatigue", "novelty", "taste", "contribution", "voice",
        "reward_norm", "coupon_norm",
    )]
    + [(word, "u4") for word in (
        "leave", "mute", "order", "post", "invite", "contact", "reply",
    )]
    + [("joined", "i4")],  # no space: it fills the record up to a multiple of eight bytes
    align=True,
)  # fmt: skip

PARAMETERS = [
    Parameter("forgetting", 0.035, "a day", 0, 1, "share of interest that fades overnight",
              fitted=R4DS, clock=1, label="fading of interest", label_zh="兴趣的消退"),
    Parameter("habit_fading", 0.04, "a day", 0, 1, "share of habit that fades overnight",
              clock=1, label="fading of habit", label_zh="习惯的消退"),
    Parameter("recovery", 0.10, "a day", 0, 1, "share of fatigue that fades overnight",
              clock=1, label="recovery from fatigue", label_zh="疲劳的恢复"),
    Parameter("interest_half", 0.417, "0 to 1", 0.01, 1,
              "interest at which a member visits half as often as at very high interest",
              fitted=R4DS, label="interest of half the visits", label_zh="半数到访的兴趣"),
    Parameter("habit_floor", 0.869, "share", 0, 1,
              "visits of a member without any habit, as a share of visits at full habit",
              fitted=R4DS, label="visits without habit", label_zh="无习惯时的到访"),
    Parameter("tie_pull", 0.828, "share", 0, 5, "how much more a member with all ties visits",
              fitted=R4DS, label="ties and visits", label_zh="关系对到访的促进"),
    Parameter("muted_visits", 0.25, "share", 0, 1,
              "visits of a muted member, as a share of the visits of others",
              label="visits of the muted", label_zh="屏蔽后的到访"),
]  # fmt: skip

COLUMNS = [
    Column("dormant", "people", "members without a visit for 28 days or more", label_zh="休眠"),
]  # fmt: skip


@njit
def chunks_of(visitors):
    """How many chunks hold so many visits."""
    return (visitors + CHUNK - 1) // CHUNK


@njit(forceinline=True)
def month_of(joined, day):
    """Month of membership that a day lies in, from 0; unsigned division needs no branch."""
    return np.int64(np.uint32(day - joined) // np.uint32(MONTH))


@njit(forceinline=True)
def faded(state, rate):
    """What is left of a state after a night."""
    left = state - rate * state
    return left if left > NOTHING_LEFT else ZERO


@njit
def fade(p, forgetfulness, interest, habit, fatigue, status):
    """A night passes: a share of each state fades, for members who have not left.

    Returns the sum of interest over them, in fixed point: a float32 in [0, 1] is as exact there as
    a float64. Upper and lower bits are added up separately, since 64-bit numbers would halve the
    vectors; the sums of a block fit into 32 bits.
    """
    forgetting, habit_fading = np.float32(p.forgetting), np.float32(p.habit_fading)
    recovery = np.float32(p.recovery)
    upper, lower = np.uint32(0), np.uint32(0)
    for at in range(status.shape[0]):
        here = ZERO if status[at] == LEFT else ONE
        x = faded(interest[at], here * (forgetting * forgetfulness[at]))
        interest[at] = x
        habit[at] = faded(habit[at], here * habit_fading)
        fatigue[at] = faded(fatigue[at], here * recovery)
        units = np.uint32(np.int32(here * x * FIXED_ONE))
        upper = np.uint32(upper + np.uint32(units >> FIFTEEN))
        lower = np.uint32(lower + np.uint32(units & LOWER))
    return (np.int64(upper) << 15) + np.int64(lower)


@njit
def draw_ahead(person, day, k0, k1, first, second, third, fourth):
    """The random words that decide whether members visit, for the block of four days that contains
    this day."""
    four = np.uint32(day // AT_ONCE)
    for at in range(person.shape[0]):
        first[at], second[at], third[at], fourth[at] = philox4x32(
            person[at], np.uint32(0), four, VISIT_DRAW, k0, k1
        )


@njit
def decisions(
    p, rhythm, phase_today, word, activity, interest, habit, fatigue, status, bonds, phase, marks,
    lift,
):  # fmt: skip
    """Mark members who would come (1), and absent members who consider leaving (2): every 28 days
    after the last visit.

    Chance to visit = activity x interest (an S-shaped response) x habit x (1 + ties) x
    rhythm x (1 - fatigue), less if muted, 0 for those who have left; times `lift`, once
    there have been pushes.
    """
    half, floor = np.float32(p.interest_half * p.interest_half), np.float32(p.habit_floor)
    gain, pull = np.float32(1.0 - p.habit_floor), np.float32(p.tie_pull / TIE_SLOTS)
    muted, rhythm_today = np.float32(p.muted_visits), np.float32(rhythm)
    for at in range(marks.shape[0]):
        drive = (
            activity[at]
            * saturating(interest[at] * interest[at], half)
            * (floor + gain * habit[at])
            * (ONE + pull * np.float32(bonds[at]))
            * rhythm_today
            * (ONE - fatigue[at])
        )
        drive *= muted if status[at] == MUTED else ONE
        if lift is not None:  # settled when it is compiled
            drive *= lift[at]
        chance = ZERO if status[at] == LEFT else drive
        due = (phase[at] == phase_today) & (status[at] != LEFT)
        marks[at] = COMES if uniform32(word[at]) < chance else (DUE if due else 0)


@njit
def gather(start, marks, rows):
    """Collect the rows that are marked; returns how many. Most marks are 0, so eight are checked at
    once."""
    count = 0
    eights = marks.view(np.uint64)
    for eight in range(eights.shape[0]):
        if eights[eight] != 0:
            for at in range(8 * eight, 8 * eight + 8):
                rows[start + count] = start + at
                count += marks[at] != 0
    return count


@njit(forceinline=True)
def some_may_stay(p):
    """Whether second thoughts can keep anybody away."""
    return p.idle_chance > 0.0 or p.trust_visits > 0.0


@njit(forceinline=True)
def still_comes(p, day, mine, u):
    """Whether a member who would come does: not in an idle spell, and more likely with more trust.

    These lookups would be too expensive in the pass over all members.
    """
    return day >= mine.idle_until and u < visit_factor(p, trust_on(p, mine, day))


@njit
def think_again(w, day, start, hits):
    """Members of a block who would come have second thoughts; those who stay away count as absent.
    Returns the number of marked members that remain in the block's part of the list."""
    m, own, phase, marks, marked, (k0, k1) = w.m, w.m.own, w.m.phase, w.marks, w.marked, key_of(w)
    who, word = np.empty(hits, np.uint32), np.empty(hits, np.uint32)
    for at in range(hits):
        who[at] = m.person[marked[start + at]]
    for at in range(hits):
        word[at] = philox4x32(who[at], np.uint32(0), np.uint32(day), DAY_DRAW, k0, k1)[0]
    left = 0
    for at in range(hits):
        prefetch(own, np.int64(marked[start + min(at + AHEAD, hits - 1)]))
        row = np.int64(marked[start + at])
        if (
            marks[row] == COMES
            and row < w.now[0].first_new
            and not still_comes(w.p[0], day, own[row], uniform(word[at]))
        ):
            marks[row] = DUE if np.int64(phase[row]) == day % DORMANT_AFTER else 0
        marked[start + left] = row
        left += marks[row] != 0
    return left


@njit
def preset(called, start, stop, status, marks):
    """Members of a block whom a friend has called come, unless they have left. `called` holds
    their rows in ascending order."""
    at = np.searchsorted(called, start)
    while at < called.shape[0] and called[at] < stop:
        if status[called[at]] != LEFT:
            marks[called[at]] = COMES
        at += 1


@njit
def visit_block(w, day, block):
    """One block of members: fade, then decide. Fills the block's part of a list.

    Members from row `now.first_new` on joined today: they do not fade yet, and are visiting.
    """
    m, p, now, (k0, k1) = w.m, w.p, w.now[0], key_of(w)
    start, stop = block * BLOCK, min((block + 1) * BLOCK, now.rows)
    before = max(start, min(stop, now.first_new))
    interest, habit = m.interest[start:before], m.habit[start:before]
    fatigue, status = m.fatigue[start:before], m.status[start:before]
    marks, word = w.marks, w.word[block]
    w.interest_sum[block] = fade(
        p[0], m.forgetfulness[start:before], interest, habit, fatigue, status
    )
    first, last = 0 if day % AT_ONCE == 0 else before - start, stop - start
    if first < last:
        draw_ahead(
            m.person[start + first : stop], day, k0, k1, word[0][first:last], word[1][first:last],
            word[2][first:last], word[3][first:last],
        )  # fmt: skip
    if now.pushing > 0:
        decisions(
            p[0], now.rhythm, np.uint8(day % DORMANT_AFTER), word[day % AT_ONCE],
            m.activity[start:before], interest, habit, fatigue, status, m.bonds[start:before],
            m.phase[start:before], marks[start:before], w.lift[start:before],
        )  # fmt: skip
    else:
        decisions(
            p[0], now.rhythm, np.uint8(day % DORMANT_AFTER), word[day % AT_ONCE],
            m.activity[start:before], interest, habit, fatigue, status, m.bonds[start:before],
            m.phase[start:before], marks[start:before], None,
        )  # fmt: skip
    if now.called > 0:
        preset(w.called[: now.called], start, before, m.status, marks)
    for row in range(before, stop):
        marks[row] = COMES
        w.interest_sum[block] += fixed(m.interest[row])
    if now.answered > 0 and p[0].recall > 0.0:
        call_back(w, day, start, before)
    w.hits[block] = gather(start, marks[start : start + BLOCK], w.marked)
    if some_may_stay(p[0]):
        w.hits[block] = think_again(w, day, start, w.hits[block])


@njit(parallel=True)
def visit_in_threads(w, day, blocks):
    """All blocks, spread over threads, which share nothing."""
    for block in prange(blocks):
        visit_block(w, day, np.int64(block))


@njit
def open_visits(w, day, chunk):
    """One chunk of visits: who visits, their state, lever cell and random numbers of the day;
    dormant visitors wake up.

    All random numbers are drawn at once: in a loop without branches, draws vectorise.
    """
    coming, visits, person, own = w.marked, w.visits, w.m.person, w.m.own
    interest, phase, dormant, (k0, k1) = w.m.interest, w.m.phase, w.m.dormant, key_of(w)
    start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, w.now[0].visitors)
    who = np.empty(stop - start, np.uint32)
    word = np.empty((7, stop - start), np.uint32)
    for at in range(start, stop):
        prefetch(person, np.int64(coming[min(at + 2 * AHEAD, stop - 1)]))
        who[at - start] = person[coming[at]]
    for at in range(stop - start):
        _, word[0, at], word[1, at], word[2, at] = philox4x32(
            who[at], np.uint32(0), np.uint32(day), DAY_DRAW, k0, k1
        )
    for at in range(stop - start):
        word[3, at], word[4, at], word[5, at], word[6, at] = philox4x32(
            who[at], np.uint32(1), np.uint32(day), DAY_DRAW, k0, k1
        )
    woke = 0
    for at in range(start, stop):
        soon = np.int64(coming[min(at + AHEAD, stop - 1)])
        prefetch(own, soon)
        prefetch(interest, soon)
        prefetch(phase, soon)
        prefetch(dormant, soon)
        row = np.int64(coming[at])
        visit, mine = visits[at], own[row]
        visit.row, visit.person = row, who[at - start]
        visit.leave, visit.mute = word[0, at - start], word[1, at - start]
        visit.order, visit.post = word[2, at - start], word[3, at - start]
        visit.invite, visit.contact = word[4, at - start], word[5, at - start]
        visit.reply = word[6, at - start]
        visit.cell = cell(mine.group, mine.joined_day, day, w.newcomer_days)
        heal(w.p[0], mine, day)
        visit.interest, visit.trust, visit.novelty = interest[row], mine.trust, mine.novelty
        visit.solved, visit.removals = 0.0, 0.0
        visit.taste, visit.contribution, visit.voice = mine.taste, mine.contribution, mine.voice
        visit.reward_norm = mine.reward_norm
        visit.last, visit.joined = mine.last_visit, mine.joined_day
        mine.last_visit = day
        phase[row] = day % DORMANT_AFTER
        mine.visits += 1
        woke += np.int64(dormant[row])
        dormant[row] = 0
    w.woken[chunk] = woke
    if w.p[0].idle_chance > 0.0:
        begin_spells(w.p[0], day, k0, k1, who, coming[start:stop], own)


@njit(parallel=True)
def open_in_threads(w, day, chunks):
    """All chunks, spread over threads."""
    for chunk in prange(chunks):
        open_visits(w, day, np.int64(chunk))


@njit
def sort_out(w, blocks):
    """Move the rows of visitors to the front of `w.marked`, and record who is absent."""
    m, now = w.m, w.now[0]
    visitors, absent = 0, 0
    for block in range(blocks):
        for at in range(block * BLOCK, block * BLOCK + w.hits[block]):
            row = w.marked[at]
            comes = np.int64(w.marks[row] == COMES)
            w.marked[visitors], w.absent[absent] = row, row
            visitors += comes
            absent += 1 - comes
    for at in range(absent):
        if m.dormant[w.absent[at]] == 0:
            now.dormant += 1
            m.dormant[w.absent[at]] = 1
            give_up_role(w, w.absent[at])
    now.visitors, now.absent = visitors, absent


@njit
def visit(w, day, threaded):
    """Fade and decide, then record who came and who is dormant."""
    now = w.now[0]
    change_weather(w, day)
    blocks = (now.rows + BLOCK - 1) // BLOCK
    if threaded:
        visit_in_threads(w, day, blocks)
    else:
        for block in range(blocks):
            visit_block(w, day, block)
    now.interest_sum = 0
    for block in range(blocks):
        now.interest_sum += w.interest_sum[block]
    sort_out(w, blocks)
    chunks = chunks_of(now.visitors)
    if threaded:
        open_in_threads(w, day, chunks)
    else:
        for chunk in range(chunks):
            open_visits(w, day, chunk)
    for chunk in range(chunks):
        now.dormant -= w.woken[chunk]
    for at in range(now.visitors):
        last, joined = w.visits[at].last, w.visits[at].joined
        if last < day:  # not a newcomer
            w.visit_count[last] -= 1
            month = month_of(joined, day)
            if month_of(joined, last) < month:
                w.month_count[joined, month] += 1
    w.visit_count[day] += now.visitors
