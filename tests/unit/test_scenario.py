"""Scenario files: rules, worlds, series and the file itself, against values made by hand."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from comsim.common.errors import InputError
from comsim.model.catalogue import COLUMNS, LEVERS, PARAMETERS, TRAITS
from comsim.model.kernel.decide import (
    ABOVE,
    ADD,
    BELOW,
    FALLING,
    MULTIPLY,
    RISING,
    SET,
    WHEN,
    WHILE,
)
from comsim.model.rng import Purpose, uniform_from, words
from comsim.scenario import (
    Scenario,
    load_scenario,
    observed,
    parameter_values,
    plan,
    schema,
    with_intake,
    with_observed,
)
from comsim.scenario.series import observed_notes

LEVER = list(LEVERS).index
SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))


def scenario(text: str = "", days: int = 10) -> Scenario:
    """A scenario that starts on Monday 2024-01-01, from lines of TOML."""
    return Scenario.from_dict({"name": "x", "days": days} | tomllib.loads(text))


# Rules

PARTS = """
segments = [
    {name = "fans", share = 0.1, activity = 0.5},
    {name = "rest", share = 0.9, taste = {spread = 0.1}},
]
arms = [{name = "control", share = 0.25}, {name = "treated", share = 0.75}]
"""


def test_rules_become_tables():
    made = plan(
        scenario(
            PARTS
            + """
            [[rules]]
            name = "rescue"
            when = [{metric = "wau", falls = 3, window = 7}, {metric = "dau", above = 2.5}]
            while = [{metric = "cost_cumulative", below = 500}]
            do = [{lever = "official_posts", multiply = 2, group = "segment:rest"}]
            days = 30
            cooldown = 5
            [[rules]]
            name = "push"
            when = [{metric = "joined", rises = 2}]
            do = [{lever = "ad_pressure", add = -1, group = "newcomers"},
                  {lever = "release", set = 0.5}]
            days = 1
            """
        )
    )
    column = list(COLUMNS).index
    assert made.rule_names == ("rescue", "push")
    assert made.rules.tolist() == [(30, 5, 0, 0, 0), (1, 0, 0, 0, 0)]
    assert made.conditions.tolist() == [
        (0, WHEN, column("wau"), FALLING, 0.0, 7, 3),
        (0, WHEN, column("dau"), ABOVE, 2.5, 1, 0),
        (0, WHILE, column("cost_cumulative"), BELOW, 50_000.0, 1, 0),  # cents
        (1, WHEN, column("joined"), RISING, 0.0, 1, 2),
    ]
    assert made.actions.tolist() == [
        *((0, LEVER("official_posts"), cell, MULTIPLY, 2.0) for cell in (4, 5, 6, 7)),
        *((1, LEVER("ad_pressure"), cell, ADD, -1.0) for cell in (1, 3, 5, 7)),
        *((1, LEVER("release"), cell, SET, 0.5) for cell in range(8)),
    ]


# Worlds


def test_parameters_are_defaults_unless_set():
    values = parameter_values(scenario("parameters.forgetting = 0.02"), seed=3)
    expected = {p.name: p.value for p in PARAMETERS.values()} | {"forgetting": 0.02}
    assert values == expected and list(values) == list(PARAMETERS)
    assert type(values["contacts"]) is int


def test_an_uncertain_parameter_is_a_keyed_draw():
    made = scenario("parameters.forgetting = {low = 0.01, high = 0.05}")
    number = 0xC3551BE2  # CRC-32 of "forgetting": part of what a seed means, so never to change
    u = uniform_from(words(7, Purpose.WORLD, 0, number)[0])
    assert parameter_values(made, 7)["forgetting"] == 0.01 + u * (0.05 - 0.01)
    other = scenario("parameters = {forgetting = {low = 0.01, high = 0.05}, herding = {low = 0,"
                     " high = 1}}")  # fmt: skip
    assert parameter_values(other, 7)["forgetting"] == parameter_values(made, 7)["forgetting"]
    drawn = [parameter_values(made, seed)["forgetting"] for seed in range(200)]
    assert 0.01 <= min(drawn) < 0.012 and 0.048 < max(drawn) <= 0.05
    assert abs(np.mean(drawn) - 0.03) < 5 * 0.04 / np.sqrt(12 * 200)


def test_whole_parameters_are_drawn_with_both_ends():
    made = scenario("parameters.contacts = {low = 8, high = 10}")
    drawn = [parameter_values(made, seed)["contacts"] for seed in range(100)]
    assert set(drawn) == {8, 9, 10} and all(type(value) is int for value in drawn)


# Series


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "x.toml").write_text(
        'name = "x"\ndays = 6\nintake.csv = "data.csv"\nobserved.columns = {wau = "active"}\n'
    )
    (tmp_path / "data.csv").write_text(
        "date,joiners,active\n2024-01-03,4,10\n2024-01-04,0,\n2024-01-05,2,12\n2024-01-02,7,9\n"
    )
    return tmp_path


def intake_of(made: Scenario) -> list[float]:
    table = plan(made).lever_table[:, :, LEVER("intake")]
    assert (table == table[:, :1]).all()
    return table[:, 0].tolist()


def test_intake_comes_from_a_csv_beside_the_scenario(folder: Path):
    assert intake_of(load_scenario(folder / "x.toml")) == [0, 7, 4, 0, 2, 0]


def test_rows_after_the_run_are_not_used(folder: Path):
    made = Scenario.from_dict({"name": "x", "days": 3, "intake": {"csv": "data.csv"}}, "x", folder)
    assert intake_of(made) == [0, 7, 4]


def test_what_is_left_out_of_a_file_is_counted(tmp_path: Path):
    (tmp_path / "data.csv").write_text(
        "date,joiners,active,tag\n2024-01-03,4,10,x\n2024-01-04,1,,x\n2024-01-05,20,12,y\n"
    )
    made = with_intake(scenario(days=4), tmp_path / "data.csv")
    outside, unused, days = plan(made).notes
    assert "1 of 3 rows, 20 joiners in all, lie outside days 0 to 3 of the run" in outside
    assert "covers day 2 (2024-01-03) to day 4 (2024-01-05)" in outside
    assert unused.endswith("unused columns: active, tag")
    assert "rows for days 2 to 3; on the other 2 days of the run nobody joins through it" in days
    made = with_observed(made, tmp_path / "data.csv", columns={"wau": "active"})
    assert observed_notes(made) == [] and "unused columns: tag" in plan(made).notes[1]
    made = with_observed(scenario(days=4), tmp_path / "data.csv", columns={"wau": "active"})
    assert "1 of 3 rows lie outside days 0 to 3" in observed_notes(made)[0]


def test_a_column_that_never_falls_may_hold_totals(tmp_path: Path):
    rows = "".join(f"{day},{10 * day + 5}\n" for day in range(20))
    (tmp_path / "data.csv").write_text(f"day,joiners\n{rows}")
    (note,) = plan(with_intake(scenario(days=20), tmp_path / "data.csv")).notes
    assert "'joiners' never falls; if it holds cumulative accounts" in note
    assert plan(with_intake(scenario(days=20), tmp_path / "data.csv", cumulative=True)).notes == ()


def test_harmless_spellings_of_a_file_mean_the_same(tmp_path: Path):
    plain = "date,joiners\n2024-01-02,1200\n2024-01-03,7\n"
    for text in (
        plain,
        "\ufeff" + plain.replace("\n", "\r\n") + "\r\n,\r\n",
        'joiners , "Date",day,\n 7.0,2024-01-03,2,\n"1200",2024-01-02,1,\n',
    ):
        (tmp_path / "data.csv").write_bytes(text.encode())
        made = with_intake(scenario(days=3), tmp_path / "data.csv")
        assert intake_of(made) == [0, 1200, 7]
        assert all("on the other 1 days" in note for note in plan(made).notes)


def test_accounts_are_differenced_and_falls_are_told(tmp_path: Path):
    (tmp_path / "data.csv").write_text("day,accounts\n0,5\n1,8\n2,6\n3,6\n4,9\n")
    made = with_intake(scenario(days=6), tmp_path / "data.csv", column="accounts", cumulative=True)
    assert intake_of(made) == [5, 3, 0, 0, 3, 0]
    assert "'accounts' falls 1 times, first on day 2" in plan(made).notes[0]


def test_intake_of_the_command_line_takes_the_place_of_the_lever(folder: Path):
    made = with_intake(scenario("policy = {intake = 3, coupon = 0.1}", 6), folder / "data.csv")
    assert intake_of(made) == [0, 7, 4, 0, 2, 0]
    assert plan(made).lever_table[0, 0, LEVER("coupon")] == 0.1


def test_wrong_keys_of_the_command_line_are_input_errors(folder: Path):
    with pytest.raises(InputError, match=r"intake\.colum: found an unknown key; allowed: column"):
        with_intake(scenario(), folder / "data.csv", colum="joiners")


def test_observed_is_read_from_the_intake_file_where_none_is_named(folder: Path):
    table = observed(load_scenario(folder / "x.toml"))
    assert table["day"].tolist() == [1, 2, 3, 4]
    np.testing.assert_array_equal(table["wau"], [9, 10, np.nan, 12])


def test_observed_of_the_command_line(folder: Path, tmp_path: Path):
    (tmp_path / "seen.csv").write_text("t,active\n2,20\n5,50\n6,60\n")
    made = with_observed(load_scenario(folder / "x.toml"), tmp_path / "seen.csv", day="t")
    assert observed(made).to_dict("list") == {"day": [2, 5], "wau": [20.0, 50.0]}
    assert observed(scenario()) is None


# The file itself


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_compile(path: Path, tmp_path: Path):
    made = load_scenario(path)
    if made.intake:
        with pytest.raises(InputError, match="--intake FILE"):
            plan(made)
        (tmp_path / "daily.csv").write_text(
            f"date,{made.intake.column},daily_active_members,weekly_active_members\n"
            f"{made.start},3,2,3\n"
        )
        made = with_intake(made, tmp_path / "daily.csv")
        assert intake_of(made)[:2] == [3, 0]
        assert observed(made).shape == (1, 3)
    assert plan(made).lever_table.shape[0] == made.days


def test_to_dict_says_what_was_said_and_comes_back():
    text = """
    start = 2024-02-01
    [policy]
    coupon = 0.5
    [policy.ad_pressure]
    during = [{from = 2024-02-03, to = 5, value = 2}]
    groups = {newcomers = 0}
    [parameters]
    herding = {low = 0.1, high = 0.2}
    """
    made = scenario(text)
    said = made.to_dict()
    assert said == {
        "name": "x",
        "days": 10,
        "start": "2024-02-01",
        "parameters": {"herding": {"low": 0.1, "high": 0.2}},
        "policy": {
            "coupon": {"base": 0.5},
            "ad_pressure": {
                "during": [{"from": "2024-02-03", "to": 5, "value": 2.0}],
                "groups": {"newcomers": {"base": 0.0}},
            },
        },
    }
    assert Scenario.from_dict(said) == made == pickle.loads(pickle.dumps(made))
    assert Scenario.from_dict(said).start == date(2024, 2, 1)


def test_a_scenario_cannot_be_changed():
    made = scenario()
    with pytest.raises(ValueError, match="frozen"):
        made.days = 3
    with pytest.raises(ValueError, match="frozen"):
        made.community.market = 3


def test_a_byte_order_mark_and_carriage_returns_are_no_mistake(tmp_path: Path):
    (tmp_path / "x.toml").write_bytes(b'\xef\xbb\xbfname = "x"\r\ndays = 3\r\n')
    assert load_scenario(tmp_path / "x.toml").days == 3


def test_the_schema_explains_every_lever_parameter_and_trait():
    parts = schema()["$defs"]
    for kind, declared in (("Policy", LEVERS), ("Parameters", PARAMETERS), ("Segment", TRAITS)):
        for name, item in declared.items():
            entry = parts[kind]["properties"][name]
            for said in (item.meaning, item.unit, f"default {item.default:g}"
                         if kind == "Policy" else f"default {item.value:g}"):  # fmt: skip
                assert said in entry["description"]
            number = entry["anyOf"][0]
            assert (number["minimum"], number["maximum"]) == (item.low, item.high)
    assert parts["Stretch"]["required"] == ["from", "to", "value"]
    assert parts["Policy"]["additionalProperties"] is False


def test_reading_a_scenario_loads_no_heavy_library():
    code = "import sys, comsim.scenario; print({'mesa', 'matplotlib', 'pandas'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


@pytest.mark.parametrize("text, words", [
    ("factors = []", "found an experiment; allowed: a scenario file (.toml); comsim sweep"),
    ("branches = []", "found futures of the lab; allowed: a scenario file (.toml); drop this"),
])  # fmt: skip
def test_another_file_of_comsim_is_told_as_such(text, words, tmp_path):
    (tmp_path / "it.toml").write_text(text)
    with pytest.raises(InputError) as error:
        load_scenario(tmp_path / "it.toml")
    assert words in str(error.value)
