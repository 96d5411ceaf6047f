"""Owner: pays for the community, and stops when it does not pay off.

A textbook names two causes of a community's death: the owner's aims are not met and nobody
maintains it any more, or members' needs are not met ([003]). Part of `decide` and `settle`.
"""

import numpy as np

from comsim.model.declare import Column
from comsim.model.kernel.compile import njit
from comsim.model.periods import FOUR_WEEKS

# Of a scenario's table [owner]: a budget in cents, days of patience and of grace, the first day
# without an owner, and the day from which losses count. -1 for what the owner does not mind.
OWNER = np.dtype([(name, "i8") for name in ("budget", "patience", "grace", "until", "since")])

COLUMNS = [
    Column("operated", "days", "1 if the owner runs the community today, else 0",
           label="days operated", label_zh="运营天数"),
]  # fmt: skip


@njit
def abandon(w, day):
    """Nobody operates the community any more: every lever is at its idle value."""
    for cell in range(w.lever_table.shape[1]):
        for lever in range(w.lever_table.shape[2]):
            w.lever_table[day, cell, lever] = w.lever_idle[lever]


@njit
def profit_of_four_weeks(w, day):
    """Revenue less cost of the last 28 days, in cents."""
    before = w.daily[day - FOUR_WEEKS].profit_cumulative if day >= FOUR_WEEKS else 0
    return w.daily[day].profit_cumulative - before


@njit
def review(w, day):
    """In the evening the owner reviews the books, and may stop for good from tomorrow on.

    They stop if the loss so far exceeds the budget, if each of a number of consecutive days after
    the grace period ends 28 days with a loss, or if the time is up. They do not before `since`.
    """
    owner, now = w.owner[0], w.now[0]
    w.daily[day].operated = 1 - now.stopped
    if day < owner.since:
        return
    before = w.daily[owner.since - 1].profit_cumulative if owner.since > 0 else 0
    loses = day >= owner.grace and profit_of_four_weeks(w, day) < 0
    now.losing = now.losing + 1 if loses else 0
    if (
        (owner.budget >= 0 and before - now.profit > owner.budget)
        or (owner.patience >= 0 and now.losing >= owner.patience)
        or (owner.until >= 0 and day + 1 >= owner.until)
    ):
        now.stopped = 1
