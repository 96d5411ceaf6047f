"""Visit: a night passes, and every member decides whether to visit.

Levers: none directly; `raffle` and `pushes` act on it. Calls Weather, Raffle, Conversation and
Spells. Outcomes: today's visitors (`dau`, counted in Observe), and absent members who may leave.

The computations of all members on every day use single precision (np.float32), as in the kernel.
Parameters are rounded before they are used, and so is every step of a formula.
"""

from __future__ import annotations

import numpy as np

from comsim.model.rng import Purpose, uniform32_from, words
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.conversation import is_called_back
from comsim.reference.mechanisms.raffle import announce
from comsim.reference.mechanisms.roles import LURKER
from comsim.reference.mechanisms.spells import begin_spell, is_idle
from comsim.reference.mechanisms.trust import heal, visit_factor
from comsim.reference.mechanisms.weather import change_weather
from comsim.reference.member import DORMANT_AFTER, MUTED, TIE_SLOTS, ReferenceMember, saturating

ONE = np.float32(1.0)


def visit(community: CommunityState) -> None:
    """A night passes, and every member decides whether to visit. Today's newcomers always do.

    Members who do not visit and whose last visit was 28, 56, 84, ... days ago may leave (see
    `chance_to_lapse`). They lose their role, and count as lurkers.
    """
    announce(community)
    change_weather(community)
    community.visitors, community.wavering = [], []
    for member in community.each(community.agents):
        absence = community.day - member.last_visit
        if absence > 0:
            sleep(member)
        if absence == 0 or (would_come(member) and still_comes(member)):
            community.visitors.append(member)
        elif absence % DORMANT_AFTER == 0:
            community.wavering.append(member)
            member.role = LURKER
    for member in community.visitors:
        # For posting, inviting tomorrow, the contact to invite, and the tie to a replier.
        member.uniforms_of_visit = member.uniforms(Purpose.DAY, 1)
        heal(member)
        member.voice_today = member.voice
        member.last_visit = community.day
        member.visits += 1
        begin_spell(member)
        community.note("visit", member)


def sleep(member: ReferenceMember) -> None:
    """Interest, habit and fatigue fade in a night. Today's newcomers are not affected.

    interest -= forgetting x forgetfulness x interest
    habit    -= habit_fading x habit
    fatigue  -= recovery x fatigue

    Forgetfulness is a trait. No state falls below 0.
    """
    p = member.model.p
    forgetting = np.float32(p.forgetting) * np.float32(member.forgetfulness)
    member.interest = faded(member.interest, forgetting)
    member.habit = faded(member.habit, np.float32(p.habit_fading))
    member.fatigue = faded(member.fatigue, np.float32(p.recovery))


def faded(state: float, rate: np.float32) -> float:
    """A state after a night. Below 1e-9 it is set to 0, since tiny numbers are slow."""
    x = np.float32(state)
    left = x - rate * x
    return float(left) if left > np.float32(1e-9) else 0.0


def would_come(member: ReferenceMember) -> bool:
    """Whether the member would come: at random, because of a reply (see Conversation), or because a
    friend has written (see Nudge)."""
    if member in member.model.called:
        return True
    return visit_number(member) < chance_to_visit(member) or is_called_back(member)


def visit_number(member: ReferenceMember) -> np.float32:
    """The random number that decides on a visit. The four words of one draw serve four days."""
    four, word = divmod(member.model.day, 4)
    return uniform32_from(words(member.model.seed, Purpose.VISIT, four, member.person)[word])


def still_comes(member: ReferenceMember) -> bool:
    """Whether a member who would come still does so on second thoughts.

    Not in an idle spell (see Spells); otherwise with probability `visit_factor` (see Trust).
    """
    # The four random numbers decide: second thoughts, leave, mute, order.
    return not is_idle(member) and member.uniforms(Purpose.DAY)[0] < visit_factor(member)


def chance_to_visit(member: ReferenceMember) -> np.float32:
    """The probability that a member visits today.

    chance = activity x sat(interest^2, interest_half^2)
             x (habit_floor + (1 - habit_floor) x habit) x (1 + tie_pull x ties / 6)
             x rhythm x (1 - fatigue) x lift

    times `muted_visits` for members who have muted. The square makes the response to interest
    S-shaped: at low interest, members hardly ever visit. Rhythm is weekday x holidays x today's
    raffle (see `announce`) x weather (see `change_weather`); lift is the effect of today's pushes
    (see `receive`). All default to 1.
    """
    p = member.model.p
    activity, interest, habit, fatigue = map(
        np.float32, (member.activity, member.interest, member.habit, member.fatigue)
    )
    chance = (
        activity
        * saturating(interest * interest, np.float32(p.interest_half * p.interest_half))
        * (np.float32(p.habit_floor) + np.float32(1.0 - p.habit_floor) * habit)
        * (ONE + np.float32(p.tie_pull / TIE_SLOTS) * np.float32(member.bonds))
        * np.float32(member.model.rhythm)
        * (ONE - fatigue)
    )
    chance *= np.float32(p.muted_visits) if member.status == MUTED else ONE
    return chance * np.float32(member.lift)
