"""Membership: members who pay a fee get more, come from habit, and stay; or all pay to join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.reference.member import LEFT, Member, saturating
from comsim.reference.rounding import cents
from comsim.rng import Purpose

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community

PAID_DAYS = 30  # that a fee is good for, from the day after it was paid


def accepts(community: Community, person: int, fee: float) -> bool:
    """Whether a person would pay an entry fee. It stays so, unless the fee changes."""
    if fee == 0.0:
        return True
    means = community.p.entry_half * community.market.traits(person)["power"]
    return community.market.luck(Purpose.ENTRY_FEE, person)[0] < saturating(means, fee)


def charge_entry(member: Member, fee: float) -> None:
    """A new member pays the entry fee."""
    member.model.today["revenue_fees"] += cents(fee)
    member.earned += cents(fee)


def serve_payers(community: Community) -> None:
    """Paying visitors get more out of their visit, and visit from habit."""
    p = community.p
    for member in community.each(community.visitors):
        if pays(member):
            benefit = p.benefit_value * member.levers.paid_benefit
            member.visit.value += benefit * (1.0 - member.visit.value)
            member.habit += p.paid_habit * (1.0 - member.habit)


def pays(member: Member) -> bool:
    """Whether a member has paid for today."""
    return member.model.day < member.paid_until


def staying(member: Member) -> float:
    """What is left of a member's chance to leave: less for who has paid."""
    return 1.0 - member.model.p.paid_loyalty if pays(member) else 1.0


def sell_memberships(community: Community) -> None:
    """Visitors buy memberships, and renew what has run out; or else they are free again.

    Where places are few, lots decide who gets one, and that they are few makes them wanted.
    """
    places, paying = int(community.levers[0].membership_places), payers(community)
    full = min(paying / places, 1.0) if places else 0.0
    wanting = []
    for member in community.each(community.visitors):
        if member.status == LEFT or pays(member) or member.levers.membership_fee == 0.0:
            continue
        if luck(member)[0] < chance_to_pay(member, 1.0 + community.p.scarcity_pull * full):
            wanting.append(member)
        member.paid_until = 0
    wanting.sort(key=lambda member: (luck(member)[1], -member.person), reverse=True)
    for member in wanting[: max(places - paying, 0)] if places else wanting:
        pay(member)
    community.today["payers"] = payers(community)


def payers(community: Community) -> int:
    """How many members have paid."""
    return sum(pays(member) for member in community.agents)


def luck(member: Member) -> list[float]:
    """Luck of the day with memberships: whether to pay, and a lot for a place."""
    return member.luck(Purpose.MEMBERSHIP)


def chance_to_pay(member: Member, eager: float) -> float:
    """Chance that a visitor buys a membership, or renews one that has run out.

    buys:    rate x interest x trust x half / (half + dear) x eager
    renews:  worth / (worth + half x dear), asked once, at the first visit after the end

    where dear is the fee as a multiple of what half of the people of that purchasing power pay,
    and worth is the visit's value, as far as it needs no benefits or there are some.
    """
    p, levers = member.model.p, member.levers
    dear = levers.membership_fee / (p.fee_half * member.power)
    if member.paid_until > 0:
        worth = member.visit.value * (p.patronage + (1.0 - p.patronage) * levers.paid_benefit)
        return saturating(worth, p.renewal_half * dear)
    wish = p.membership_rate * member.interest * member.trust
    return wish / (1.0 + dear) * eager


def pay(member: Member) -> None:
    """Pay for the days from tomorrow on."""
    today, levers = member.model.today, member.levers
    price = cents(levers.membership_fee)
    upkeep = cents(member.model.p.benefit_cost * levers.paid_benefit)
    today["revenue_fees"] += price
    today["cost_benefits"] += upkeep
    member.earned += price - upkeep
    member.paid_until = member.model.day + 1 + PAID_DAYS
