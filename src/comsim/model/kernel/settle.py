"""Settle: orders, redemptions, costs, in whole cents."""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import LEFT, ONE, cents, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.membership import sell_memberships
from comsim.model.kernel.mechanisms.need import need_left, renew_needs, use_up
from comsim.model.kernel.mechanisms.offers import offer_lift
from comsim.model.kernel.mechanisms.owner import review
from comsim.model.kernel.mechanisms.trust import bearing
from comsim.model.kernel.random import uniform
from comsim.model.kernel.states import set_interest

PARAMETERS = [
    Parameter("order_rate", 0.15, "a visit", 0, 1,
              "chance that a visitor with full interest and trust orders", label_zh="下单率"),
    Parameter("order_value", 30.0, "currency", 0, 1e6,
              "price of an order at average purchasing power", doubt=1, label_zh="客单价"),
    Parameter("margin", 0.45, "share of the price", 0, 1, "price less the cost of goods", doubt=1,
              label_zh="毛利率"),
    Parameter("coupon_pull", 3.0, "share", 0, 20, "how much a full coupon raises ordering",
              effect="coupon", label="pull of coupons", label_zh="优惠券的拉力"),
    Parameter("coupon_reliance", 0.8, "share", 0, 1,
              "share of orders lost when a full coupon that members had counted on ends",
              "assumption; reference prices (Kalyanaram and Winer 1995)", effect="coupon",
              label="reliance on coupons", label_zh="对优惠券的依赖"),
    Parameter("coupon_joy", 0.03, "share", 0, 1,
              "share of the way to 1 that an order at full discount lifts interest",
              sign="Zhang et al. 2020: after a discount, customers browse more for a month",
              effect="coupon", label="interest gained by a coupon", label_zh="优惠带来的兴趣"),
    Parameter("ad_sales", 0.6, "share", 0, 10, "how much very many ads raise ordering",
              effect="ad_pressure", label="sales by ads", label_zh="广告促成的销售"),
    Parameter("ad_price", 0.0, "currency an ad", 0, 100, "income from one ad shown", doubt=1,
              label="income from an ad", label_zh="单次广告收入"),
    Parameter("staff_cost", 60.0, "currency a day", 0, 1e6,
              "cost of the staff who run the community", doubt=1, label_zh="人员成本"),
    Parameter("platform_cost", 0.002, "currency a member and day", 0, 100, "cost of the platform",
              doubt=1, label_zh="平台成本"),
]  # fmt: skip

LEVERS = [
    Lever("coupon", 0.0, "share of the price", 0, 0.9, "discount on members' orders",
          meaning_zh="成员下单的折扣", group="incentives", grade="elsewhere",
          sources=("Zhang et al. 2020",), paid_from="cost_coupons",
          price="its share of the price of each order", label_zh="优惠券"),
]  # fmt: skip

COLUMNS = [
    Column("orders", "orders", "orders today", label_zh="订单"),
    Column("revenue", "currency", "all income of the day", 100, label_zh="收入"),
    Column("revenue_orders", "currency", "orders at list price", 100, ledger="revenue",
           label="orders", label_zh="订单"),
    Column("revenue_ads", "currency", "ad income", 100, ledger="revenue", label="ads",
           label_zh="广告"),
    Column("cost", "currency", "all costs of the day", 100, label_zh="成本"),
    Column("cost_goods", "currency", "goods ordered", 100, ledger="cost", label="goods",
           label_zh="货品"),
    Column("cost_coupons", "currency", "coupons redeemed", 100, ledger="cost", label="coupons",
           label_zh="优惠券"),
    Column("cost_operation", "currency", "staff and platform", 100, ledger="cost",
           label="staff and platform", label_zh="人员与平台"),
    Column("cost_cumulative", "currency", "all costs since day 0", 100, label="cost so far",
           label_zh="累计成本"),
    Column("profit_cumulative", "currency", "revenue less cost since day 0", 100,
           label="profit so far", label_zh="累计利润"),
]  # fmt: skip


@njit
def sell(w, day):
    """Today's visitors order: rate x interest x trust x coupon x ads x offers x need."""
    m, p, now, daily = w.m, w.p[0], w.now[0], w.daily[day]
    needs, offered = p.need_wear > 0.0, w.levers[day].offers.max() > 0.0
    most = 1.0 + max(p.offer_sales, 0.0) if offered else 1.0
    now.orders = 0
    for at in range(now.visitors):
        visit = w.visits[at]
        row = np.int64(visit.row)
        if m.status[row] == LEFT:
            continue
        coupon = w.levers[day, visit.cell].coupon
        missed = max(np.float64(visit.coupon_norm) - coupon, 0.0)
        ads = np.float64(visit.ads)
        chance = (
            p.order_rate
            * np.float64(visit.interest)
            * bearing(p.trust_orders, np.float64(visit.trust))
            * (1.0 + p.coupon_pull * coupon)
            * (1.0 - p.coupon_reliance * missed)
            * (1.0 + p.ad_sales * saturating(ads, p.ad_half))
        )
        u = uniform(visit.order)
        if u >= chance * most:
            continue  # no offer can change it, so don't look at the rest
        if offered:
            chance *= offer_lift(p, np.float64(visit.official), w.levers[day, visit.cell].offers)
        left = 1.0
        if needs:
            left = need_left(p, m.need_used[row], m.need_day[row], day)
            chance *= left
        if u < chance:
            buy(w, day, visit, coupon)
            if needs:
                use_up(w, day, row, left)
            w.orders[now.orders] = row
            now.orders += 1
    daily.orders = now.orders


@njit
def buy(w, day, visit, coupon):
    """One order: price, cost of goods, and coupon, which raises interest."""
    m, p, daily, row = w.m, w.p[0], w.daily[day], np.int64(visit.row)
    price = cents(p.order_value * np.float64(m.own[row].power))
    goods = np.int64(np.float64(price) * (1.0 - p.margin) + 0.5)
    discount = np.int64(np.float64(price) * coupon + 0.5)
    daily.revenue_orders += price
    daily.cost_goods += goods
    daily.cost_coupons += discount
    daily.repurchases += np.int64(m.ordered[row] > 0)
    m.ordered[row] += 1
    m.earned[row] += price - goods - discount
    if coupon > 0.0:
        interest = np.float64(visit.interest)
        set_interest(w, visit, interest + p.coupon_joy * coupon * (1.0 - interest))


@njit
def settle(w, day):
    """Orders, then the ledger of the day."""
    p, now, daily = w.p[0], w.now[0], w.daily[day]
    renew_needs(w, day)
    sell(w, day)
    sell_memberships(w, day)
    daily.revenue_ads = cents(p.ad_price * daily.ad_impressions)
    staff = p.staff_cost * (1.0 - np.float64(daily.self_organised) / ONE)
    if now.stopped:
        staff = 0.0
    daily.cost_operation = cents(staff + p.platform_cost * now.members)
    for column in w.ledger_cost:
        daily.cost += w.daily_table[day, column]
    for column in w.ledger_revenue:
        daily.revenue += w.daily_table[day, column]
    now.spent += daily.cost
    now.profit += daily.revenue - daily.cost
    daily.cost_cumulative = now.spent
    daily.profit_cumulative = now.profit
    review(w, day)
