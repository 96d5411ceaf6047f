"""The owner's decision, by hand, and what is left when they have stopped."""

import pytest

from comsim import Scenario, simulate
from comsim.common.errors import InputError

from ..calm import CALM

# Nobody orders: staff 60 a day and platform 0.002 a member and day are the loss.
LOSING = {
    "name": "losing", "days": 60, "community": {"market": 100},
    "parameters": CALM | {"order_rate": 0, "platform_cost": 0, "recruit_cost": 0},
    "policy": {"seed_group": 20, "official_posts": 0, "intake": 0},
}  # fmt: skip


def operated(**owner):
    run = simulate(Scenario.from_dict(LOSING | {"owner": owner}), 1)
    return run, int(run.daily["operated"].sum())


@pytest.mark.parametrize("owner,days", [
    ({}, 60),
    ({"stop": False, "budget": 0, "until": 3}, 60),
    ({"budget": 600}, 11),  # 60 a day: over 600 on the evening of the 11th day
    ({"patience": 5, "grace": 10}, 15),  # days 10 to 14 end a month of loss
    ({"until": 7}, 7),
    ({"until": "2024-01-08"}, 7),
    ({"budget": 600, "until": 40}, 11),  # whichever comes first
    ({"budget": 600, "since": 20}, 31),  # the loss before does not count
    ({"patience": 5, "grace": 10, "since": 20}, 25),
])  # fmt: skip
def test_when_the_owner_stops(owner, days):
    _, lasted = operated(**owner)
    assert lasted == days


def test_what_is_left_costs_nothing_and_goes_on():
    run, _ = operated(until=7)
    daily = run.daily
    assert (daily["cost"][:7] == 60).all() and (daily["cost"][7:] == 0).all()
    assert (run.world.levers[7:]["ad_pressure"] == 0).all()
    assert daily["dau"][7:].sum() > 0 and daily["posts"][7:].sum() > 0


def test_a_month_that_pays_starts_patience_anew():
    """The books are balanced by ads for some days, so that later days have to be counted."""
    data = LOSING | {
        "owner": {"patience": 20, "grace": 0},
        "parameters": LOSING["parameters"] | {"ad_price": 100},
        "policy": LOSING["policy"] | {"ad_pressure": {"base": 0, "on": [{"day": 10, "value": 5}]}},
    }
    daily = simulate(Scenario.from_dict(data), 1).daily
    month = daily["profit_cumulative"] - daily["profit_cumulative"].shift(28, fill_value=0)
    assert (month[10:38] > 0).all() and month[38] < 0
    assert daily["operated"].sum() == 38 + 20


def test_days_outside_the_run_are_refused():
    with pytest.raises(InputError, match=r"owner\.until"):
        Scenario.from_dict(LOSING | {"owner": {"until": 60}})
    with pytest.raises(InputError, match=r"goals\[0\].day"):
        Scenario.from_dict(LOSING | {"goals": [{"metric": "wau", "day": 99, "at_least": 1}]})
