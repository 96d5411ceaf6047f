"""Scenario files: schedules, groups, rules, worlds and series, against values made by hand."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from comsim.catalogue import COLUMNS, LEVERS, PARAMETERS, TRAITS
from comsim.errors import InputError
from comsim.kernel.decide import ABOVE, ADD, BELOW, FALLING, MULTIPLY, RISING, SET, WHEN, WHILE
from comsim.rng import Purpose, uniform_from, words
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
from comsim.scenario.form import MAX_ARMS, MAX_DAYS, MAX_SEGMENTS

LEVER = list(LEVERS).index
SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))


def scenario(text: str = "", days: int = 10) -> Scenario:
    """A scenario that starts on Monday 2024-01-01, from lines of TOML."""
    return Scenario.from_dict({"name": "x", "days": days} | tomllib.loads(text))


def ads(schedule: str, days: int = 10, start: str = "2024-01-01") -> list[float]:
    """Ad pressure (default 1, at most 20) of somebody who is no newcomer, by day."""
    made = scenario(f"start = {start}\npolicy.ad_pressure = {schedule}", days)
    return plan(made).lever_table[:, 0, LEVER("ad_pressure")].tolist()


# Schedules


def test_what_is_left_out_is_the_catalogue():
    made = plan(scenario())
    for lever in LEVERS.values():
        column = made.lever_table[:, :, LEVER(lever.name)]
        assert (column[0] == lever.default).all()
        assert (column[1:] == (0.0 if lever.once else lever.default)).all()
    assert made.trait_value.tolist() == [[trait.value for trait in TRAITS.values()]]
    assert made.trait_spread.tolist() == [[trait.spread for trait in TRAITS.values()]]
    assert made.rhythm.tolist() == [1.0] * 10
    assert (made.segment_names, made.arm_names, made.rule_names) == (("all",), ("all",), ())
    assert len(made.rules) == len(made.conditions) == len(made.actions) == 0


def test_constants():
    assert ads("3") == ads("{base = 3}") == [3.0] * 10


def test_steps_hold_from_their_day_on():
    schedule = "{base = 2, steps = [{day = 2024-01-08, value = 5}, {day = 3, value = 4}]}"
    assert ads(schedule) == [2, 2, 2, 4, 4, 4, 4, 5, 5, 5]


def test_a_ramp_goes_in_a_straight_line_and_stays():
    assert ads("{ramps = [{from = 2, to = 6, value = 3}]}") == [1, 1, 1, 1.5, 2, 2.5, 3, 3, 3, 3]


def test_a_ramp_starts_from_the_step_of_its_first_day():
    schedule = "{steps = [{day = 2, value = 5}], ramps = [{from = 2, to = 4, value = 1}]}"
    assert ads(schedule, days=6) == [1, 1, 5, 3, 1, 1]


def test_a_ramp_may_end_after_the_run():
    assert ads("{base = 0, ramps = [{from = 0, to = 20, value = 20}]}", days=4) == [0, 1, 2, 3]


def test_weekdays_multiply_by_the_calendar():
    week = "weekday = [1, 2, 3, 4, 5, 0, 0.5]"
    assert ads(f"{{base = 2, {week}}}") == [2, 4, 6, 8, 10, 0, 1, 2, 4, 6]
    assert ads(f"{{base = 2, {week}}}", 3, start="2024-01-06") == [0, 1, 2]


def test_campaigns_override_weekdays_and_steps():
    schedule = """{base = 2, weekday = [1, 1, 1, 1, 1, 0, 0], steps = [{day = 8, value = 3}],
        during = [{from = 2024-01-05, to = 6, value = 9}], on = [{day = 5, value = 7}]}"""
    assert ads(schedule.replace("\n", "")) == [2, 2, 2, 2, 9, 7, 9, 2, 3, 3]


def test_a_campaign_may_begin_before_the_run():
    assert ads("{during = [{from = 2023-12-01, to = 2, value = 4}]}", 4) == [4, 4, 4, 1]


def test_yearly_days_come_back_and_run_over_new_year():
    schedule = '{yearly = [{from = "12-31", to = "01-02", value = 4}]}'
    made = ads(schedule, 400, start="2023-12-30")
    assert made[:6] == [1, 4, 4, 4, 1, 1]
    assert sum(value == 4 for value in made) == 6


def test_a_leap_day_is_a_day_of_every_fourth_year():
    schedule = '{yearly = [{from = "02-29", to = "02-29", value = 4}]}'
    assert ads(schedule, 3, start="2024-02-28") == [1, 4, 1]
    assert ads(schedule, 3, start="2023-02-28") == [1, 1, 1]


def test_dated_beats_yearly():
    schedule = """{yearly = [{from = "01-02", to = "01-05", value = 4}],
        during = [{from = 2, to = 3, value = 6}]}"""
    assert ads(schedule.replace("\n", ""), 6) == [1, 4, 6, 6, 4, 1]


def test_the_seed_group_comes_once():
    made = plan(scenario("policy.seed_group = 60"))
    assert made.lever_table[:, 0, LEVER("seed_group")].tolist() == [60] + [0] * 9
    later = plan(scenario("policy.seed_group = {on = [{day = 4, value = 9}]}"))
    default = LEVERS["seed_group"].default
    assert later.lever_table[:, 0, LEVER("seed_group")].tolist() == [default, 0, 0, 0, 9] + [0] * 5


def test_the_calendar_multiplies_weekdays_and_holidays():
    made = plan(
        scenario(
            """[calendar]
            weekday = [1, 1, 1, 1, 1, 0.5, 0.5]
            holidays = [{from = 2024-01-05, to = 5, factor = 0.5}, {from = 8, to = 30, factor = 2}]
            """
        )
    )
    assert made.rhythm.tolist() == [1, 1, 1, 1, 0.5, 0.25, 0.5, 1, 2, 2]


def test_the_largest_table_is_bounded():
    assert MAX_DAYS * 2 * MAX_SEGMENTS * MAX_ARMS * len(LEVERS) <= 50_000_000


# Groups

PARTS = """
segments = [{name = "fans", share = 0.1, activity = 0.5}, {name = "rest", share = 0.9,
    taste = {spread = 0.1}}]
arms = [{name = "control", share = 0.25}, {name = "treated", share = 0.75}]
""".replace(",\n", ",")


def test_cells_are_segment_arm_newcomer_and_later_groups_win():
    made = plan(
        scenario(
            PARTS + 'policy.ad_pressure = {base = 1, groups = {"arm:treated" = 5, newcomers = 4,'
            ' "segment:rest" = 3, "segment:fans" = 2}}'
        )
    )
    # fans-control, fans-treated, rest-control, rest-treated; old and new of each
    assert made.lever_table[3, :, LEVER("ad_pressure")].tolist() == [2, 4, 5, 5, 3, 4, 5, 5]
    assert made.lever_table[3, :, LEVER("coupon")].tolist() == [LEVERS["coupon"].default] * 8
    assert made.lever_table.flags.c_contiguous and made.lever_table.dtype == np.float64


def test_a_group_without_a_base_changes_what_the_wider_group_has():
    made = plan(
        scenario(
            PARTS + "policy.ad_pressure = {base = 2, steps = [{day = 5, value = 3}],"
            ' groups = {"segment:fans" = {on = [{day = 1, value = 9}, {day = 6, value = 8}]},'
            " newcomers = {steps = [{day = 8, value = 0}]}}}"
        )
    )
    table = made.lever_table[:, :, LEVER("ad_pressure")]
    assert table[:, 0].tolist() == [2, 9, 2, 2, 2, 3, 8, 3, 3, 3]  # fans
    assert table[:, 1].tolist() == [2, 9, 2, 2, 2, 3, 8, 3, 0, 0]  # fans who are new
    assert table[:, 4].tolist() == [2, 2, 2, 2, 2, 3, 3, 3, 3, 3]  # the rest
    assert table[:, 5].tolist() == [2, 2, 2, 2, 2, 3, 3, 3, 0, 0]


def test_shares_and_traits_of_segments():
    made = plan(scenario(PARTS))
    assert made.segment_bound.tolist() == [0.1, 1.0] and made.arm_bound.tolist() == [0.25, 1.0]
    assert made.segment_names == ("fans", "rest") and made.arm_names == ("control", "treated")
    activity, taste = list(TRAITS).index("activity"), list(TRAITS).index("taste")
    assert made.trait_value[:, activity].tolist() == [0.5, TRAITS["activity"].value]
    assert made.trait_spread[:, activity].tolist() == [TRAITS["activity"].spread] * 2
    assert made.trait_value[:, taste].tolist() == [TRAITS["taste"].value] * 2
    assert made.trait_spread[:, taste].tolist() == [TRAITS["taste"].spread, 0.1]


def test_shares_end_at_one_in_spite_of_rounding():
    parts = ", ".join(f'{{name = "{n}", share = 0.1}}' for n in range(10))
    assert plan(scenario(f"segments = [{parts}]")).segment_bound[-1] == 1.0


# Rules


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


# Changes, in words


def changes(text: str, days: int = 100) -> list[tuple[int, str]]:
    return plan(scenario(text, days)).policy_changes


def test_steps_ramps_and_campaigns_are_told():
    made = changes(
        """policy.ad_pressure = {weekday = [1, 1, 1, 1, 1, 0, 0], steps = [{day = 10, value = 2}],
        ramps = [{from = 19, to = 30, value = 4}], during = [{from = 50, to = 54, value = 9}]}
        """.replace("\n", "")
        + "\npolicy.release = {on = [{day = 10, value = 0.5}]}\npolicy.seed_group = 9"
    )
    assert made == [
        (10, "ad_pressure 1 -> 2; release 0 -> 0.5 for a day"),
        (20, "ad_pressure 2 -> 4 by day 30"),
        (50, "ad_pressure 4 -> 9 for 5 days"),
    ]


def test_a_long_campaign_has_a_beginning_and_an_end():
    made = changes("policy.ad_pressure = {during = [{from = 20, to = 60, value = 3}]}")
    assert made == [(20, "ad_pressure 1 -> 3"), (61, "ad_pressure 3 -> 1")]


def test_changes_of_a_group_are_told_once():
    made = changes(
        "policy.coupon = {steps = [{day = 5, value = 0.1}],"
        " groups = {newcomers = {steps = [{day = 9, value = 0.2}]}}}"
    )
    assert made == [(5, "coupon 0 -> 0.1"), (9, "coupon 0.1 -> 0.2 (newcomers)")]


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
