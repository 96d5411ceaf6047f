"""Leave: mute, unmute, or go for good.

No lever acts here directly; ads, content and pushes do by fatigue, interest and trust, and a paid
membership holds back. Counts: `mutes`, `unmutes`, `muted`, `left`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.membership import staying
from comsim.reference.member import ACTIVE, LEFT, MUTED, ReferenceMember


def leave(community: CommunityState) -> None:
    """Visitors mute, unmute or leave; members who have long been away may leave too.

    Those are who has been away for 28 days, or 56, or 84 and so on. Who leaves never comes back.
    """
    for member in community.each(community.visitors):
        member.todays_posts = []
        if switch_mute(member):
            kind = "mute" if member.status == MUTED else "unmute"
            community.today[kind + "s"] += 1
            community.note(kind, member)
        if member.uniforms(Purpose.DAY)[1] < chance_to_leave(member):
            go(community, member)
    for member in community.each(community.wavering):
        if member.uniforms(Purpose.DAY)[1] < chance_to_lapse(member):
            go(community, member)


def go(community: CommunityState, member: ReferenceMember) -> None:
    """A member leaves for good, and is no longer among the agents."""
    member.status, member.left_day = LEFT, community.day
    member.remove()
    community.today["left"] += 1
    community.note("leave", member)


def switch_mute(member: ReferenceMember) -> bool:
    """Mute when too tired, unmute when rested; returns whether anything changed.

    chance to mute   = mute_rate x (fatigue - mute_threshold) / (1 - mute_threshold)
    chance to unmute = unmute_rate if fatigue < mute_threshold / 2, else 0

    Below the threshold nobody mutes here. The muted visit less, and get no pushes and events.
    """
    p = member.model.p
    u = member.uniforms(Purpose.DAY)[2]
    if member.status == ACTIVE:
        over = (member.fatigue - p.mute_threshold) / (1.0 - p.mute_threshold)
        if u < p.mute_rate * over:
            member.status = MUTED
            return True
    elif 2.0 * member.fatigue < p.mute_threshold and u < p.unmute_rate:
        member.status = ACTIVE
        return True
    return False


def chance_to_leave(member: ReferenceMember) -> float:
    """The chance that a visitor leaves for good.

    chance = leave_rate x (1 - interest) x (1 - trust) x (1 + leave_with_friends x friends gone)
             x staying

    Friends gone are those who were found to have left on this visit; staying is below 1 for who has
    paid a membership.
    """
    p = member.model.p
    chance = p.leave_rate * (1.0 - member.interest) * (1.0 - member.trust)
    return chance * (1.0 + p.leave_with_friends * member.visit.lost) * staying(member)


def chance_to_lapse(member: ReferenceMember) -> float:
    """The chance that a member leaves for good who has now been away for another 28 days.

    chance = lapse_rate x (1 - trust)
    """
    return member.model.p.lapse_rate * (1.0 - member.trust)
