"""The folder of a run of an earlier version still opens, under today's names."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.files.strict import strict
from comsim.results import run as results
from comsim.run.simulation import simulate
from comsim.scenario import Scenario


@pytest.fixture
def record():
    run = simulate(Scenario.from_dict({"name": "S", "days": 60, "community": {"market": 500}}))
    return results.as_record(run)


def test_phases_have_todays_names_and_what_was_not_measured_is_unknown(record):
    daily = record.daily.drop(columns="interest_visitors")
    numbers = strict(record.summary)
    numbers["phases"] = [{"phase": "seeding", "day": 0, "date": "2024-01-01", "days": 60}]
    del numbers["end"]["interest_visitors"]
    results._as_today(numbers, daily)
    assert [spell["phase"] for spell in numbers["phases"]] == ["start-up"]
    assert numbers["end"]["interest_visitors"] is None
    assert np.isnan(daily["interest_visitors"]).all()


def test_nothing_of_this_version_is_changed(record):
    daily, numbers = record.daily.copy(), strict(record.summary)
    results._as_today(numbers, daily)
    assert daily.equals(record.daily) and numbers == strict(record.summary)


def test_its_report_opens(record):
    from dataclasses import replace

    from comsim.present.report import run_report

    daily, numbers = record.daily.drop(columns="interest_visitors"), strict(record.summary)
    numbers["phases"][0]["phase"] = "seeding"
    results._as_today(numbers, daily)
    page = run_report(replace(record, daily=daily, summary=numbers), "en")
    assert "start-up" in page and "nan" not in page.lower().split("</style>")[-1].split()
