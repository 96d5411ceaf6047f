"""Schedules of levers, the calendar and groups, against values made by hand."""

from __future__ import annotations

import tomllib

import numpy as np

from comsim.model.catalogue import LEVERS, TRAITS
from comsim.scenario import Scenario, plan
from comsim.scenario.changes import policy_changes
from comsim.scenario.scenario import MAX_ARMS, MAX_DAYS, MAX_SEGMENTS

LEVER = list(LEVERS).index


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


def test_months_are_those_of_the_start():
    year = ", ".join(str(number / 4) for number in range(12))
    made = plan(scenario(f"start = 2024-02-25\ncalendar.months = [{year}]"))
    assert made.season.tolist() == [0.25] * 5 + [0.5] * 5


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
segments = [
    {name = "fans", share = 0.1, activity = 0.5},
    {name = "rest", share = 0.9, taste = {spread = 0.1}},
]
arms = [{name = "control", share = 0.25}, {name = "treated", share = 0.75}]
"""


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


# Changes, in words


def changes(text: str, days: int = 100) -> list[tuple[int, str]]:
    return policy_changes(scenario(text, days))


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


def test_what_lies_partly_outside_the_run_is_told():
    made = scenario("""
    start = 2024-03-01
    [policy.ad_pressure]
    base = 1
    during = [{from = 4, to = 5, value = 2}, {from = 2024-03-09, to = 2024-03-20, value = 2}]
    yearly = [{from = "12-24", to = "01-02", value = 3}, {from = "03-03", to = "03-03", value = 3}]
    groups = {newcomers = {ramps = [{from = 1, to = 15, value = 0}]}}
    [[calendar.holidays]]
    from = 2024-02-28
    to = 2024-03-01
    factor = 0.5
    [[goals]]
    metric = "wau"
    day = 5
    window = 7
    at_least = 1
    [[rules]]
    name = "never"
    when = [{metric = "wau", window = 5, falls = 1}, {metric = "wau", window = 4, falls = 1}]
    do = [{lever = "coupon", set = 0.1}]
    days = 3
    """)
    assert [note.split(": ")[0] for note in plan(made).notes] == [
        "calendar.holidays[0]", "policy.ad_pressure.during[1]",
        "policy.ad_pressure.groups.newcomers.ramps[0]", "policy.ad_pressure.yearly[0]",
        "rules[0].when[0]", "goals[0].window",
    ]  # fmt: skip
    assert "10 of its 12 days (2024-03-09 to 2024-03-20) lie outside" in plan(made).notes[1]
