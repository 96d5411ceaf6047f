"""Outcomes that an experiment asks for, read from days that were made up."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from comsim.model.catalogue import COLUMNS, DAY_RECORD
from comsim.model.kernel.basics import ONE
from comsim.run.tables import daily_frame
from comsim.scenario import schema
from comsim.studies.comparison.outcomes import BY_NAME, MEASURES, Life
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.outcomes import METRICS, Measured, first_day_that, measure, values

WORLD = SimpleNamespace(people=SimpleNamespace(size=5000))
DAYS = 10
WAU = [0, 4, 9, 9, 5, 2, 1, 0, 3, 3]


@pytest.fixture
def daily():
    table = np.zeros(DAYS, DAY_RECORD)
    table["wau"] = WAU
    table["cost"] = 150  # cents
    table["dau"][3:] = 4
    table["trust_sum"][3:] = 2 * ONE
    return table


def read(daily, lived=DAYS, **said):
    asked = Measured.model_validate({"name": "x"} | said)
    return measure(asked, DAYS)(Life(WORLD, daily[:lived]))


@pytest.mark.parametrize(("said", "value", "needs"), [
    ({"metric": "wau", "day": 3}, 9, 4),
    ({"metric": "wau", "from": 1, "to": 3}, 22 / 3, 4),
    ({"metric": "wau", "from": 4, "to": 7, "take": "least"}, 0, 8),
    ({"metric": "wau", "take": "most"}, 9, 10),
    ({"metric": "wau", "from": 8}, 3, 10),
    ({"metric": "cost", "to": 3, "take": "sum"}, 6.0, 4),  # currency, not cents
    ({"metric": "trust_mean", "day": 3}, 0.5, 4),
    ({"metric": "wau", "above": 4}, 2, 3),
    ({"metric": "wau", "below": 2, "from": 2}, 6, 7),
    ({"metric": "wau", "below": 2.5, "from": 2, "window": 3}, 7, 8),  # (2 + 1 + 0) / 3 = 1
    ({"metric": "wau", "above": 8, "window": 3}, np.nan, 11),  # (9 + 9 + 5) / 3 at most
    ({"metric": "wau", "above": 7.6, "window": 3}, 4, 5),
    ({"metric": "cost", "above": 1.4}, 0, 1),
])  # fmt: skip
def test_an_outcome_of_a_metric(daily, said, value, needs):
    assert read(daily, **said) == pytest.approx(value, nan_ok=True)
    # It does not change once its days are lived, and does not exist before.
    for lived in range(1, DAYS):
        expected = value if lived >= needs else np.nan
        assert read(daily, lived, **said) == pytest.approx(expected, nan_ok=True)


def test_without_visits_there_is_no_trust(daily):
    assert np.isnan(read(daily, metric="trust_mean", day=0))


def test_days_beyond_a_shorter_run_do_not_exist(daily):
    for said in ({"day": 12}, {"from": 12}, {"from": 2, "to": 12}, {"from": 20, "above": 1}):
        assert np.isnan(read(daily, metric="wau", **said))


@pytest.mark.parametrize("first", range(DAYS))
def test_a_condition_holds_on_the_same_day_whatever_days_are_looked_at(daily, first):
    """So a run that is watched in pieces stops on the day that a whole one does."""
    whole = first_day_that(daily, "wau", 3, None, 2.5, first)
    for begin in range(max(first - 2, 0) + 1):
        part = first_day_that(daily[begin:], "wau", 3, None, 2.5, first - begin)
        assert part + begin == pytest.approx(whole, nan_ok=True)


def test_outcomes_of_a_comparison_by_name(daily):
    life = Life(WORLD, daily)
    assert set(MEASURES) == set(BY_NAME)
    for name in ("wau_mean", "trust", "cost", "decline", "break_even", "thriving"):
        found = measure(Measured(name=name), DAYS)
        assert found(life) == pytest.approx(MEASURES[name](life), nan_ok=True)
        ended = found(Life(WORLD, daily[:6]))
        assert np.isnan(ended) or BY_NAME[name].begins


def test_metrics_are_the_columns_of_the_daily_table(daily):
    frame = daily_frame(daily)
    assert set(METRICS) == set(frame.columns) - {"day", "stage", "stage_seen"}
    for metric in METRICS:
        np.testing.assert_array_equal(values(daily, metric), frame[metric].astype(float))


def test_what_a_column_means():
    asked = Measured.model_validate({"name": "x", "metric": "cost", "to": 9, "take": "sum"})
    assert asked.outcome.unit == COLUMNS["cost"].unit and not asked.outcome.begins
    assert asked.outcome.meaning == "sum of cost from day 0 to day 9"
    stage = Measured(name="x", stage="dormancy", good="less").outcome
    assert (stage.unit, stage.begins, stage.good) == ("day", True, -1)
    assert Measured(name="profit").outcome.label == BY_NAME["profit"].label


def test_an_editor_learns_that_an_outcome_is_a_name_or_a_table():
    written = schema(Experiment)
    assert written["title"] == "comsim experiment"
    kinds = written["properties"]["outcomes"]["items"]["anyOf"]
    assert {"type": "string"} in kinds and len(kinds) == 2
    assert written["$defs"]["Stop"]["properties"]["from"]["minimum"] == 0
