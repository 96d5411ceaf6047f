"""Push: notifications call members in; they tire, are got used to, and make members mute.

Lever: `pushes`. Outcome: visits of the day, fatigue, muting. Counts: `pushed`, `mutes`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.member import ACTIVE, MUTED, ReferenceMember, saturating


def push(community: CommunityState) -> None:
    """Today's pushes go to who has not muted, and did not join just today.

    Before the first there is nothing to get used to.
    """
    community.pushing |= any(levers.pushes > 0.0 for levers in community.levers)
    for member in community.each(community.agents):
        member.lift = 1.0
        if community.pushing and member.joined_day < community.day:
            receive(member, member.levers.pushes if member.status == ACTIVE else 0.0)


def receive(member: ReferenceMember, number: float) -> None:
    """A member gets so many pushes: annoyed, the tired mute; else they are heeded, less if used to.

    chance to mute = push_mute x pushes x fatigue
    lift = 1 + push_pull x sat(pushes, push_half) x (1 - push_habituation x push_norm)

    The chance to visit today is multiplied by lift; it is 1 for who mutes. Heeded or not:

    fatigue   += min(push_fatigue x pushes, 1) x (1 - fatigue)
    push_norm += push_adaptation x (sat(pushes, push_half) - push_norm)

    The muted get none, and slowly grow unused to them.
    """
    p, community = member.model.p, member.model
    pull = saturating(number, p.push_half)
    community.today["pushed"] += number > 0.0
    if member.uniforms(Purpose.PUSH)[0] < p.push_mute * number * member.fatigue:
        member.status = MUTED
        community.today["mutes"] += 1
        community.note("mute", member)
    else:
        member.lift = 1.0 + p.push_pull * pull * (1.0 - p.push_habituation * member.push_norm)
    member.fatigue += min(p.push_fatigue * number, 1.0) * (1.0 - member.fatigue)
    member.push_norm += p.push_adaptation * (pull - member.push_norm)
