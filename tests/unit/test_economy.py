"""Figures of the economy, and goals, by hand."""

import pandas as pd
import pytest

from comsim import Scenario
from comsim.measure import economy
from comsim.measure.metrics import orders

DAILY = pd.DataFrame({
    "joined": [10, 5, 0], "cost_recruitment": [30, 10, 0], "cost_gifts": [5, 0, 0],
    "cost_kol": [0, 15, 0], "cost_fission": [0, 0, 0],
    "revenue": [0.0, 50, 100], "mau": [10, 15, 20], "dau": [10, 8, 6], "members": [10, 15, 14],
    "cost": [60.0, 10, 30], "profit_cumulative": [-60.0, -20, 50], "payers": [0, 1, 7],
    "satisfied": [10, 4, 4], "posts": [4, 4, 0], "answered": [1, 1, 0],
    "staff_replies": [0, 0, 0], "operated": [1, 1, 0],
})  # fmt: skip
MEMBERS = pd.DataFrame({
    "joined_day": [0, 0, 89, 95], "left_day": [-1, 49, -1, -1], "earned": [500, 100, 0, 1000],
    "ordered": [3, 1, 0, 2],
})  # fmt: skip


def test_costs_and_returns():
    assert economy.acquisition_cost(DAILY) == 4  # 60 for 15 people
    assert economy.revenue_per_user(DAILY) == pytest.approx(150 * 10 / 15)  # a month is 30 days
    assert economy.return_on_cost(75, 150) == 0.5
    assert economy.break_even(DAILY["profit_cumulative"].to_numpy()) == 2
    assert economy.break_even(DAILY["profit_cumulative"].to_numpy()[:2]) is None


def test_what_members_bring():
    assert economy.lifetime_value(MEMBERS) == 4
    assert orders.conversion_of(MEMBERS["ordered"].to_numpy(), 4) == 0.75
    assert orders.repurchase_of(MEMBERS["ordered"].to_numpy()) == pytest.approx(2 / 3)
    first, second = economy.cohorts(MEMBERS, 100)
    # Observed for 100, 50 and 11 days; two of three are still inside.
    assert first == {"from_day": 0, "members": 3, "ltv": 2.0, "days": pytest.approx(161 / 3),
                     "inside": pytest.approx(2 / 3)}  # fmt: skip
    assert second == {"from_day": 90, "members": 1, "ltv": 10.0, "days": 5.0, "inside": 1.0}


def test_service():
    assert economy.satisfaction(DAILY) == 0.75
    assert economy.response_rate(DAILY) == 0.25
    assert economy.payer_share(DAILY) == 0.5
    assert economy.owner_stopped(DAILY) == 2 and economy.owner_stopped(DAILY[:2]) is None


def test_nothing_has_no_figures():
    nobody = DAILY * 0
    assert economy.acquisition_cost(nobody) is None and economy.satisfaction(nobody) is None
    assert economy.lifetime_value(MEMBERS[:0]) is None and economy.cohorts(MEMBERS[:0], 9) == []


def test_goals():
    scenario = Scenario.from_dict({
        "name": "goals", "days": 3,
        "goals": [
            {"metric": "dau", "day": 2, "at_least": 7},
            {"metric": "dau", "day": 2, "window": 2, "at_least": 7},
            {"metric": "cost", "day": "2024-01-01", "window": 30, "at_most": 60},
        ],
    })  # fmt: skip
    found = economy.goals(scenario, DAILY)
    assert [(goal["value"], goal["attained"]) for goal in found] == [
        (6, False), (7, True), (60, True),
    ]  # fmt: skip
    assert economy.goal_attainment(found) == pytest.approx(2 / 3)
    assert economy.goal_attainment([]) is None
