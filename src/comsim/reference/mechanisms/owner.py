"""Owner: the owner pays for the community, and may stop if it makes a loss.

After that the community continues by itself: members still visit, post and read. Part of `decide`
and `settle`. A scenario can set the owner's budget, grace period, patience and end date. Count:
`operated`.
"""

from __future__ import annotations

from types import SimpleNamespace

from comsim.model.catalogue import LEVERS
from comsim.model.periods import FOUR_WEEKS
from comsim.reference.community import CommunityState


def abandon(community: CommunityState) -> None:
    """Nobody operates the community: every lever has its idle value."""
    idle = {name: lever.idle for name, lever in LEVERS.items()}
    community.levers = [SimpleNamespace(**idle) for _ in community.levers]


def review(community: CommunityState) -> None:
    """In the evening the owner reviews the accounts, and may stop for good from tomorrow on.

    The owner stops if the loss from the day `since` exceeds `budget`; if, on each of the last
    `patience` days, the preceding 28 days made a loss (days before `grace` do not count); or on the
    date `until`. Before `since` the owner does not stop. Criteria that are not set do not apply.
    """
    owner, day = community.setting.owner, community.day
    community.today["operated"] = int(not community.stopped)
    since = 0 if owner.since is None else community.setting.day_number(owner.since)
    if not owner.stop or day < since:
        return
    profit = community.daily["profit_cumulative"][since - 1] if since else 0
    before = community.daily["profit_cumulative"][day - FOUR_WEEKS] if day >= FOUR_WEEKS else 0
    loses = day >= owner.grace and community.profit < before
    community.losing = community.losing + 1 if loses else 0
    until = None if owner.until is None else community.setting.day_number(owner.until)
    community.stopped |= (
        (owner.budget is not None and profit - community.profit > round(100 * owner.budget))
        or (owner.patience is not None and community.losing >= owner.patience)
        or (until is not None and day + 1 >= until)
    )
