"""Numbers of NumPy and pandas are as good as Python's; what is no number is refused in one line."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

import comsim
from comsim.common import arguments
from comsim.common.errors import InputError
from comsim.mesa_model import Community

BASE = {"name": "Base", "days": 20, "community": {"market": 60}}
SCENARIO = comsim.Scenario.from_dict(BASE)
WRONG = [3.7, 3.0, "3", True, np.True_, np.nan, np.float64(3), [3], np.array([3]), 1j, pd.NA]


def said(*key, value):
    """The scenario with a value at a key, as it would be saved."""
    data = value
    for name in reversed(key):
        data = {name: data}
    return comsim.Scenario.from_dict(BASE | data).to_dict()


@pytest.mark.parametrize("value", [np.int64(30), np.uint8(30), np.array(30)])
def test_whole_numbers(value):
    found = said("days", value=value)["days"]
    assert found == 30 and type(found) is int


@pytest.mark.parametrize("value", [
    pd.Timestamp("2025-03-01"), datetime(2025, 3, 1), np.datetime64("2025-03-01"),
    np.datetime64("2025-03-01", "ns"), date(2025, 3, 1), "2025-03-01", np.str_("2025-03-01"),
])  # fmt: skip
def test_dates(value):
    assert said("start", value=value)["start"] == "2025-03-01"


@pytest.mark.parametrize("value", [
    pd.Timestamp("2025-03-01 13:00"), pd.NaT, np.datetime64("NaT"),
    pd.Timestamp("2025-03-01", tz="Asia/Shanghai"),
])  # fmt: skip
def test_a_time_is_no_date(value):
    with pytest.raises(InputError, match=r"scenario: start: found .*; allowed: a date such as"):
        said("start", value=value)


def test_shares_switches_lists_and_series():
    exact = said("parameters", "margin", value=np.float32(0.1))["parameters"]["margin"]
    assert exact == {"low": float(np.float32(0.1)), "high": float(np.float32(0.1))} != 0.1
    assert said("owner", "stop", value=np.False_)["owner"] == {"stop": False}
    for week in (np.ones(7), pd.Series([1] * 7), [np.int64(1)] * 7, tuple(np.ones(7))):
        assert said("calendar", "weekday", value=week)["calendar"] == {"weekday": [1.0] * 7}
    steps = [{"day": np.int64(3), "value": np.float32(2)}, {"day": pd.Timestamp("2024-01-09"),
                                                            "value": np.int8(1)}]  # fmt: skip
    assert said("policy", "pushes", "steps", value=steps) == said(
        "policy", "pushes", "steps",
        value=[{"day": 3, "value": 2.0}, {"day": date(2024, 1, 9), "value": 1}],
    )  # fmt: skip


@pytest.mark.parametrize("value,found", [
    (30.0, "30.0"), (np.float64(30), "30.0"), (30.5, "30.5"), ("30", "'30'"), (True, "true"),
    (np.True_, "true"), (np.nan, "nan"), (np.int64(0), "0"),
])  # fmt: skip
def test_a_wrong_number_of_days_is_shown_as_it_is(value, found):
    with pytest.raises(InputError) as error:
        said("days", value=value)
    line = f"scenario: days: found {found}; allowed: a whole number from 1 to 7300"
    assert str(error.value) == line


def test_a_dict_within_itself():
    data = dict(BASE)
    data["community"] = data
    with pytest.raises(InputError, match="scenario: file: found very deep nesting"):
        comsim.Scenario.from_dict(data)


def test_an_experiment_takes_them_too():
    given = {
        "name": "Ads", "scenario": "base", "outcomes": ["wau_mean"], "design": {"kind": "grid"},
        "factors": [{"path": "policy.ad_pressure", "kind": "lever", "values": [0, 9]},
                    {"path": "days", "kind": "lever", "values": [10, 20]}],
        "worlds": {"number": 3},
    }  # fmt: skip
    numpy = given | {
        "factors": [{"path": "policy.ad_pressure", "kind": "lever", "values": np.array([0, 9])},
                    {"path": "days", "kind": "lever", "values": (np.int64(10), np.int32(20))}],
        "worlds": {"number": np.int64(3)},
    }  # fmt: skip
    plain, other = (
        comsim.Experiment.from_dict(data, scenarios={"base": BASE}) for data in (given, numpy)
    )
    assert plain.to_dict() == other.to_dict() and (plain.codes == other.codes).all()
    with pytest.raises(InputError, match=r"worlds.number: found 3.0; allowed: a whole number"):
        comsim.Experiment.from_dict(given | {"worlds": {"number": 3.0}}, scenarios={"base": BASE})


ASKED = {
    "simulate: seed": lambda x: comsim.simulate(SCENARIO, seed=x),
    "simulate: threads": lambda x: comsim.simulate(SCENARIO, threads=x),
    "compare: worlds": lambda x: comsim.compare(SCENARIO, SCENARIO, worlds=x),
    "compare: seed": lambda x: comsim.compare(SCENARIO, SCENARIO, seed=x),
    "compare: jobs": lambda x: comsim.compare(SCENARIO, SCENARIO, jobs=x),
    "sweep: --jobs": lambda x: comsim.studies.shards.engines.engine_of(jobs=x),
    "validate: worlds": lambda x: comsim.validate(["F5"], worlds=x),
    "validate: seed": lambda x: comsim.validate(["F5"], seed=x),
    "validate: jobs": lambda x: comsim.validate(["F5"], jobs=x),
    "Community: seed": lambda x: Community(SCENARIO, x),
    "Community.run: days": lambda x: Community(SCENARIO, 1).run(x),
}


@pytest.mark.parametrize("what", ASKED)
def test_public_functions_refuse_what_is_no_whole_number(what):
    for value in [*WRONG, -1, *([2**63] if what.endswith("seed") else [])]:
        with pytest.raises(InputError) as error:
            ASKED[what](value)
        line = str(error.value)
        assert line.startswith(f"{what}: found ") and "; allowed: a whole number " in line


def test_shares_and_flags():
    for value in ("0.1", True, 0, 1, np.nan, 1.5, [0.1]):
        with pytest.raises(InputError, match=r"share: found .*; allowed: a number between 0 and 1"):
            comsim.compare(SCENARIO, SCENARIO, share=value)
    for value in ("no", 0, None):
        with pytest.raises(InputError, match=r"sample: found .*; allowed: plausible"):
            comsim.compare(SCENARIO, SCENARIO, sample=value)


def test_force_is_no_word(tmp_path):
    run = comsim.simulate(SCENARIO, seed=np.int64(1))
    assert run.seed == 1 and type(run.seed) is int
    for value in ("no", "False", 1):
        with pytest.raises(InputError, match=r"output folder: force: found .*; allowed: True or"):
            run.save(tmp_path / "out", force=value)


def test_one_text_is_not_taken_apart():
    assert arguments.words("Ada") == ("Ada",) and arguments.words(["A"]) == ("A",)
    with pytest.raises(InputError, match="validate: only: found 'F55'"):
        comsim.validate(only="F55")
