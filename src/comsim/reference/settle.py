"""Settle: orders, and the ledger of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.catalogue import COSTS, REVENUES
from comsim.reference.member import LEFT, Member, saturating
from comsim.reference.rounding import cents
from comsim.rng import Purpose

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def settle(community: Community) -> None:
    """Visitors order; then the day's ledger, in cents."""
    p, today = community.p, community.today
    for member in community.each(community.visitors):
        if member.status == LEFT or member.luck(Purpose.DAY)[3] >= chance_to_order(member):
            continue
        price = cents(p.order_value * member.power)
        today["orders"] += 1
        today["revenue_orders"] += price
        today["cost_goods"] += int(price * (1.0 - p.margin) + 0.5)
        today["cost_coupons"] += int(price * member.levers.coupon + 0.5)
        community.note("order", member)
    today["revenue_ads"] = cents(p.ad_price * today["ad_impressions"])
    staff = p.staff_cost * (1.0 - today["self_organised"] / 2.0**30)
    today["cost_operation"] = cents(staff + p.platform_cost * len(community.agents))
    today["cost"] = sum(today[name] for name in COSTS)
    today["revenue"] = sum(today[name] for name in REVENUES)
    community.spent += today["cost"]
    community.profit += today["revenue"] - today["cost"]
    today["cost_cumulative"], today["profit_cumulative"] = community.spent, community.profit


def chance_to_order(member: Member) -> float:
    """rate x interest x trust x (1 + coupon) x (1 - missed coupon) x (1 + ads)."""
    p, coupon, ads = member.model.p, member.levers.coupon, member.visit.ads
    missed = max(member.coupon_norm - coupon, 0.0)
    return (
        p.order_rate
        * member.interest
        * member.trust
        * (1.0 + p.coupon_pull * coupon)
        * (1.0 - p.coupon_reliance * missed)
        * (1.0 + p.ad_sales * saturating(ads, p.ad_half))
    )
