"""Replicate: members of a mature community leave their subgroups to found a child community.

Part of `form_subgroups`. Lever: `replication`. They remain members, in a subgroup that does not
read the core group's posts. Count: `children`.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.belonging import best, move, vacant
from comsim.reference.member import ReferenceMember


def found_child(community: CommunityState) -> None:
    """The members of highest merit found a child community, which renews novelty and interest.

    novelty  += child_novelty x (1 - novelty)
    interest += child_zeal x (1 - interest)

    The lever sets their number (see Belonging: best, merit).
    """
    p = community.p
    founders = best(community, int(community.levers[0].replication), without_core=False)
    child = vacant(community) if founders else None
    if child is None:
        return
    child.child = True
    community.children += 1
    for member in founders:
        move(community, member, child)
        member.novelty += p.child_novelty * (1.0 - member.novelty)
        member.interest += p.child_zeal * (1.0 - member.interest)


def inherit(member: ReferenceMember) -> None:
    """To a newcomer, a child community is about as novel as to their inviter.

    novelty = 1 - inherited_novelty x (1 - novelty of the inviter)
    """
    used_up = 1.0 - member.inviter.novelty
    member.novelty = 1.0 - member.model.p.inherited_novelty * used_up
