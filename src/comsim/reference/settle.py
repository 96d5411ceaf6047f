"""Settle: members order, and the accounts of the day are made up.

Lever: `coupon`; `ad_pressure`, `offers`, `release` and fees also act on it. Counts: `orders`,
`repurchases`, `revenue` and `cost` with their parts, `cost_cumulative`, `profit_cumulative`.
"""

from __future__ import annotations

from comsim.model.catalogue import COSTS, REVENUES
from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.membership import sell_memberships
from comsim.reference.mechanisms.need import need, renew_needs, use_up
from comsim.reference.mechanisms.offers import offer_lift
from comsim.reference.mechanisms.owner import review
from comsim.reference.mechanisms.trust import bearing
from comsim.reference.member import LEFT, ReferenceMember, saturating
from comsim.reference.rounding import cents


def settle(community: CommunityState) -> None:
    """Visitors order and pay fees; then the day's revenue and cost are computed, in cents.

    revenue from ads  = ad_price x ads shown
    cost of operation = staff_cost x (1 - share that volunteers did) + platform_cost x members

    Staff is paid every day until the owner stops. The day's cost and revenue are the sums of their
    parts from all steps of the day. At the end the owner reviews the result (see Owner).
    """
    p, today = community.p, community.today
    community.buyers = []
    renew_needs(community)
    for member in community.each(community.visitors):
        if member.status != LEFT and member.uniforms(Purpose.DAY)[3] < chance_to_order(member):
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


def order(member: ReferenceMember) -> None:
    """One order: price, cost of goods and discount. It uses up need (see Need); a coupon lifts
    interest.

    price = order_value x power, goods = (1 - margin) x price, discount = coupon x price
    interest += coupon_joy x coupon x (1 - interest)
    """
    p, today = member.model.p, member.model.today
    member.interest += p.coupon_joy * member.levers.coupon * (1.0 - member.interest)
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


def chance_to_order(member: ReferenceMember) -> float:
    """The probability that a visitor orders today.

    chance = order_rate x interest x bearing(trust_orders, trust) x (1 + coupon_pull x coupon)
             x (1 - coupon_reliance x missed) x (1 + ad_sales x sat(ads, ad_half))
             x offer lift x need
    missed = coupon_norm - coupon, at least 0

    Missed is the amount by which today's coupon falls short of the expected one.
    """
    p, coupon, ads = member.model.p, member.levers.coupon, member.visit.ads
    missed = max(member.coupon_norm - coupon, 0.0)
    return (
        p.order_rate
        * member.interest
        * bearing(p.trust_orders, member.trust)
        * (1.0 + p.coupon_pull * coupon)
        * (1.0 - p.coupon_reliance * missed)
        * (1.0 + p.ad_sales * saturating(ads, p.ad_half))
        * offer_lift(member)
        * need(member)
    )
