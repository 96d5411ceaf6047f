"""Push: notifications bring members in; they tire, lose effect, and make members mute.

Lever: `pushes`. Outcome: today's visits, fatigue, muting. Counts: `pushed`, `mutes`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.member import ACTIVE, MUTED, ReferenceMember, saturating


def push(community: CommunityState) -> None:
    """Today's pushes go to members who have not muted, except today's newcomers.

    Nothing happens before the first push ever.
    """
    community.pushing |= any(levers.pushes > 0.0 for levers in community.levers)
    for member in community.each(community.agents):
        member.lift = 1.0
        if community.pushing and member.joined_day < community.day:
            receive(member, member.levers.pushes if member.status == ACTIVE else 0.0)


def receive(member: ReferenceMember, number: float) -> None:
    """A member receives pushes. Tired members may mute; otherwise pushes raise the chance to visit,
    less so if the member is used to them.

    chance to mute = push_mute x pushes x fatigue
    lift = 1 + push_pull x sat(pushes, push_half) x (1 - push_habituation x push_norm)

    Lift multiplies the chance to visit today; it is 1 for members who mute. In either case:

    fatigue   += min(push_fatigue x pushes, 1) x (1 - fatigue)
    push_norm += push_adaptation x (sat(pushes, push_half) - push_norm)

    Muted members receive no pushes, and slowly become less used to them.
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
