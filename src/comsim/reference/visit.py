"""Visit: a night passes, and everyone decides whether to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.reference.mechanisms.raffle import announce
from comsim.reference.mechanisms.roles import LURKER
from comsim.reference.member import DORMANT_AFTER, MUTED, TIE_SLOTS, Member, saturating
from comsim.rng import Purpose

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def visit(community: Community) -> None:
    """A night passes, and everyone decides whether to come; newcomers are here already.

    Members who have been away for 28 days, or 56, or 84 think about leaving, and are nobody's
    expert or helper any more.
    """
    announce(community)
    community.visitors, community.wavering = [], []
    for member in community.each(community.agents):
        absence = community.day - member.last_visit
        if absence > 0:
            sleep(member)
        if absence == 0 or member.luck(Purpose.DAY)[0] < chance_to_visit(member):
            community.visitors.append(member)
        elif absence % DORMANT_AFTER == 0:
            community.wavering.append(member)
            member.role = LURKER
    for member in community.visitors:
        member.luck_of_visit = member.luck(Purpose.DAY, 1)  # post, invite, whom, reply
        member.last_visit = community.day
        member.visits += 1
        community.note("visit", member)


def sleep(member: Member) -> None:
    """Interest, habit and fatigue fade in a night."""
    p = member.model.p
    member.interest = faded(member.interest, p.forgetting * member.forgetfulness)
    member.habit = faded(member.habit, p.habit_fading)
    member.fatigue = faded(member.fatigue, p.recovery)


def faded(x: float, rate: float) -> float:
    """What is left of a state after a night; next to nothing is nothing."""
    left = x - rate * x
    return left if left > 1e-9 else 0.0


def chance_to_visit(member: Member) -> float:
    """activity x interest (S-shaped) x habit x (1 + ties) x weekday x (1 - fatigue) x pushes."""
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
