"""Settle: orders, and the ledger of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.catalogue import COSTS, REVENUES
from comsim.reference.mechanisms.membership import sell_memberships
from comsim.reference.mechanisms.need import need, renew_needs, use_up
from comsim.reference.mechanisms.offers import offer_lift
from comsim.reference.mechanisms.owner import review
from comsim.reference.member import LEFT, Member, saturating
from comsim.reference.rounding import cents
from comsim.rng import Purpose

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def settle(community: Community) -> None:
    """Visitors order and pay fees; then the day's ledger, in cents, at which the owner looks."""
    p, today = community.p, community.today
    community.buyers = []
    renew_needs(community)
    for member in community.each(community.visitors):
        if member.status != LEFT and member.luck(Purpose.DAY)[3] < chance_to_order(member):
            order(member)
    sell_memberships(community)
    today["revenue_ads"] = cents(p.ad_price * today["ad_impressions"])
    staff = p.staff_cost * (1.0 - today["self_organised"] / 2.0**30)
    if community.stopped:
        staff = 0.0
    today["cost_operation"] = cents(staff + p.platform_cost * len(community.agents))
    today["cost"] = sum(today[name] for name in COSTS)
    today["revenue"] = sum(today[name] for name in REVENUES)
    community.spent += today["cost"]
    community.profit += today["revenue"] - today["cost"]
    today["cost_cumulative"], today["profit_cumulative"] = community.spent, community.profit
    review(community)


def order(member: Member) -> None:
    """One order: price, cost of goods, coupon; it uses up need."""
    p, today = member.model.p, member.model.today
    price = cents(p.order_value * member.power)
    goods, discount = int(price * (1.0 - p.margin) + 0.5), int(price * member.levers.coupon + 0.5)
    today["orders"] += 1
    today["revenue_orders"] += price
    today["cost_goods"] += goods
    today["cost_coupons"] += discount
    today["repurchases"] += member.ordered > 0
    member.ordered += 1
    member.earned += price - goods - discount
    use_up(member)
    member.model.buyers.append(member)
    member.model.note("order", member)


def chance_to_order(member: Member) -> float:
    """rate x interest x trust x (1 + coupon) x (1 - missed coupon) x (1 + ads) x offers x need."""
    p, coupon, ads = member.model.p, member.levers.coupon, member.visit.ads
    missed = max(member.coupon_norm - coupon, 0.0)
    return (
        p.order_rate
        * member.interest
        * member.trust
        * (1.0 + p.coupon_pull * coupon)
        * (1.0 - p.coupon_reliance * missed)
        * (1.0 + p.ad_sales * saturating(ads, p.ad_half))
        * offer_lift(member)
        * need(member)
    )
