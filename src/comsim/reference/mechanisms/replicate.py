"""Replicate: members of a mature community leave to found a child community."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.reference.mechanisms.belonging import best, move, vacant
from comsim.reference.member import Member

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def found_child(community: Community) -> None:
    """Those of most merit start afresh: much is new again, and their interest rises."""
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


def inherit(member: Member) -> None:
    """Who joins a child community finds it as used up as their inviter does."""
    used_up = 1.0 - member.inviter.novelty
    member.novelty = 1.0 - member.model.p.inherited_novelty * used_up
