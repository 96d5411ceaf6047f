"""Core: a group of the most committed members, whose posts reach every subgroup.

Part of `form_subgroups`, `publish` and `read`. Levers: `core_group` (its size), `pyramid`
(whether only the core group may post).
"""

from __future__ import annotations

from comsim.model.periods import MONTH
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.belonging import CORE, best, inside, move, smallest
from comsim.reference.member import DORMANT_AFTER, ReferenceMember

REVIEW_DAYS = MONTH


def review_core(community: CommunityState) -> None:
    """Every 30 days, and whenever it is empty, the core group is filled by merit.

    On those days, members absent for more than 28 days move to the smallest subgroup. All move
    there if the core group is abolished. A smaller core group than before removes nobody.
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
    """Whether a member may post and reply. In a pyramid, only the core group may.

    In child communities, all members may.
    """
    community = member.model
    if not community.levers[0].pyramid:
        return True
    home = community.subgroups[member.subgroup]
    return home.number == CORE or home.child
