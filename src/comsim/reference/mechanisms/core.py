"""Core: a group of the members who carry the community, whose posts reach every subgroup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.reference.mechanisms.belonging import CORE, best, inside, move, smallest
from comsim.reference.member import DORMANT_AFTER, Member

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community

REVIEW_DAYS = 30


def review_core(community: Community) -> None:
    """Each 30 days, and when it is empty, the core group is filled with those of most merit.

    Who has been away for long steps back; all do when there is to be no core group any more.
    """
    core, places = community.subgroups[CORE], int(community.levers[0].core_group)
    review = community.day % REVIEW_DAYS == 0
    for member in inside(community):
        away = community.day - member.last_visit > DORMANT_AFTER
        if member in core.members and (places == 0 or (review and away)):
            move(community, member, smallest(community))
    free = places - len(core.members)
    if free > 0 and (review or not core.members):
        for member in best(community, free, without_core=True):
            move(community, member, core)


def may_speak(member: Member) -> bool:
    """In a muted pyramid only the core group may post and reply; child communities are rings."""
    community = member.model
    if not community.levers[0].pyramid:
        return True
    home = community.subgroups[member.subgroup]
    return home.number == CORE or home.child
