"""Observe: counts, sums, and the stage as an operator sees it.

Active members of a window are counted by the day of the last visit: a member whose last visit lies
in the window is one distinct visitor, whether or not they have left since.
"""

import numpy as np

from comsim.model.declare import Column
from comsim.model.kernel.basics import ONE, fixed
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.roles import count_roles
from comsim.model.kernel.mechanisms.trust import sum_trust
from comsim.model.periods import MONTH, WEEK
from comsim.model.stages import RULE, StageState, causal_start, causal_step, few_of

COLUMNS = [
    Column("dau", "people", "members who visited today", label="DAU", label_zh="日活"),
    Column("wau", "people", "members who visited in the last 7 days", label="WAU", label_zh="周活"),
    Column("mau", "people", "members who visited in the last 30 days", label="MAU",
           label_zh="月活"),
    Column("weekly_posters", "people", "members who posted in the last 7 days",
           label_zh="周发帖人数"),
    Column("interest_sum", "2^-30", "sum of interest over members", observable=False,
           mean="interest_mean", label="interest of all members", label_zh="全体成员的兴趣"),
    Column("interest_visitors_sum", "2^-30", "sum of interest over today's visitors, that evening",
           observable=False, mean="interest_visitors", over="dau", days=7, label="interest",
           label_zh="兴趣"),
    Column("novelty", "0 to 1", "what is still new to visitors, mean over about a month", ONE,
           observable=False, label_zh="新鲜感"),
    Column("stage_seen", "code", "stage as seen that day, from the days so far only",
           label="stage as seen that day", label_zh="当日所见阶段"),
]  # fmt: skip

first_stage = njit(causal_start)
next_stage = njit(causal_step)
enough = njit(few_of)


@njit
def within(count, day, window):
    """How many members had their last visit or post in the last `window` days."""
    total = 0
    for past in range(max(day - window + 1, 0), day + 1):
        total += count[past]
    return total


@njit
def see_stage(w, day, activity):
    """Advance the rule of stages by one day."""
    now = w.now[0]
    if day == 0:
        seen = first_stage(activity)
    else:
        before = StageState(
            now.stage, now.stage_age, now.stage_level, now.stage_peak, now.stage_top, now.stage_low,
            now.stage_mark, now.stage_calm, now.stage_under, now.stage_over,
        )  # fmt: skip
        seen = next_stage(before, activity, enough(np.float64(w.people.size)), RULE)
    now.stage, now.stage_age, now.stage_level = seen.stage, seen.age, seen.level
    now.stage_peak, now.stage_top, now.stage_low = seen.peak, seen.top, seen.low
    now.stage_mark, now.stage_calm = seen.mark, seen.calm
    now.stage_under, now.stage_over = seen.under, seen.over
    return seen.stage


@njit
def sum_interest(w):
    """The sum of interest over today's visitors, in fixed point."""
    total = np.int64(0)
    for at in range(w.now[0].visitors):
        total += fixed(w.m.interest[w.visits[at].row])
    return total


@njit
def observe(w, day):
    """Record the day's counts."""
    now, daily = w.now[0], w.daily[day]
    daily.members = now.members
    daily.muted = now.muted
    daily.dormant = now.dormant
    daily.dau = now.visitors
    daily.wau = within(w.visit_count, day, WEEK)
    daily.mau = within(w.visit_count, day, MONTH)
    daily.weekly_posters = within(w.poster_count, day, WEEK)
    daily.stage_seen = see_stage(w, day, np.float64(daily.wau))
    daily.interest_sum = now.interest_sum
    daily.interest_visitors_sum = sum_interest(w)
    daily.trust_sum = sum_trust(w)
    daily.novelty = fixed(now.novelty)
    count_roles(w, day)
