"""Paid membership and entry fees, by hand."""

from types import SimpleNamespace

import pytest

from comsim import Scenario, simulate
from comsim.reference.mechanisms.membership import (
    accepts,
    chance_to_pay,
    pay,
    sell_memberships,
    serve_payers,
    staying,
)
from comsim.reference.mechanisms.offers import content_worth, offer_lift

from ..calm import CALM

P = SimpleNamespace(
    membership_rate=0.02, fee_half=20.0, renewal_half=0.1, patronage=0.3, benefit_value=0.2,
    benefit_cost=5.0, paid_habit=0.03, paid_loyalty=0.5, scarcity_pull=1.0, entry_half=50.0,
    paywall=0.25, offer_dullness=0.7, offer_sales=2.0, offer_half=1.5, trust_orders=1.0,
)  # fmt: skip


def member(day=0, paid_until=0, fee=20.0, benefit=1.0, places=0, person=0, uniforms=0.0):
    levers = SimpleNamespace(
        membership_fee=fee, paid_benefit=benefit, membership_places=places, offers=0.5,
        content_quality=0.6,
    )  # fmt: skip
    model = SimpleNamespace(p=P, day=day, today={"revenue_fees": 0, "cost_benefits": 0})
    return SimpleNamespace(
        model=model, levers=levers, paid_until=paid_until, power=1.0, interest=0.8, trust=0.5,
        taste=0.4, visit=SimpleNamespace(value=0.4, official=3), habit=0.5, status=0, earned=0,
        person=person, uniforms=lambda purpose: [uniforms, 0.9 - person / 10, 0.5, 0.5],
    )  # fmt: skip


def test_who_buys():
    # 0.02 x 0.8 x 0.5, and half of it at the fee that half will pay
    assert chance_to_pay(member(), 1.0) == pytest.approx(0.004)
    assert chance_to_pay(member(), 2.0) == pytest.approx(0.008)
    assert chance_to_pay(member(fee=60), 1.0) == pytest.approx(0.002)


def test_who_renews():
    # worth 0.4 with full benefits: 0.4 / (0.4 + 0.1); 0.12 without: 0.12 / 0.22
    assert chance_to_pay(member(paid_until=31, day=31), 1.0) == pytest.approx(0.8)
    bare = member(paid_until=31, day=31, benefit=0.0)
    assert chance_to_pay(bare, 1.0) == pytest.approx(0.12 / 0.22)


def test_a_fee_is_good_for_30_days_from_tomorrow():
    payer = member(day=10)
    pay(payer)
    assert payer.paid_until == 41  # days 11 to 40
    assert payer.model.today == {"revenue_fees": 2000, "cost_benefits": 500}
    assert payer.earned == 1500
    assert [staying(member(day=day, paid_until=41)) for day in (40, 41)] == [0.5, 1.0]


def test_what_payers_get():
    payer, other = member(day=10, paid_until=41), member(day=10)
    serve_payers(SimpleNamespace(p=P, visitors=[payer, other], each=list))
    assert payer.visit.value == pytest.approx(0.4 + 0.2 * 0.6)
    assert payer.habit == pytest.approx(0.5 + 0.03 * 0.5)
    assert other.visit.value == pytest.approx(0.4 - 0.25 * 0.6 * 0.4) and other.habit == 0.5


def test_nothing_is_kept_from_anybody_where_nothing_is_sold():
    free = member(day=10, fee=0.0)
    serve_payers(SimpleNamespace(p=P, visitors=[free], each=list))
    assert (free.visit.value, free.habit) == (0.4, 0.5)


def test_where_places_are_few_lots_decide():
    people = [member(person=person) for person in range(4)]
    unwilling = member(person=4, uniforms=0.99, paid_until=1, day=1)
    model = people[0].model
    model.today["payers"] = 0
    for one in people:
        one.model = model
    community = SimpleNamespace(
        p=P, levers=[SimpleNamespace(membership_places=3)], visitors=[*people, unwilling],
        agents=people, each=list, today=model.today,
    )  # fmt: skip
    sell_memberships(community)
    assert [one.paid_until for one in people] == [31, 31, 31, 0]  # the lowest lot is left out
    assert unwilling.paid_until == 0 and model.today["payers"] == 3


def test_who_pays_to_join():
    """A person of power 1 accepts half of the time at the fee that half will pay."""
    market = SimpleNamespace(
        traits=lambda person: {"power": 1.0}, uniforms=lambda purpose, person: [person / 10]
    )
    community = SimpleNamespace(p=P, market=market)
    assert [accepts(community, person, 50.0) for person in (4, 6)] == [True, False]
    assert accepts(community, 9, 0.0)


def test_an_entry_fee_deters_and_is_paid_by_all_but_the_seed_group():
    data = {"name": "closed", "days": 30, "community": {"market": 2000}, "parameters": CALM,
            "policy": {"seed_group": 20, "intake": 30, "entry_fee": 40}}  # fmt: skip
    daily = simulate(Scenario.from_dict(data), 1).daily
    joined, declined = daily["joined"].sum() - 20, daily["declined"].sum()
    assert 0.3 < joined / (joined + declined) < 0.7
    assert daily["revenue_fees"].sum() == 40 * joined
    recruited = 20 + 30 * 30  # whether they declined or not
    assert daily["cost_recruitment"].sum() == 3 * recruited


def test_offers_are_duller_and_sell():
    assert content_worth(member()) == pytest.approx(0.6 * (1 - 0.7 * 0.5))
    assert offer_lift(member()) == pytest.approx(1 + 2 * 0.5)  # 1.5 offers read: half the effect
