"""What holds in the kernel for any scenario at all."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given, settings

from comsim.measure.metrics import daily_counts
from comsim.model.catalogue import COLUMNS, COSTS, FIELDS
from comsim.model.kernel.day import WHOLE, run_days
from comsim.run.simulation import THREADS_PAY_FROM, simulate
from comsim.run.world import Setting, make_world, member_field
from comsim.scenario import Scenario, parameter_values, plan

from .scenarios import scenarios

UNIT = ("interest", "trust", "habit", "fatigue", "expectation", "novelty", "voice", "standing",
        "reward_norm", "coupon_norm", "push_norm", "need_used", "recognised", "taste",
        "first_trust", "scar")  # fmt: skip
any_scenario = given(scenarios().map(Scenario.from_dict))


def rows(run, field: str) -> np.ndarray:
    """A member field, of those who ever joined."""
    return member_field(run.world.m, field)[: run.world.now["rows"][0]]


def states_stay_between_0_and_1(run):
    for field in UNIT:
        values = rows(run, field)
        assert ((values >= 0) & (values <= 1)).all(), field  # false for nan, too
    daily, members = run.world.daily, run.world.daily["members"]
    for column, most in (
        ("interest_sum", members), ("interest_visitors_sum", daily["dau"]),
        ("trust_sum", daily["dau"]), ("novelty", 1),
    ):  # fmt: skip
        assert (0 <= daily[column]).all() and (daily[column] <= most * 2**30).all(), column


def counts_fit_together(run):
    daily = run.world.daily
    for column in COLUMNS:
        assert (daily[column] >= 0).all() or column == "profit_cumulative", column
    assert (daily["members"] == np.cumsum(daily["joined"] - daily["left"])).all()
    for less, more in [
        ("joined_invited", "joined"), ("joined_walk_in", "joined"), ("gifts", "joined"),
        ("invitations_shared", "invitations"), ("joined_kol", "joined"), ("greeted", "joined"),
        ("joined_kol", "kol_reached"),
        ("muted", "members"), ("dormant", "members"), ("dau", "wau"), ("wau", "mau"),
        ("posters", "dau"), ("posters", "posts"), ("posters", "weekly_posters"),
        ("weekly_posters", "wau"), ("orders", "dau"), ("joined", "dau"),
        ("replies", "items_members"), ("repurchases", "orders"), ("payers", "members"),
        ("satisfied", "dau"), ("removed", "posts"), ("removed_good", "removed"),
        ("answered", "posts"), ("answered", "replies"), ("staff_replies", "posts"),
    ]:  # fmt: skip
        assert (daily[less] <= daily[more]).all(), (less, more)
    assert (daily["mau"] <= np.cumsum(daily["joined"])).all()
    invited = np.cumsum(daily["joined_invited"])  # some wait between being persuaded and joining
    assert (invited <= np.cumsum(daily["invitations"])).all()
    status = rows(run, "status")
    last = daily[-1]
    assert (status != 2).sum() == last["members"] and (status == 1).sum() == last["muted"]
    assert rows(run, "dormant").sum() == last["dormant"]
    assert ((status == 2) == (rows(run, "left_day") >= 0)).all()
    for field, column in (
        ("visits", "dau"),
        ("posts", "posts"),
        ("replies_received", "replies"),
        ("ordered", "orders"),
    ):
        assert rows(run, field).sum() == daily[column].sum(), field
    homes, subgroups = rows(run, "subgroup")[status != 2], run.world.now["subgroups"][0]
    sizes = np.bincount(homes, minlength=max(subgroups, 1))
    assert len(sizes) == max(subgroups, 1) and sizes.max() == last["largest_subgroup"]
    assert (sizes == run.world.subgroups["members"][:subgroups]).all() or not subgroups
    assert last["subgroups"] == ((sizes > 0).sum() if subgroups else 1)
    came = rows(run, "last_visit") == len(daily) - 1
    summed = (
        ("interest", "interest_sum", status != 2), ("interest", "interest_visitors_sum", came),
        ("trust", "trust_sum", came),
    )  # fmt: skip
    for field, column, who in summed:
        states = rows(run, field)[who].astype(np.float64)
        assert (states * 2**30).astype(np.int64).sum() == last[column], field


def money_adds_up_to_the_cent(run):
    daily = run.world.daily
    parts = [name for name in COLUMNS if name.startswith("cost_") and name != "cost_cumulative"]
    assert parts == COSTS and all(COLUMNS[name].scale == 100 for name in parts)
    assert (daily["cost"] == sum(daily[name] for name in parts)).all()
    assert (daily["cost_cumulative"] == np.cumsum(daily["cost"])).all()
    assert (daily["profit_cumulative"] == np.cumsum(daily["revenue"] - daily["cost"])).all()
    brought = sum(daily[name].sum() for name in ("revenue_orders", "revenue_fees"))
    taken = sum(daily[name].sum() for name in ("cost_goods", "cost_coupons", "cost_benefits"))
    assert rows(run, "earned").sum() == brought - taken


def payers_are_those_who_have_paid(run):
    paid = (rows(run, "paid_until") >= run.scenario.days) & (rows(run, "status") != 2)
    assert paid.sum() == run.world.daily["payers"][-1]
    if not run.world.daily["operated"].all():
        stopped = run.world.daily["operated"] == 0
        assert (np.diff(stopped.astype(int)) >= 0).all()  # for good
        for name in ("official_posts", "ad_impressions", "gifts", "cost_content", "rules_acting"):
            assert not run.world.daily[name][stopped].any(), name
        assert (run.world.lever_table[stopped] == run.world.lever_idle).all()


@any_scenario
@settings(deadline=None)
def test_the_daily_counts_are_those_of_the_events(scenario):
    run = simulate(scenario, threads=1)
    events = run.events()
    counted = daily_counts(events)
    assert len(counted) == scenario.days
    for name, series in counted.items():
        np.testing.assert_array_equal(run.world.daily[name], series, name)
    kinds = events["kind"].value_counts()
    for kind, column in ("mute", "mutes"), ("unmute", "unmutes"):
        assert kinds[kind] == run.world.daily[column].sum()


def ties_point_to_others(run):
    number = run.world.now["rows"][0]
    ties, strength = rows(run, "tie"), rows(run, "tie_strength")
    some = ties >= 0
    assert ties.shape[1] == FIELDS["tie"].width == 6
    assert (ties < number).all() and (ties >= -1).all()
    assert (ties != np.arange(number)[:, None]).all()
    assert ((strength > 0) == some).all()
    assert (some.sum(axis=1) == rows(run, "bonds")).all()
    for row in ties:
        assert len(set(row[row >= 0])) == (row >= 0).sum()
    people = rows(run, "person")
    assert len(set(people)) == number and (people < run.scenario.community.market).all()
    inviter = rows(run, "inviter")
    assert (inviter < np.arange(number)).all() and (inviter >= -2).all()


ALWAYS = (
    states_stay_between_0_and_1, counts_fit_together, money_adds_up_to_the_cent,
    payers_are_those_who_have_paid, ties_point_to_others,
)  # fmt: skip


@pytest.mark.boundscheck
@any_scenario
@settings(max_examples=200, deadline=None)  # drawing a scenario takes longest: once for all
def test_what_always_holds(scenario):
    run = simulate(scenario, threads=1)
    for holds in ALWAYS:
        holds(run)


def same_worlds(one, other) -> None:
    """Every daily column, every field of every member, in the same bits."""
    number = one.now["rows"][0]
    assert number == other.now["rows"][0]
    np.testing.assert_array_equal(one.daily_table, other.daily_table)
    for name in FIELDS:
        ours, theirs = member_field(one.m, name)[:number], member_field(other.m, name)[:number]
        assert ours.tobytes() == theirs.tobytes(), name


CROWD = {
    "name": "crowd",
    "days": 20,
    "community": {"market": 50_000},
    "parameters": {
        "founder_days": 1,
        "bounce": 0,
        "lapse_rate": 1,
        "ad_fatigue": 0.2,
        "leave_rate": 0.1,
        "leave_with_friends": 1,
        "reply_rate": 0.5,
        "need_wear": 0.3,
        "idle_chance": 0.1,
        "weather_spread": 0.2,
        "recall": 0.3,
        "talk_back": 0.5,
    },
    "policy": {
        "seed_group": 38_000,
        "intake": 50,
        "official_posts": {"base": 2.5, "groups": {"newcomers": 3.5}},
        "ad_pressure": {"base": 1, "during": [{"from": 3, "to": 6, "value": 8}]},
        "release": {"base": 0, "on": [{"day": 10, "value": 0.5}]},
        "contribution_reward": 0.5,
        "offers": 0.3,
        "membership_fee": 5,
        "paid_benefit": 1,
        "membership_places": {"base": 0, "steps": [{"day": 12, "value": 500}]},
        "pushes": {"base": 2, "groups": {"newcomers": 0.5}},
        "newcomer_tasks": 1,
        "friend_nudges": 0.5,
        "online_event": {"on": [{"day": 12, "value": 0.5}]},
        "subgroup_capacity": {"base": 0, "steps": [{"day": 5, "value": 2000}]},
        "core_group": {"base": 0, "steps": [{"day": 8, "value": 100}]},
        "pyramid": {"base": 0, "on": [{"day": 12, "value": 1}]},
        "replication": {"on": [{"day": 14, "value": 50}]},
    },
}


def in_threads(scenario: Scenario):
    """The world of a run that uses the loops of threads from the first member on."""
    community, seed = scenario.community, scenario.seed
    values = parameter_values(scenario, seed)
    world = make_world(
        Setting(community.market, scenario.days, community.newcomer_days, seed, values),
        plan(scenario),
    )
    run_days(world, 0, scenario.days, np.int64(0), WHOLE)
    return world


def test_threads_do_not_matter():
    """Several blocks of members and of visitors, one after the other and in threads."""
    scenario = Scenario.from_dict(CROWD)
    one = simulate(scenario, threads=1).world
    assert one.now["rows"][0] > 2 * 4096 and one.daily["dau"].min() > 2 * 512
    for column in ("mutes", "left", "replies", "cost_rewards", "repurchases", "payers",
                   "pushed", "event_attendees", "children"):  # fmt: skip
        assert one.daily[column].any(), column
    available = numba.get_num_threads()
    try:
        for threads in range(1, available + 1):
            numba.set_num_threads(threads)
            same_worlds(one, in_threads(scenario))
    finally:
        numba.set_num_threads(available)


@any_scenario
@settings(max_examples=50, deadline=None)
def test_threads_do_not_matter_in_any_scenario(scenario):
    same_worlds(simulate(scenario, threads=1).world, in_threads(scenario))


@pytest.mark.long
def test_threads_do_not_matter_in_a_large_community():
    """A run of so many members takes the threads that it may."""
    data = CROWD | {"days": 16, "community": {"market": 270_000}}
    data["policy"] = CROWD["policy"] | {"seed_group": 260_000}
    scenario = Scenario.from_dict(data)
    one, two = (simulate(scenario, threads=threads).world for threads in (1, 2))
    assert one.now["rows"][0] > THREADS_PAY_FROM
    same_worlds(one, two)
