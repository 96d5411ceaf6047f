"""Leave: mute, unmute, or go for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.reference.mechanisms.membership import staying
from comsim.reference.member import ACTIVE, LEFT, MUTED, Member
from comsim.rng import Purpose

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def leave(community: Community) -> None:
    """Visitors mute, unmute or leave; members who have long been away may leave too."""
    for member in community.each(community.visitors):
        member.todays_posts = []
        if switch_mute(member):
            kind = "mute" if member.status == MUTED else "unmute"
            community.today[kind + "s"] += 1
            community.note(kind, member)
        if member.luck(Purpose.DAY)[1] < chance_to_leave(member):
            go(community, member)
    for member in community.each(community.wavering):
        if member.luck(Purpose.DAY)[1] < chance_to_lapse(member):
            go(community, member)


def go(community: Community, member: Member) -> None:
    """A member leaves for good, and is no longer among the agents."""
    member.status, member.left_day = LEFT, community.day
    member.remove()
    community.today["left"] += 1
    community.note("leave", member)


def switch_mute(member: Member) -> bool:
    """Mute when too tired, unmute when rested; whether anything changed.

    chance to mute = rate x (fatigue - threshold) / (1 - threshold)
    """
    p = member.model.p
    u = member.luck(Purpose.DAY)[2]
    if member.status == ACTIVE:
        over = (member.fatigue - p.mute_threshold) / (1.0 - p.mute_threshold)
        if u < p.mute_rate * over:
            member.status = MUTED
            return True
    elif 2.0 * member.fatigue < p.mute_threshold and u < p.unmute_rate:
        member.status = ACTIVE
        return True
    return False


def chance_to_leave(member: Member) -> float:
    """Of a visitor: rate x (1 - interest) x (1 - trust) x (1 + friends gone), less if paid for."""
    p = member.model.p
    chance = p.leave_rate * (1.0 - member.interest) * (1.0 - member.trust)
    return chance * (1.0 + p.leave_with_friends * member.visit.lost) * staying(member)


def chance_to_lapse(member: Member) -> float:
    """Of a member who has been away for another 28 days: rate x (1 - trust)."""
    return member.model.p.lapse_rate * (1.0 - member.trust)
