"""Belonging: which members belong to which subgroup.

Shared by Subgroups, Core and Replicate. Members are selected for the core group, and to found a
child community, by merit. A subgroup that is neither the core group nor a child is ordinary.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState, Subgroup
from comsim.reference.member import ACTIVE, DORMANT_AFTER, LEFT, ReferenceMember
from comsim.reference.rounding import fixed

CORE = 0  # the number of the core group
MOST_SUBGROUPS = 1024  # of all kinds; at this number, no more are split or founded


def move(community: CommunityState, member: ReferenceMember, home: Subgroup) -> None:
    """Move a member to another subgroup."""
    community.subgroups[member.subgroup].members.discard(member)
    home.members.add(member)
    member.subgroup = home.number


def smallest(community: CommunityState) -> Subgroup:
    """The ordinary subgroup with the fewest members; an empty one only if all are empty."""
    ordinary = [home for home in community.subgroups[1:] if not home.child]
    alive = [home for home in ordinary if home.members]
    return min(alive or ordinary, key=lambda home: len(home.members))  # the first of equals


def vacant(community: CommunityState, after: int = 0) -> Subgroup | None:
    """The next empty subgroup (except number 1, the first ordinary one), or else a new one."""
    for home in community.subgroups[after + 1 :]:
        if not home.members and home.number > 1:
            return home
    if len(community.subgroups) == MOST_SUBGROUPS:
        return None
    community.subgroups.append(Subgroup(len(community.subgroups)))
    return community.subgroups[-1]


def best(community: CommunityState, number: int, without_core: bool) -> list[ReferenceMember]:
    """The members of highest merit who are active and belong to no child community.

    Active members have not muted, and have visited within 28 days.
    """
    candidates = [
        member
        for member in community.everyone
        if member.status == ACTIVE
        and community.day - member.last_visit <= DORMANT_AFTER
        and not community.subgroups[member.subgroup].child
        and not (without_core and member.subgroup == CORE)
    ]
    return sorted(candidates, key=lambda m: (-fixed(merit(m)), m.person))[:number]


def merit(member: ReferenceMember) -> float:
    """How much a member contributes to the community.

    merit = (standing + habit) / 2
    """
    return 0.5 * (member.standing + member.habit)


def inside(community: CommunityState) -> list[ReferenceMember]:
    """The current members, in order of joining."""
    return [member for member in community.everyone if member.status != LEFT]
