"""Visit: a night passes, and everyone decides whether to come.

Levers: none, but `raffle` and `pushes` act on it. Outcomes: who visits (`dau`, counted in Observe),
and who, long away, thinks about leaving.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.raffle import announce
from comsim.reference.mechanisms.roles import LURKER
from comsim.reference.member import DORMANT_AFTER, MUTED, TIE_SLOTS, ReferenceMember, saturating


def visit(community: CommunityState) -> None:
    """A night passes, and everyone decides whether to come; who joined today is here already.

    Members who do not come and whose last visit was 28 days ago, or 56, or 84 and so on, think
    about leaving (see `chance_to_lapse`), and have no role any more: they count as lurkers.
    """
    announce(community)
    community.visitors, community.wavering = [], []
    for member in community.each(community.agents):
        absence = community.day - member.last_visit
        if absence > 0:
            sleep(member)
        # The four numbers of this draw: to visit, to leave, to mute, to order.
        if absence == 0 or member.uniforms(Purpose.DAY)[0] < chance_to_visit(member):
            community.visitors.append(member)
        elif absence % DORMANT_AFTER == 0:
            community.wavering.append(member)
            member.role = LURKER
    for member in community.visitors:
        # To post, to invite tomorrow, whom, and which replier the author is tied to.
        member.uniforms_of_visit = member.uniforms(Purpose.DAY, 1)
        member.last_visit = community.day
        member.visits += 1
        community.note("visit", member)


def sleep(member: ReferenceMember) -> None:
    """Interest, habit and fatigue fade in a night, of all who did not join just today.

    interest -= forgetting x forgetfulness x interest
    habit    -= habit_fading x habit
    fatigue  -= recovery x fatigue

    Forgetfulness is a trait; no state falls below 0.
    """
    p = member.model.p
    member.interest = faded(member.interest, p.forgetting * member.forgetfulness)
    member.habit = faded(member.habit, p.habit_fading)
    member.fatigue = faded(member.fatigue, p.recovery)


def faded(x: float, rate: float) -> float:
    """What is left of a state after a night; below 1e-9 it is 0, as tiny numbers are slow."""
    left = x - rate * x
    return left if left > 1e-9 else 0.0


def chance_to_visit(member: ReferenceMember) -> float:
    """The chance that a member comes today.

    chance = activity x sat(interest^2, interest_half^2)
             x (habit_floor + (1 - habit_floor) x habit) x (1 + tie_pull x ties / 6)
             x rhythm x (1 - fatigue) x lift

    times `muted_visits` for who has muted. The square makes the response to interest S-shaped: a
    little interest brings hardly anybody. Rhythm is weekday x holidays x today's raffle (see
    `announce`), lift what today's pushes do (see `receive`); both are 1 where there are none.
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
