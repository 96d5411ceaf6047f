"""Visit: a night passes, and every member decides whether to visit.

Levers: none directly; `raffle` and `pushes` act on it. Outcomes: today's visitors (`dau`, counted
in Observe), and absent members who may leave.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.raffle import announce
from comsim.reference.mechanisms.roles import LURKER
from comsim.reference.member import DORMANT_AFTER, MUTED, TIE_SLOTS, ReferenceMember, saturating


def visit(community: CommunityState) -> None:
    """A night passes, and every member decides whether to visit. Today's newcomers always do, and
    so do those whom a friend has called (see Nudge).

    Members who do not visit and whose last visit was 28, 56, 84, ... days ago may leave (see
    `chance_to_lapse`). They lose their role, and count as lurkers.
    """
    announce(community)
    community.visitors, community.wavering = [], []
    for member in community.each(community.agents):
        absence = community.day - member.last_visit
        if absence > 0:
            sleep(member)
        # The four random numbers decide: visit, leave, mute, order.
        comes = absence == 0 or member in community.called
        if comes or member.uniforms(Purpose.DAY)[0] < chance_to_visit(member):
            community.visitors.append(member)
        elif absence % DORMANT_AFTER == 0:
            community.wavering.append(member)
            member.role = LURKER
    for member in community.visitors:
        # For posting, inviting tomorrow, the contact to invite, and the tie to a replier.
        member.uniforms_of_visit = member.uniforms(Purpose.DAY, 1)
        member.voice_today = member.voice
        member.last_visit = community.day
        member.visits += 1
        community.note("visit", member)


def sleep(member: ReferenceMember) -> None:
    """Interest, habit and fatigue fade in a night. Today's newcomers are not affected.

    interest -= forgetting x forgetfulness x interest
    habit    -= habit_fading x habit
    fatigue  -= recovery x fatigue

    Forgetfulness is a trait. No state falls below 0.
    """
    p = member.model.p
    member.interest = faded(member.interest, p.forgetting * member.forgetfulness)
    member.habit = faded(member.habit, p.habit_fading)
    member.fatigue = faded(member.fatigue, p.recovery)


def faded(x: float, rate: float) -> float:
    """A state after a night. Below 1e-9 it is set to 0, since tiny numbers are slow."""
    left = x - rate * x
    return left if left > 1e-9 else 0.0


def chance_to_visit(member: ReferenceMember) -> float:
    """The probability that a member visits today.

    chance = activity x sat(interest^2, interest_half^2)
             x (habit_floor + (1 - habit_floor) x habit) x (1 + tie_pull x ties / 6)
             x rhythm x (1 - fatigue) x lift

    times `muted_visits` for members who have muted. The square makes the response to interest
    S-shaped: at low interest, members hardly ever visit. Rhythm is weekday x holidays x today's
    raffle (see `announce`); lift is the effect of today's pushes (see `receive`). Both default to
    1.
    """
    p = member.model.p
    x2 = member.interest * member.interest
    chance = (
        member.activity
        * saturating(x2, p.interest_half * p.interest_half)
        * (p.habit_floor + (1.0 - p.habit_floor) * member.habit)
        * (1.0 + p.tie_pull * (member.bonds / TIE_SLOTS))
        * member.model.rhythm
        * (1.0 - member.fatigue)
    )
    return member.lift * (chance * p.muted_visits if member.status == MUTED else chance)
