"""Membership: members who pay a fee get more, come from habit, and stay; or everyone pays to join.

Part of `arrive` (entry fee), `learn` (what paying members get), `leave` and `settle` (who pays).
"""

import numpy as np

from comsim.model.declare import Column, Lever, MemberField, Parameter
from comsim.model.kernel.basics import LEFT, cents, ranked, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import bearing
from comsim.model.kernel.people import NO_DAY, POWER, draw, segment_and_arm, trait
from comsim.model.kernel.prefetch import AHEAD, prefetch
from comsim.model.kernel.random import uniform
from comsim.model.periods import MONTH
from comsim.model.rng import Purpose

MEMBERSHIP_DRAW, ENTRY_DRAW = np.uint32(Purpose.MEMBERSHIP), np.uint32(Purpose.ENTRY_FEE)
PAID_DAYS = MONTH  # that a fee is good for, from the day after it was paid

PARAMETERS = [
    Parameter("membership_rate", 0.02, "a visit", 0, 1,
              "chance that a visitor with full interest and trust buys a membership that costs "
              "next to nothing", effect="membership_fee", label_zh="会员购买率"),
    Parameter("fee_half", 20.0, "currency a month", 0.01, 1e6,
              "fee that half as many people of average purchasing power are willing to pay",
              effect="membership_fee", label="fee that half are willing to pay",
              label_zh="半数人愿付的会员费"),
    Parameter("renewal_half", 0.1, "value of a visit", 0.001, 1,
              "value of a visit at which half of the paying members renew, with full benefits, "
              "average purchasing power and a fee of `fee_half`", effect="membership_fee",
              label="value at which half renew", label_zh="半数人续费的价值"),
    Parameter("patronage", 0.3, "share", 0, 1,
              "share of a visit's value that paying members would go on paying for without any "
              "benefits", effect="membership_fee", label="paying without benefits",
              label_zh="无权益仍愿付费"),
    Parameter("benefit_value", 0.2, "share", 0, 1,
              "share of the way to full value that full benefits lift a paying member's visit",
              effect="paid_benefit", label="worth of benefits", label_zh="会员权益的价值"),
    Parameter("benefit_cost", 5.0, "currency a payer and month", 0, 1e5, "cost of full benefits",
              doubt=1, label="cost of benefits", label_zh="会员权益的成本"),
    Parameter("paid_habit", 0.03, "share", 0, 1,
              "how far a visit moves a paying member's habit towards 1, in addition to what any "
              "visit does", sign="Arkes and Blumer 1985: payers visit more often",
              effect="paid_benefit", label="habit of paying members", label_zh="付费养成的习惯"),
    Parameter("paid_loyalty", 0.5, "share", 0, 1, "share of leaving that a paid fee prevents",
              sign="Arkes and Blumer 1985", effect="membership_fee",
              label="loyalty of paying members", label_zh="付费带来的忠诚"),
    Parameter("scarcity_pull", 1.0, "share", 0, 20,
              "how much more people want to become paying members when nearly all places are taken",
              "assumption; [003]: sold out within hours", sign="Lynn 1991",
              effect="membership_places", absent=0, label="pull of few places",
              label_zh="名额稀缺的拉力"),
    Parameter("paywall", 0.2, "share", 0, 1,
              "share of the operator's content withheld from members who do not pay, if a "
              "membership is sold", sign="Aral and Dhillon 2021", effect="membership_fee",
              label="content behind the paywall", label_zh="付费墙后的内容"),
    Parameter("entry_half", 50.0, "currency", 0.01, 1e6,
              "entry fee at which half of the people of average purchasing power decline",
              effect="entry_fee", label="entry fee that half are willing to pay",
              label_zh="半数人愿付的入群费"),
]  # fmt: skip

LEVERS = [
    Lever("membership_fee", 0, "currency a month", 0, 1e4,
          "fee of a paid membership of 30 days; 0 if none is sold",
          meaning_zh="30 天付费会员的价格；0 表示不卖", group="business", grade="elsewhere",
          sources=("Aral and Dhillon 2021",), slider=100, label_zh="会员费"),
    Lever("paid_benefit", 0, "share", 0, 1, "what paying members get beyond what others get",
          meaning_zh="付费会员比他人多得到的", group="business", grade="sign only",
          sources=("Iyengar et al. 2022",), paid_from="cost_benefits",
          price="benefit_cost times its value for each 30 days of a paying member",
          label="benefits of paying members", label_zh="付费会员权益"),
    Lever("membership_places", 0, "people", 0, 1e7,
          "number of paying members allowed; 0 for no limit", meaning_zh="付费会员名额；0 表示不限",
          group="business", grade="none", scope="community", whole=True, slider=2000,
          label="places for paying members", label_zh="付费会员名额"),
    Lever("entry_fee", 0, "currency", 0, 1e5, "price of joining, for everybody but the seed group",
          meaning_zh="除种子成员外，人人入群要付的钱", group="recruit", grade="sign only",
          sources=("Drenner et al. 2008",), scope="community", slider=100, label_zh="入群费"),
]  # fmt: skip

COLUMNS = [
    Column("payers", "people", "members with a paid membership at the end of the day",
           label="paying members", label_zh="付费会员"),
    Column("declined", "invitations",
           "times that somebody who would join declined because of the entry fee (a person may "
           "decline again)",
           label="declined the entry fee", label_zh="因入群费而未加入"),
    Column("revenue_fees", "currency", "membership and entry fees", 100, ledger="revenue",
           label="fees", label_zh="会费"),
    Column("cost_benefits", "currency", "benefits of paying members", 100, ledger="cost",
           label="members' benefits", label_zh="会员权益"),
]  # fmt: skip

# Arrays of their own: only who pays is looked up.
ARRAYS = [
    MemberField("paid_until", "i4", "first day that is not paid for; 0 for members who do not pay"),
    MemberField("earned", "i8",
                "what this member has brought in so far, in cents: orders less goods and coupons, "
                "fees less benefits"),
]  # fmt: skip


@njit
def declines(w, person, fee):
    """Whether a person declines to join because of the fee; they decline for good unless the fee
    falls.

    Of the people with one purchasing power, a share power x half / (power x half + fee) accepts.
    """
    segment, _ = segment_and_arm(w.people, person)
    means = w.p[0].entry_half * trait(w.people, segment, person, POWER)
    return uniform(draw(w.people.key, ENTRY_DRAW, NO_DAY, person, 0)[0]) >= saturating(means, fee)


@njit
def charge_entry(w, day, row, fee):
    """A new member pays the entry fee."""
    w.daily[day].revenue_fees += cents(fee)
    w.m.earned[row] += cents(fee)


@njit
def serve_payers(w, day):
    """Paying visitors gain more from their visit, and form a habit. If a membership is sold, other
    visitors may get less of the operator's content."""
    m, p, now, levers = w.m, w.p[0], w.now[0], w.levers[day]
    walled = p.paywall > 0.0 and levers.membership_fee.max() > 0.0
    if now.payers == 0 and not walled:
        return
    for at in range(now.visitors):
        prefetch(m.paid_until, np.int64(w.visits[min(at + AHEAD, now.visitors - 1)].row))
        visit = w.visits[at]
        row = np.int64(visit.row)
        if day < m.paid_until[row]:
            benefit = p.benefit_value * w.levers[day, visit.cell].paid_benefit
            visit.value += benefit * (1.0 - visit.value)
            h = np.float64(m.habit[row])
            m.habit[row] = h + p.paid_habit * (1.0 - h)
        elif walled and levers[visit.cell].membership_fee > 0.0:
            visit.value *= 1.0 - p.paywall * (1.0 - np.float64(visit.taste))


@njit
def staying(w, day, row):
    """What is left of a member's chance to leave: less for paying members."""
    return 1.0 - w.p[0].paid_loyalty if day < w.m.paid_until[row] else 1.0


@njit
def run_out(w, day):
    """Memberships that end today, and those of paying members who left, are no longer counted."""
    m, now = w.m, w.now[0]
    now.payers -= w.paid_ends[day]
    for k in range(now.leavers):
        end = np.int64(m.paid_until[w.leavers[k]])
        if day < end:
            now.payers -= 1
            w.paid_ends[end] -= 1


@njit
def chance_to_pay(p, visit, power, before, here, eager):
    """Chance that a visitor buys a membership, or renews one that has run out.

    buys:    membership_rate x interest x bearing of trust / (1 + dear) x eager
    renews:  worth / (worth + renewal_half x dear), asked once, at the first visit after the end

    where dear is the fee as a multiple of what halves the wish to buy in people of that purchasing
    power, and worth is the visit's value, as far as it needs no benefits or there are some.
    """
    dear = here.membership_fee / (p.fee_half * np.float64(power))
    if before > 0:
        worth = visit.value * (p.patronage + (1.0 - p.patronage) * here.paid_benefit)
        return saturating(worth, p.renewal_half * dear)
    wish = p.membership_rate * np.float64(visit.interest)
    wish *= bearing(p.trust_orders, np.float64(visit.trust))
    return wish / (1.0 + dear) * eager


@njit
def pay(w, day, at):
    """A visitor pays for the days from tomorrow on."""
    daily, now = w.daily[day], w.now[0]
    here, row = w.levers[day, w.visits[at].cell], np.int64(w.visits[at].row)
    price = cents(here.membership_fee)
    upkeep = cents(w.p[0].benefit_cost * here.paid_benefit)
    daily.revenue_fees += price
    daily.cost_benefits += upkeep
    w.m.earned[row] += price - upkeep
    w.m.paid_until[row] = day + 1 + PAID_DAYS
    w.paid_ends[day + 1 + PAID_DAYS] += 1
    now.payers += 1


@njit
def find_takers(w, day, eager, takers, lots):
    """Today's visits whose visitor wants to pay, with a random number for each. Returns how
    many."""
    m, wanting = w.m, 0
    for at in range(w.now[0].visitors):
        visit = w.visits[at]
        row = np.int64(visit.row)
        here, before = w.levers[day, visit.cell], np.int64(m.paid_until[row])
        if m.status[row] == LEFT or here.membership_fee <= 0.0 or day < before:
            continue
        u, lot, _, _ = draw(w.people.key, MEMBERSHIP_DRAW, day, visit.person, 0)
        if uniform(u) < chance_to_pay(w.p[0], visit, m.own[row].power, before, here, eager):
            takers[wanting], lots[wanting] = at, ranked(lot, visit.person)
            wanting += 1
        m.paid_until[row] = 0
    return wanting


@njit
def sell_memberships(w, day):
    """Visitors buy and renew memberships. If there are too few places, they are drawn at random."""
    now = w.now[0]
    if now.payers > 0:
        run_out(w, day)
    if w.levers[day].membership_fee.max() > 0.0:
        places = np.int64(w.levers[day, 0].membership_places)
        full = min(np.float64(now.payers) / np.float64(places), 1.0) if places > 0 else 0.0
        takers, lots = np.empty(now.visitors, np.int64), np.empty(now.visitors, np.int64)
        wanting = find_takers(w, day, 1.0 + w.p[0].scarcity_pull * full, takers, lots)
        served = max(min(places - now.payers, wanting), 0) if places > 0 else wanting
        for k in np.argsort(lots[:wanting])[wanting - served :]:
            pay(w, day, takers[k])
    w.daily[day].payers = now.payers
