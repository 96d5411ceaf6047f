"""Membership: members who pay a fee receive benefits, form a habit and stay; or all pay to join.

Part of `arrive` (entry fee), `learn` (benefits), `leave` and `settle` (payments). Levers:
`membership_fee`, `paid_benefit`, `membership_places`, `entry_fee`. Counts: `payers`, `declined`,
`revenue_fees`, `cost_benefits`.
"""

from __future__ import annotations

from comsim.model.periods import MONTH
from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.trust import bearing
from comsim.reference.member import LEFT, ReferenceMember, saturating
from comsim.reference.rounding import cents

PAID_DAYS = MONTH  # covered by a fee, from the day after payment


def accepts(community: CommunityState, person: int, fee: float) -> bool:
    """Whether a person would pay an entry fee. The u of a person is fixed for life.

    chance = means / (means + fee), means = entry_half x power

    A person who has declined once therefore always declines, unless the fee falls.
    """
    if fee == 0.0:
        return True
    means = community.p.entry_half * community.market.traits(person)["power"]
    return community.market.uniforms(Purpose.ENTRY_FEE, person)[0] < saturating(means, fee)


def charge_entry(member: ReferenceMember, fee: float) -> None:
    """A new member pays the entry fee."""
    member.model.today["revenue_fees"] += cents(fee)
    member.earned += cents(fee)


def serve_payers(community: CommunityState) -> None:
    """Paying visitors gain more from their visit, and form a habit:

    value += benefit_value x paid_benefit x (1 - value)
    habit += paid_habit x (1 - habit)

    If a membership is sold, other visitors get less of the operator's content:

    value -= paywall x (1 - taste) x value
    """
    p = community.p
    for member in community.each(community.visitors):
        if pays(member):
            benefit = p.benefit_value * member.levers.paid_benefit
            member.visit.value += benefit * (1.0 - member.visit.value)
            member.habit += p.paid_habit * (1.0 - member.habit)
        elif member.levers.membership_fee > 0.0:
            member.visit.value *= 1.0 - p.paywall * (1.0 - member.taste)


def pays(member: ReferenceMember) -> bool:
    """Whether a member has paid for today."""
    return member.model.day < member.paid_until


def staying(member: ReferenceMember) -> float:
    """The factor of a member's probability to leave: lower for payers.

    staying = 1 - paid_loyalty for payers, 1 for others
    """
    return 1.0 - member.model.p.paid_loyalty if pays(member) else 1.0


def sell_memberships(community: CommunityState) -> None:
    """Visitors buy memberships, and renew expired ones or let them lapse.

    If the number of places is limited, they are assigned at random, and scarcity makes them more
    attractive to buyers:

    eager = 1 + scarcity_pull x payers / places, at most 1 + scarcity_pull; 1 without a limit
    """
    places, paying = int(community.levers[0].membership_places), payers(community)
    full = min(paying / places, 1.0) if places else 0.0
    wanting = []
    for member in community.each(community.visitors):
        if member.status == LEFT or pays(member) or member.levers.membership_fee == 0.0:
            continue
        if uniforms(member)[0] < chance_to_pay(member, 1.0 + community.p.scarcity_pull * full):
            wanting.append(member)
        member.paid_until = 0
    wanting.sort(key=lambda member: (uniforms(member)[1], -member.person), reverse=True)
    for member in wanting[: max(places - paying, 0)] if places else wanting:
        pay(member)
    community.today["payers"] = payers(community)


def payers(community: CommunityState) -> int:
    """The number of members who have paid for today."""
    return sum(pays(member) for member in community.agents)


def uniforms(member: ReferenceMember) -> list[float]:
    """Today's random numbers for memberships: whether to pay, and the rank for a place."""
    return member.uniforms(Purpose.MEMBERSHIP)


def chance_to_pay(member: ReferenceMember, eager: float) -> float:
    """The probability that a visitor buys a membership, or renews an expired one.

    buys:   chance = membership_rate x interest x bearing(trust_orders, trust) / (1 + dear) x eager
    renews: chance = worth / (worth + renewal_half x dear)
    dear  = membership_fee / (fee_half x power)
    worth = value x (patronage + (1 - patronage) x paid_benefit)

    Dear is the fee relative to the one that halves the wish to buy at this purchasing power. Worth
    is the part of the visit's value that does not depend on benefits, plus the part that today's
    benefits provide. A payer can renew once, at the first visit after expiry; later, they are a
    buyer like others.
    """
    p, levers = member.model.p, member.levers
    dear = levers.membership_fee / (p.fee_half * member.power)
    if member.paid_until > 0:
        worth = member.visit.value * (p.patronage + (1.0 - p.patronage) * levers.paid_benefit)
        return saturating(worth, p.renewal_half * dear)
    wish = p.membership_rate * member.interest * bearing(p.trust_orders, member.trust)
    return wish / (1.0 + dear) * eager


def pay(member: ReferenceMember) -> None:
    """Pay for 30 days from tomorrow on. The operator pays for the benefits at once."""
    today, levers = member.model.today, member.levers
    price = cents(levers.membership_fee)
    upkeep = cents(member.model.p.benefit_cost * levers.paid_benefit)
    today["revenue_fees"] += price
    today["cost_benefits"] += upkeep
    member.earned += price - upkeep
    member.paid_until = member.model.day + 1 + PAID_DAYS
