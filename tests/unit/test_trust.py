"""The law of trust, in numbers worked out by hand."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from comsim.model.catalogue import DAY_RECORD
from comsim.model.kernel.basics import ONE
from comsim.model.kernel.mechanisms import trust as law
from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms.shocks import hear
from comsim.reference.mechanisms.trust import bearing, build_trust, heal, lift, trust_on
from comsim.reference.member import GOOD, OFF_TOPIC, Post
from comsim.run.tables import mean_state
from comsim.scenario import Scenario

from ..calm import CALM

PARAMETERS = CALM | {
    "first_expectation": 0.2, "value_trust": 0.1, "reply_trust": 0.06, "answer_trust": 0.2,
    "disappointment": 0.4, "silence": 0.05, "ad_distrust": 0.02, "ad_tolerance": 0.5,
    "offer_distrust": 0.03, "toxic_distrust": 0.07, "removal_distrust": 0.01, "injustice": 4,
    "newcomer_hurt": 0, "trust_healing": 0.1, "promise_scar": 0.5, "trust_buffer": 0,
    "tie_buffer": 0, "promise_harm": 0.5, "failure_harm": 0.5, "leak_harm": 0.5,
}  # fmt: skip


@pytest.fixture
def member():
    """One of five, at a trust of 0.5, after a visit on which nothing happened."""
    scenario = Scenario.from_dict(
        {"name": "five", "days": 60, "community": {"market": 5}, "parameters": PARAMETERS,
         "policy": {"seed_group": 5, "intake": 0}}
    )  # fmt: skip
    community = ReferenceCommunity(scenario, 1)
    community.step()
    member = community.everyone[0]
    member.trust, member.scar, member.first_trust, member.trust_day = 0.5, 0.0, 0.4, 0
    member.todays_posts, community.removed, community.helped = [], [], {}
    member.visit.ads = member.visit.official = member.visit.toxic = 0
    return member


def test_value_builds_trust_and_a_broken_expectation_takes_it(member):
    build_trust(member, 0.2, 0.0)  # as promised
    assert member.trust == pytest.approx(0.5 + 0.1 * 0.5 * 0.5)
    member.trust = 0.5
    build_trust(member, 0.1, 0.0)  # half of it
    assert member.trust == pytest.approx((0.5 + 0.1 / 3 * 0.5) * (1 - 0.4 * 0.5))
    member.trust = 0.5
    build_trust(member, 0.0, 0.0)
    assert member.trust == pytest.approx(0.5 * 0.6)


def test_silence_costs_less_than_a_solved_problem_gives(member):
    community, post = member.model, Post(member, 0.5)
    member.todays_posts = [post]
    build_trust(member, 0.2, 0.0)
    silent, member.trust = member.trust, 0.5
    community.helped = {member: 0.5}
    build_trust(member, 0.2, 0.0)
    solved, member.trust = member.trust, 0.5
    assert silent == pytest.approx(0.525 * 0.95)
    assert solved == pytest.approx(0.5 + (0.05 + 0.2 * 0.5) * 0.5)
    community.helped = {}
    build_trust(member, 0.2, 0.5)  # a member's reply
    assert member.trust == pytest.approx(0.5 + (0.05 + 0.06 * 0.5) * 0.5)


def test_ads_are_linear_and_tolerated_by_those_who_trust(member):
    lost = []
    for ads in (0, 1, 2, 3):
        member.trust, member.visit.ads = 0.5, ads
        build_trust(member, 0.2, 0.0)
        lost.append(0.525 - member.trust)
    assert lost == pytest.approx([0.525 * 0.02 * ads * 0.75 for ads in (0, 1, 2, 3)], abs=1e-6)


def test_offers_toxic_posts_and_removals(member):
    community = member.model
    member.levers.offers, member.visit.official = 0.5, 4
    member.visit.toxic = 2
    wrong, right = Post(member, 0.5), Post(member, 0.5)
    wrong.kind, right.kind = OFF_TOPIC, GOOD
    community.removed = [wrong, right]
    build_trust(member, 0.2, 0.0)
    bad = 0.03 * 2 + 0.07 * 2 + 0.01 * (1 + 5)
    assert member.trust == pytest.approx(0.525 * (1 - bad))


def test_trust_returns_to_each_members_own(member):
    member.model.day = 7
    assert trust_on(member) == pytest.approx(0.4 + 0.1 * math.exp(-0.7))
    heal(member)
    assert member.trust_day == 7 and trust_on(member) == member.trust
    member.model.p.trust_healing = 0.0
    member.model.day = 50
    assert trust_on(member) == member.trust


@pytest.mark.parametrize("kind,scar", [("broken_promise", 0.4), ("leak", 0.4),
                                       ("product_failure", 0), ("rival", 0)])  # fmt: skip
def test_deceit_leaves_a_scar_that_limits_trust_for_ever(member, kind, scar):
    hear(member, kind, 0.8, [0.0, 1.0, 1.0, 1.0])
    assert member.scar == pytest.approx(scar)
    member.model.day = 100_000
    heal(member)
    assert member.trust == pytest.approx(0.4 * (1 - scar))
    lift(member, 1.0)
    assert member.trust == pytest.approx(1 - scar)
    lift(member, 1.0)
    build_trust(member, 1.0, 0.0)
    assert member.trust == pytest.approx(1 - scar)


def test_a_shock_finds_trust_as_it_is_that_day(member):
    member.model.day = 7
    hear(member, "product_failure", 1.0, [0.0, 1.0, 1.0, 1.0])
    assert member.trust == pytest.approx(0.5 * (0.4 + 0.1 * math.exp(-0.7)))
    assert member.trust_day == 7


def test_what_rests_on_trust():
    assert [bearing(0.3, trust) for trust in (0, 0.5, 1)] == pytest.approx([0.7, 0.85, 1])
    assert bearing(0.0, 0.0) == 1.0 and bearing(1.0, 0.4) == pytest.approx(0.4)


def test_a_promise_of_nothing_is_kept():
    p = SimpleNamespace(**PARAMETERS | {"first_expectation": 0.0})
    assert law.causes.py_func(p, 0.5, 0.0, *[0.0] * 7) == (0.0,) * 9
    assert law.causes.py_func(p, 0.5, 0.3, *[0.0] * 7)[0] == 0.1


def test_shown_trust_is_that_of_a_weeks_visits():
    daily = np.zeros(12, DAY_RECORD)
    daily["members"] = 100
    daily["dau"][[1, 2, 4]] = 1, 3, 4
    daily["trust_sum"][[1, 2, 4]] = np.array([0.5, 3, 1]) * ONE
    week = [np.nan, 0.5, 3.5 / 4, 3.5 / 4, 4.5 / 8, 4.5 / 8, 4.5 / 8, 4.5 / 8, 4 / 7, 0.25, 0.25,
            np.nan]  # fmt: skip
    assert mean_state(daily, "trust_mean") == pytest.approx(week, nan_ok=True)
