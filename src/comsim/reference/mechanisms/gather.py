"""Gather: online and offline events.

Levers: `online_event`, `offline_event`. Outcome: interest, trust, habit and ties of attendees.
Counts: `event_attendees`, `cost_events`. Each parameter exists twice, as `online_...` and
`offline_...`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.trust import bearing, heal, lift, trust_on
from comsim.reference.member import ACTIVE, TIE_SLOTS, ReferenceMember
from comsim.reference.rounding import cents
from comsim.reference.ties import befriend

ONLINE, OFFLINE = "online", "offline"


def gather(community: CommunityState) -> None:
    """Today's events: online, then offline. Attending does not count as a visit."""
    for number, kind in enumerate((ONLINE, OFFLINE)):
        if not any(getattr(levers, f"{kind}_event") > 0.0 for levers in community.levers):
            continue
        attendees = [member for member in community.agents if attends(member, kind, number)]
        for member in community.each(attendees):
            warm(member, getattr(community.p, f"{kind}_warmth"))
        meet(community, attendees, kind, number)
        community.today["event_attendees"] += len(attendees)
        community.today["cost_events"] += len(attendees) * cents(
            getattr(community.p, f"{kind}_cost")
        )


def attends(member: ReferenceMember, kind: str, number: int) -> bool:
    """Whether a member is invited and attends. Muted members are not invited.

    invited: with the probability of the lever
    attends: chance = turnout x interest x bearing(trust_visits, trust)
                      x (1 + event_friends x ties / 6)
    """
    p = member.model.p
    invited, comes, _, _ = member.uniforms(Purpose.ATTEND, number)
    chance = (
        getattr(p, f"{kind}_turnout")
        * member.interest
        * bearing(p.trust_visits, trust_on(member))
        * (1.0 + p.event_friends * (member.bonds / TIE_SLOTS))
    )
    share = getattr(member.levers, f"{kind}_event")
    return member.status == ACTIVE and invited < share and comes < chance


def warm(member: ReferenceMember, warmth: float) -> None:
    """An event raises interest, trust and habit or, with negative warmth, lowers them.

    interest += warmth x (1 - interest); the same for habit; trust is lifted by as much
    with negative warmth: interest += warmth x interest; the same for habit and trust
    """
    member.interest = warmed(member.interest, warmth)
    heal(member)
    if warmth < 0.0:
        member.trust = warmed(member.trust, warmth)
    else:
        lift(member, warmth)
    member.habit = warmed(member.habit, warmth)


def warmed(x: float, warmth: float) -> float:
    """A share of the way to 1 or, if it is negative, to 0."""
    return x + warmth * (x if warmth < 0.0 else 1.0 - x)


def meet(
    community: CommunityState, attendees: list[ReferenceMember], kind: str, number: int
) -> None:
    """Each attendee meets `online_meetings` or `offline_meetings` others.

    Attendees form a circle. Each meets the attendees at a random distance forwards and backwards,
    then those at another random distance, and so on. Meetings are therefore mutual. One meeting
    strengthens a tie as much as a number of replies, `online_bond` or `offline_bond`.
    """
    meetings = int(getattr(community.p, f"{kind}_meetings")) if len(attendees) > 1 else 0
    bond = int(getattr(community.p, f"{kind}_bond"))
    for k in range(meetings):
        word = words(community.seed, Purpose.MEET, community.day, number, k // 2)[0]
        far = 1 + int(uniform_from(word) * (len(attendees) - 1))
        for place, member in community.each(enumerate(attendees)):
            other = attendees[(place + (far if k % 2 == 0 else -far)) % len(attendees)]
            for _ in range(bond):
                befriend(member, other)
