"""Nudge: some visitors are asked to write to a friend who has not visited for 28 days.

Lever: `friend_nudges`. Outcome: dormant members who return tomorrow. Counts: `nudged`,
`cost_nudges`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.member import LEFT, ReferenceMember
from comsim.reference.rounding import cents


def nudge(community: CommunityState) -> None:
    """Each visitor is asked with probability `friend_nudges`, and writes to a dormant friend, if
    there is one. With probability `nudge_return`, a message ends the friend's idle spell and brings
    the friend back tomorrow (unless second thoughts keep them away: see Visit).

    cost = nudge_cost x messages
    """
    community.called, written = set(), 0
    for member in community.each(community.visitors):
        asked, which, returns, _ = member.uniforms(Purpose.NUDGE)
        friends = lapsed_friends(member)
        if member.status == LEFT or asked >= member.levers.friend_nudges or not friends:
            continue
        written += 1
        if returns < community.p.nudge_return:
            friend = friends[int(which * len(friends))]
            friend.idle_until = 0
            community.called.add(friend)
    community.today["nudged"] = written
    community.today["cost_nudges"] = cents(community.p.nudge_cost * written)


def lapsed_friends(member: ReferenceMember) -> list[ReferenceMember]:
    """A member's friends who have not visited for 28 days or more, in the order of tie slots."""
    return [tie.friend for tie in member.ties if tie.friend.dormant]
