"""Owner: who pays for the community, and stops when it does not pay.

The community itself goes on: members come, write and read as long as they like to. Part of `decide`
and `settle`. The scenario's owner has a budget, a time of grace, patience and an end. Count:
`operated`.
"""

from __future__ import annotations

from types import SimpleNamespace

from comsim.model.catalogue import LEVERS
from comsim.reference.community import CommunityState

MONTH = 28  # days over which the owner looks at the profit: four whole weeks


def abandon(community: CommunityState) -> None:
    """Nobody operates the community: every lever is at its idle value, that of doing nothing."""
    idle = {name: lever.idle for name, lever in LEVERS.items()}
    community.levers = [SimpleNamespace(**idle) for _ in community.levers]


def review(community: CommunityState) -> None:
    """In the evening the owner looks at the books, and may stop for good from tomorrow on.

    They stop when the loss since day 0 is greater than `budget`, when the last 28 days made a loss
    on each of the last `patience` days (days before `grace` do not count), or when the time is up
    (`until`). What the owner has not set is no reason to stop.
    """
    owner, day = community.setting.owner, community.day
    community.today["operated"] = int(not community.stopped)
    if not owner.stop:
        return
    before = community.daily["profit_cumulative"][day - MONTH] if day >= MONTH else 0
    loses = day >= owner.grace and community.profit < before
    community.losing = community.losing + 1 if loses else 0
    until = None if owner.until is None else community.setting.day_number(owner.until)
    community.stopped |= (
        (owner.budget is not None and -community.profit > round(100 * owner.budget))
        or (owner.patience is not None and community.losing >= owner.patience)
        or (until is not None and day + 1 >= until)
    )
