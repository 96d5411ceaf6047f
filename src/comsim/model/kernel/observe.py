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
from comsim.model.stages import RULE, CausalState, causal_start, causal_step

COLUMNS = [
    Column("dau", "people", "members who visited today", label="DAU", label_zh="日活"),
    Column("wau", "people", "members who visited in the last 7 days", label="WAU", label_zh="周活"),
    Column("mau", "people", "members who visited in the last 30 days", label="MAU",
           label_zh="月活"),
    Column("weekly_posters", "people", "members who posted in the last 7 days",
           label_zh="周发帖人数"),
    Column("interest_sum", "2^-30", "sum of interest over members", observable=False,
           mean="interest_mean", label="interest", label_zh="兴趣"),
    Column("novelty", "0 to 1", "what is still new to visitors, mean over about a month", ONE,
           observable=False, label_zh="新鲜感"),
    Column("stage_seen", "code", "stage by the causal rule, which uses only the days so far",
           label="stage seen by the operator", label_zh="运营者所见阶段"),
]  # fmt: skip

first_stage = njit(causal_start)
next_stage = njit(causal_step)


@njit
def within(count, day, window):
    """How many members had their last visit or post in the last `window` days."""
    total = 0
    for past in range(max(day - window + 1, 0), day + 1):
        total += count[past]
    return total


@njit
def see_stage(w, day, activity):
    """Advance the causal stage rule by one day."""
    now = w.now[0]
    if day == 0:
        seen = first_stage(activity)
    else:
        before = CausalState(
            now.stage, now.stage_level, now.stage_peak, now.stage_top, now.stage_base,
            now.stage_calm,
        )  # fmt: skip
        seen = next_stage(before, activity, RULE)
    now.stage, now.stage_level, now.stage_peak = seen.stage, seen.level, seen.peak
    now.stage_top, now.stage_base, now.stage_calm = seen.top, seen.base, seen.calm
    return seen.stage


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
    daily.trust_sum = sum_trust(w)
    daily.novelty = fixed(now.novelty)
    count_roles(w, day)
