"""Leave: members mute, unmute, or leave for good.

Levers: none directly. Ads, content and pushes act through fatigue, interest and trust, and paid
membership makes members stay. Counts: `mutes`, `unmutes`, `muted`, `left`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.membership import staying
from comsim.reference.mechanisms.overload import strain
from comsim.reference.mechanisms.trust import parting, trust_on
from comsim.reference.member import ACTIVE, LEFT, MUTED, ReferenceMember


def leave(community: CommunityState) -> None:
    """Visitors mute, unmute or leave; absent members may leave too.

    These are members who have been absent for 28, 56, 84, ... days. Members who leave never return.
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
    """A member leaves for good, and is removed from the agents."""
    member.status, member.left_day = LEFT, community.day
    member.remove()
    community.today["left"] += 1
    community.note("leave", member)


def switch_mute(member: ReferenceMember) -> bool:
    """A tired member mutes, a rested one unmutes. Returns whether anything changed.

    chance to mute   = mute_rate x (fatigue - mute_threshold) / (1 - mute_threshold)
    chance to unmute = unmute_rate if fatigue < mute_threshold / 2, else 0

    Below the threshold nobody mutes here. Muted members visit less, and receive no pushes or
    invitations to events.
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
    """The probability that a visitor leaves for good.

    chance = leave_rate x (1 - interest) x parting x (1 + leave_with_friends x friends gone)
             x strain x staying

    parting = 1 - trust_loyalty x trust

    Friends gone is the number of friends whose departure the member notices on this visit. Strain
    is above 1 if there are too many posts (see Overload). Staying is below 1 for members with a
    paid membership (see Membership).
    """
    p = member.model.p
    chance = p.leave_rate * (1.0 - member.interest) * parting(member, member.trust)
    chance *= 1.0 + p.leave_with_friends * member.visit.lost
    return chance * strain(member) * staying(member)


def chance_to_lapse(member: ReferenceMember) -> float:
    """The probability that a member leaves for good after another 28 days of absence.

    chance = lapse_rate x (1 - trust_loyalty x trust) x strain

    where trust is today's (see `trust_on`).
    """
    return member.model.p.lapse_rate * parting(member, trust_on(member)) * strain(member)
