"""Arrive: the operator recruits, and members spread the word."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from comsim.reference.member import LEFT, Member, saturating
from comsim.reference.rounding import cents, whole_of

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def arrive(community: Community) -> None:
    """The operator recruits; then yesterday's visitors spread the word."""
    levers = community.levers[0]
    recruited = recruit(community, int(levers.seed_group), founders=True)
    community.intake_carry += levers.intake
    whole = whole_of(community.intake_carry)
    community.intake_carry -= whole
    recruited += recruit(community, whole)
    community.today["cost_recruitment"] += recruited * cents(community.p.recruit_cost)
    community.today["joined"] = recruited
    spread_the_word(community)


def recruit(community: Community, number: int, founders: bool = False) -> int:
    """The next people of the queue join; those who are members already are passed over."""
    recruited = 0
    while recruited < number and community.next_in_queue < community.market.size:
        person = community.market.queue(community.next_in_queue)
        community.next_in_queue += 1
        if person not in community.joined:
            join(community, person, founder=founders)
            recruited += 1
    return recruited


def join(
    community: Community, person: int, inviter: Member | None = None, founder: bool = False
) -> None:
    member = Member(community, person, inviter, founder)
    community.everyone.append(member)
    community.joined.add(person)
    community.note("join", member, inviter)


def spread_the_word(community: Community) -> None:
    """Whoever has now been invited often enough joins, brought by one of today's inviters.

    They join in the order of the first of them to have joined.
    """
    inviters = defaultdict(list)
    for member in community.each(community.visitors):
        if member.status != LEFT and (person := invites(member)) is not None:
            inviters[person].append(member)
            community.invited[person] += 1
            community.today["invitations"] += 1
    for person in sorted(inviters, key=lambda person: min(m.row for m in inviters[person])):
        if community.invited[person] < community.market.invitations_needed(person):
            continue
        inviter = max(inviters[person], key=lambda member: member.lot_for(person))
        inviter.recruits += 1
        join(community, person, inviter)
        community.today["joined"] += 1
        community.today["joined_invited"] += 1
        community.today["cost_recruitment"] += cents(inviter.levers.referral_reward)


def invites(member: Member) -> int | None:
    """An outsider whom this member invites, if any.

    chance = rate x (1 - bad press) x interest x trust x (1 + pull of the reward), for one
    contact by lot
    """
    p = member.model.p
    reward = member.levers.referral_reward
    chance = (
        p.invitation_rate
        * (1.0 - member.model.bad_press)
        * member.interest
        * member.trust
        * (1.0 + p.referral_pull * saturating(reward, p.referral_half))
    )
    _, wants, which, _ = member.luck_of_visit
    if wants >= chance:
        return None
    other = member.model.market.acquaintance(member.person, which)
    return None if other is None or other in member.model.joined else other
