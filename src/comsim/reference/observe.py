"""Observe: compute the counts of the day, and store them.

Counts: `members`, `muted`, `dormant`, `dau`, `wau`, `mau`, `weekly_posters`, one per role,
`interest_sum`, `interest_visitors_sum`, `trust_sum`, `novelty`, `stage_seen`. It does not change
any member.
"""

from __future__ import annotations

from comsim.model.catalogue import COLUMNS
from comsim.model.periods import MONTH, WEEK
from comsim.model.stages import RULE, causal_start, causal_step, few_of
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.roles import COLUMN
from comsim.reference.member import MUTED
from comsim.reference.rounding import fixed


def observe(community: CommunityState) -> None:
    """Compute and store the counts. Visitors within a window count even if they have left.

    Today's newcomers count as visitors. The stage is determined from the weekly visitors so far, as
    an operator could do (`comsim.model.stages`). Only rules can depend on it; nothing else in the
    model does.
    """
    today, members = community.today, list(community.agents)
    today["members"] = len(members)
    today["muted"] = sum(member.status == MUTED for member in members)
    today["dormant"] = sum(member.dormant for member in members)
    for name, window in ("dau", 1), ("wau", WEEK), ("mau", MONTH):
        today[name] = sum(community.day - m.last_visit < window for m in community.everyone)
    today["weekly_posters"] = sum(
        m.last_post >= 0 and community.day - m.last_post < WEEK for m in community.everyone
    )
    for role, column in COLUMN.items():
        today[column] = sum(member.role == role for member in members)
    today["interest_sum"] = sum(fixed(member.interest) for member in members)
    today["interest_visitors_sum"] = sum(fixed(member.interest) for member in community.visitors)
    today["trust_sum"] = sum(fixed(member.trust) for member in community.visitors)
    today["novelty"] = fixed(community.novelty)
    activity = float(today["wau"])
    if community.day == 0:
        community.stage = causal_start(activity)
    else:
        few = few_of(float(community.market.size))
        community.stage = causal_step(community.stage, activity, few, RULE)
    today["stage_seen"] = community.stage.stage
    community.daily[community.day] = tuple(today[name] for name in COLUMNS)
