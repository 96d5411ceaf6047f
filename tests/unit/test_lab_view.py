"""What the lab's page shows is what the tables of a run say."""

from base64 import b64decode

import numpy as np
import pytest

from comsim.lab import view
from comsim.lab.timeline import Timeline
from comsim.measure.cohorts import cohorts
from comsim.model.stages import STAGES
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

SCENARIO = {
    "name": "any", "days": 150, "seed": 3, "community": {"market": 4000},
    "policy": {"seed_group": 100},
}  # fmt: skip


@pytest.fixture(scope="module")
def scenario():
    return Scenario.from_dict(SCENARIO)


@pytest.fixture(scope="module")
def life(scenario):
    timeline = Timeline(scenario)
    timeline.go_to(150)
    return timeline


@pytest.fixture(scope="module")
def run(scenario):
    return simulate(scenario)


def test_the_series_are_those_of_the_daily_table(life, run):
    shown, daily = view.series(life, 40), run.daily.iloc[40:]
    for name in ("members", "dau", "mau", "posts", "official_posts", "left"):
        assert shown[name] == daily[name].tolist()
    assert shown["trust"] == daily["trust_mean"].round(4).tolist()
    assert shown["profit_cumulative"] == daily["profit_cumulative"].round(1).tolist()
    revenue = run.daily["revenue"].cumsum().iloc[40:]
    assert shown["revenue_cumulative"] == pytest.approx(revenue.tolist(), abs=0.2)
    assert {len(column) for column in shown.values()} == {110}


def test_stages_in_retrospect_are_those_of_the_run(life, run):
    told = view.stages_after(life)
    for stage, first, last in run.stages:
        assert {*told[first : last + 1]} == {STAGES.index(stage)}
    assert len(told) == 150 and len(run.stages) > 1


def test_stages_so_far_are_those_seen_that_day(life, run):
    seen = run.daily["stage_seen"].cat.codes
    assert view.series(life, 0)["stage"] == seen.tolist()
    assert view.series(life, 40)["stage"] == seen.iloc[40:].tolist()


def test_interest_and_trust_are_those_of_this_weeks_visitors(life, run):
    shown = view.series(life, 0)
    assert shown["interest"] == run.daily["interest_visitors"].round(4).tolist()
    assert shown["trust"] == run.daily["trust_mean"].round(4).tolist()
    assert run.daily["interest_visitors"].iloc[-1] > run.daily["interest_mean"].iloc[-1]


def test_a_community_without_members_has_no_means_and_no_stage():
    nobody = {"policy": {"seed_group": 0}, "parameters": {"walk_in_rate": 0}}
    empty = Timeline(Scenario.from_dict(SCENARIO | nobody))
    empty.go_to(3)
    shown = view.series(empty, 0)
    assert shown["trust"] == [None] * 3
    assert shown["stage"] == [view.NOBODY] * 3
    assert np.isnan(view.spread(empty)).all()
    assert view.retention(empty) == []
    assert view.field(empty).counts == [0] * len(view.KINDS)


def test_the_spread_holds_four_fifths_of_this_weeks_visitors(life, run):
    there = run.members[run.members["status"] != "left"]
    there = there[there["last_visit"] >= 150 - 7]
    low, high = view.spread(life)[2:]
    assert there["trust"].between(low, high).mean() == pytest.approx(0.8, abs=0.02)


def test_the_field_has_each_member_where_they_stand(life, run):
    field = view.field(life)
    members = run.members.iloc[field.row]
    assert np.abs(field.x / 255 - members["interest"]).max() < 0.003
    assert np.abs(field.y / 255 - members["trust"]).max() < 0.003
    assert sum(field.counts) == len(field.row) == np.bincount(field.kind).sum()
    gone = members["status"] == "left"
    assert (field.kind[gone] == view.GONE).all() and gone.any()
    assert (members[gone]["left_day"] >= 150 - view.FAREWELL).all()
    assert len(field.row) - gone.sum() == (run.members["status"] != "left").sum()


def test_of_many_members_some_are_drawn_and_the_rest_is_density(life):
    everybody, some = view.field(life), view.field(life, most=50, picked=20)
    assert some.counts == everybody.counts
    assert 0 < len(some.row) <= 20
    assert set(some.row) < set(everybody.row)
    packed = view.packed(some)
    assert len(b64decode(packed["density"])) == view.GRID**2
    assert np.frombuffer(b64decode(packed["row"]), np.uint32).tolist() == some.row.tolist()


def test_retention_is_that_of_the_cohort_table(life, run):
    table = cohorts(run).set_index(["cohort", "month"])["share"]
    shown = view.retention(life)
    assert len(shown) == 5
    assert shown[0][0] == pytest.approx(table[0, 0], abs=1e-3)
    assert shown[1][2] == pytest.approx(table[1, 2], abs=1e-3)
    assert [len(row) for row in shown] == sorted((len(row) for row in shown), reverse=True)


def test_levers_and_their_costs_are_todays(scenario):
    timeline = Timeline(scenario)
    timeline.go_to(10)
    timeline.set("official_posts", 2)
    assert view.levers(timeline)["official_posts"] == 2
    timeline.go_to(11)
    assert view.costs(timeline)["official_posts"] == 2 * 40
