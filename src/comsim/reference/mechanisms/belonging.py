"""Belonging: the subgroups, and who belongs to which.

What Subgroups, Core and Replicate share. Merit, here, decides who is picked for the core group, or
to found a child community. A subgroup that is neither the core group nor a child is ordinary.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState, Subgroup
from comsim.reference.member import ACTIVE, DORMANT_AFTER, LEFT, ReferenceMember
from comsim.reference.rounding import fixed

CORE = 0  # the number of the core group
MOST_SUBGROUPS = 1024  # of all kinds; beyond it nothing is split or founded any more


def move(community: CommunityState, member: ReferenceMember, home: Subgroup) -> None:
    """A member goes to another subgroup."""
    community.subgroups[member.subgroup].members.discard(member)
    home.members.add(member)
    member.subgroup = home.number


def smallest(community: CommunityState) -> Subgroup:
    """The ordinary subgroup with fewest members; not one that has died out, unless all have."""
    ordinary = [home for home in community.subgroups[1:] if not home.child]
    alive = [home for home in ordinary if home.members]
    return min(alive or ordinary, key=lambda home: len(home.members))  # of equals the first


def vacant(community: CommunityState, after: int = 0) -> Subgroup | None:
    """The next empty subgroup (but not number 1, the first ordinary one), or else a new one."""
    for home in community.subgroups[after + 1 :]:
        if not home.members and home.number > 1:
            return home
    if len(community.subgroups) == MOST_SUBGROUPS:
        return None
    community.subgroups.append(Subgroup(len(community.subgroups)))
    return community.subgroups[-1]


def best(community: CommunityState, number: int, without_core: bool) -> list[ReferenceMember]:
    """Those of most merit among who is really there and belongs to no child community.

    Really there is who has not muted, and has visited within 28 days.
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
    """How much a member carries the community.

    merit = (standing + habit) / 2
    """
    return 0.5 * (member.standing + member.habit)


def inside(community: CommunityState) -> list[ReferenceMember]:
    """Who has joined and not left, in order of joining."""
    return [member for member in community.everyone if member.status != LEFT]
