"""A figure of a run equals that of the run's event table."""

from types import SimpleNamespace

import numpy as np
import pytest

import comsim
from comsim.measure.cohorts import cohorts
from comsim.measure.describe import describe
from comsim.measure.metrics.inequality import gini_of, top_share_of
from comsim.measure.metrics.retention import visiting, visits_in
from comsim.measure.retention import Visits, visits_of
from comsim.model.periods import MONTH
from comsim.results.run import as_record

DAYS = 433  # no whole number of weeks or months
INTAKE = {"base": 0.6, "during": [{"from": 0, "to": 99, "value": 5}]}  # so that it declines
# Where a run's summary has each figure of `describe` that both have.
SHARED = {
    "days": ["days"],
    **{kind: ["totals", kind]
       for kind in ("joined", "left", "posts", "replies", "orders", "mutes", "unmutes")},
    **{f"{name}_peak": ["peak", name, "value"] for name in ("members", "wau", "dau")},
    **{f"{name}_end": ["end", name]
       for name in ("members", "dormant", "muted", "mau", "wau", "dau")},
    "dau_mau": ["economy", "stickiness"],
    "conversion": ["economy", "conversion"],
    "repurchase_rate": ["economy", "repurchase_rate"],
    "half_life_wau": ["half_life_of_wau_after_peak"],
    "visiting_month_1": ["retention", 0, "share"],
    "visiting_month_3": ["retention", 1, "share"],
    "visiting_month_12": ["retention", 2, "share"],
}  # fmt: skip


@pytest.fixture(scope="module")
def run():
    scenario = comsim.Scenario.from_dict({
        "name": "Both ways", "days": DAYS, "community": {"market": 1500},
        "policy": {"seed_group": 20, "intake": INTAKE, "ad_pressure": 18},
        "parameters": {"invitation_rate": 0.2},
    })  # fmt: skip
    return comsim.simulate(scenario, 3)


@pytest.fixture(scope="module")
def events(run):
    return run.events()


def test_a_run_and_its_event_table_have_the_same_figures(run, events):
    value = describe(events).set_index("metric")["value"]
    summary = as_record(run).summary
    for metric, path in SHARED.items():
        figure = summary
        for key in path:
            figure = figure[key]
        assert figure == pytest.approx(value[metric], rel=1e-12), metric
    assert value[list(SHARED)].drop("unmutes").gt(0).all()  # something was compared
    posts = np.sort(run.members["posts"].to_numpy())
    assert value["never_posted"] == pytest.approx((posts == 0).mean())
    assert value["posts_gini"] == gini_of(posts[posts > 0])
    assert value["posts_top_tenth"] == top_share_of(posts[posts > 0])


def test_the_cohorts_of_a_run_are_those_of_its_event_table(run, events):
    table = cohorts(run)
    assert table[["cohort", "month", "members", "visited", "share"]].equals(visiting(events))
    assert (table["stayed"] >= table["visited"]).all()
    assert (table["stayed"] == table["visited"])[table["month"] == 0].all()


@pytest.mark.parametrize("days", [1, 29, 30, 200, DAYS])
def test_retention_on_any_evening_uses_the_visits_until_then(run, events, days):
    past = events[events["day"] < days].copy()
    past.attrs["days"] = days
    counted, seen = visits_of(run.world, days), visits_in(past)
    assert np.array_equal(counted.joined, seen.joined)
    for month in range(days // MONTH + 1):
        assert counted.retention(month, since=7) == seen.retention(month, since=7)
    table, other = counted.cohorts(), seen.cohorts()
    assert all(np.array_equal(table[name], other[name]) for name in table)


def test_visits_of_later_months_do_not_count():
    joined = np.zeros(90, int)
    joined[[0, 5, 40]] = [2, 1, 1]
    visited = np.zeros((90, 4), int)
    visited[[0, 5, 40], 0] = [2, 1, 1]
    visited[0, 1:3] = [0, 1]  # one of the two comes back in their third month only
    visited[5, 1] = 1
    visits = Visits(joined, visited)
    assert visits.retention(1) == {"members": 3, "share": pytest.approx(1 / 3)}
    assert visits.retention(2) == {"members": 2, "share": 0.5}  # day 5 has no whole third month
    assert visits.retention(1, since=1) == {"members": 1, "share": 1}
    assert visits.retention(3) == {"members": 0, "share": None}
    table = {name: column.tolist() for name, column in visits.cohorts().items()}
    assert table == {
        "cohort": [0, 0, 0, 1], "month": [0, 1, 2, 0], "members": [3, 3, 2, 1],
        "visited": [3, 1, 1, 1],
    }  # fmt: skip


def test_those_who_stayed_were_last_seen_in_that_month_or_later():
    own = np.zeros(5, [("joined_day", "i4"), ("last_visit", "i4")])
    own["joined_day"], own["last_visit"] = [0, 0, 5, 40, 80], [0, 89, 34, 60, 80]
    joined = np.bincount(own["joined_day"], minlength=90)
    month_count = np.zeros((90, 4), int)
    month_count[0, 2] = 1
    world = SimpleNamespace(
        daily={"joined": joined}, month_count=month_count, now={"rows": [5]},
        m=SimpleNamespace(own=own),
    )  # fmt: skip
    table = cohorts(SimpleNamespace(world=world))
    rows = [tuple(row) for row in table[["cohort", "month", "members", "stayed"]].to_numpy()]
    assert rows == [
        (0, 0, 3, 3),
        (0, 1, 3, 1),  # the member who joined on day 5 was last seen 29 days on
        (0, 2, 2, 1),  # and their third month ends after the run
        (1, 0, 1, 1),
    ]
    assert table["visited"].tolist() == [3, 0, 1, 1]
