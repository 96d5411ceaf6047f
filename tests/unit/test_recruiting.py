"""Greetings, newcomer tasks, KOL campaigns and shared invitations, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comsim.reference import ReferenceCommunity
from comsim.reference.arrive import arrive
from comsim.reference.decide import decide
from comsim.reference.mechanisms.kol import campaign
from comsim.reference.mechanisms.onboard import give_tasks, greet
from comsim.reference.visit import visit
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

from ..calm import CALM

ALIKE = {"first_trust": {"value": 0.5, "spread": 0}, "first_interest": {"value": 1, "spread": 0}}


def community(*functions: Callable, days: int = 1, **tables) -> ReferenceCommunity:
    """People who are all alike, after some functions of the day alone."""
    data = {"name": "alike", "days": days, "community": {"market": 10}}
    policy = {"seed_group": 0, "intake": 0} | tables.pop("policy", {})
    people = [{"name": "all", **ALIKE}]
    scenario = Scenario.from_dict(data | {"segments": people, "policy": policy} | tables)
    made = ReferenceCommunity(scenario, seed=1)
    made.functions = (decide, *functions)
    return made


def test_a_greeting_lifts_trust_and_voice_and_costs_time():
    five = community(arrive, greet, policy={"intake": 5, "greeting": 1})
    five.step()
    assert len(five.agents) == five.today["greeted"] == 5
    for member in five.agents:
        assert member.trust == pytest.approx(0.5 + 0.08 * 0.5)
        assert member.voice == pytest.approx(0.5 + 0.01 * 0.5)
        assert member.interest == 1 and member.bonds == 0  # nobody brought them
    assert five.today["cost_greeting"] == 5 * 200


def test_an_automated_welcome_changes_nothing_by_default():
    for more, lift in ({}, 0.0), ({"parameters": {"auto_greeting_voice": 0.2}}, 0.2):
        five = community(arrive, greet, policy={"intake": 5, "auto_greeting": 1}, **more)
        five.step()
        assert five.today["auto_greeted"] == 5
        assert five.today["greeted"] == five.today["cost_greeting"] == 0
        for member in five.agents:
            assert member.trust == 0.5 and member.voice == pytest.approx(0.5 + lift * 0.5)


def test_who_is_greeted_is_introduced_to_who_brought_them():
    for greeting in 0, 1:
        run = simulate(
            Scenario.from_dict({
                "name": "brought", "days": 40, "community": {"market": 400},
                "parameters": {
                    **CALM, "word_of_mouth": 14, "reply_rate": 0, "greeting_tie": 1,
                },
                "policy": {"seed_group": 60, "intake": 0, "greeting": greeting},
            }),
            seed=1,
        )  # fmt: skip
        ties, own = run.world.m.tie, run.world.m.own
        brought = [row for row in range(run.world.now["rows"][0]) if own["inviter"][row] >= 0]
        known = [own["inviter"][row] in ties[row] for row in brought]
        gone = [run.world.m.status[own["inviter"][row]] == 2 for row in brought]
        assert len(brought) > 20
        assert any(known) == greeting
        assert all(k or g for k, g in zip(known, gone, strict=True)) == greeting


def test_tasks_raise_the_voice_and_tire():
    parameters = {"task_uptake": 1, "task_half": 1, "task_voice": 0.5}
    five = community(
        arrive, visit, give_tasks, parameters=parameters, policy={"intake": 5, "newcomer_tasks": 3}
    )
    five.step()
    assert five.today["tasks_done"] == 15
    for member in five.agents:
        assert member.habit == 0
        assert member.voice_today == pytest.approx(0.5 + 0.5 * 3 / 4 * 0.5)
        assert member.voice == 0.5  # nothing lasts
        assert member.fatigue == pytest.approx(3 * 0.03)


def test_tasks_are_for_newcomers():
    old = community(
        arrive, visit, give_tasks, days=9, policy={"intake": 1, "newcomer_tasks": 9},
        community={"market": 10, "newcomer_days": 0},
    )  # fmt: skip
    old.run()
    assert old.visitors and not old.daily["tasks_done"].any()


def test_a_campaign_walks_through_the_market_and_begins_anew():
    ten = community(
        arrive, campaign, days=6, policy={"kol_reach": 2.5}, parameters={"kol_conversion": 1}
    )
    reached, joined, costs = [], [], []
    while ten.running:
        ten.step()
        reached.append(ten.today["kol_reached"])
        joined.append(ten.today["joined_kol"])
        costs.append(ten.today["cost_kol"])
    assert reached == [2, 3, 2, 3, 2, 3]
    assert joined == [2, 3, 2, 3, 0, 0]  # everybody is a member by then
    assert costs == [10, 15, 10, 15, 10, 15]
    assert all(m.interest == pytest.approx(0.8) for m in ten.agents)
    assert all(m.trust == pytest.approx(0.7 * 0.5) for m in ten.agents)


def test_nobody_is_reached_twice_a_day():
    ten = community(arrive, campaign, policy={"kol_reach": 999})
    ten.step()
    assert ten.today["kol_reached"] == 10


def test_only_buyers_share_and_both_sides_are_paid():
    data = {
        "name": "buyers", "days": 60, "community": {"market": 300},
        "parameters": {
            **CALM, "invitation_rate": 0, "share_after_order": 1, "order_rate": 0.5,
            "word_of_mouth": 14,
        },
        "policy": {"seed_group": 30, "intake": 0, "newcomer_reward": 4, "referral_reward": 3},
    }  # fmt: skip
    daily = simulate(Scenario.from_dict(data), seed=1).world.daily
    assert daily["joined_invited"].sum() > 20
    assert (daily["invitations"] == daily["invitations_shared"]).all()
    assert (daily["invitations"][1:] <= daily["orders"][:-1]).all()
    assert (daily["cost_fission"] == 400 * daily["joined_invited"]).all()
    nobody = data | {"parameters": data["parameters"] | {"order_rate": 0}}
    assert not simulate(Scenario.from_dict(nobody), seed=1).world.daily["invitations"].any()
