"""Core: a group of the members who carry the community, whose posts reach every subgroup.

Part of `form_subgroups`, `publish` and `read`. Levers: `core_group` (its places), `pyramid`
(whether only the core group may speak).
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.belonging import CORE, best, inside, move, smallest
from comsim.reference.member import DORMANT_AFTER, ReferenceMember

REVIEW_DAYS = 30


def review_core(community: CommunityState) -> None:
    """Each 30 days, and when it is empty, the core group is filled with those of most merit.

    On those days who has been away for more than 28 days steps back, to the smallest subgroup; all
    do when there is to be no core group any more. Fewer places than before send nobody away.
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


def may_speak(member: ReferenceMember) -> bool:
    """In a muted pyramid only the core group may post and reply.

    Child communities are open rings: there everybody may.
    """
    community = member.model
    if not community.levers[0].pyramid:
        return True
    home = community.subgroups[member.subgroup]
    return home.number == CORE or home.child
