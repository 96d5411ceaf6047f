"""Estimators behind the facts, on tables and series small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from comsim.logs.events import event_table
from comsim.measure.metrics.adoption import bass, share_joined, weekly_joiners
from comsim.measure.metrics.exposure import by_friends, shape
from comsim.measure.metrics.first_posts import answered
from comsim.measure.metrics.growth import log_slope, wau_on_accounts
from comsim.measure.metrics.spike import decay


def test_weekly_joiners_are_those_of_whole_weeks():
    events = event_table([0, 6, 7, 13, 14], [1, 2, 3, 4, 5], "join", days=16)
    assert weekly_joiners(events).tolist() == [2, 2]  # day 14 is in a week that isn't whole


@pytest.mark.parametrize("p,q", [(0.01, 0.4), (0.06, 0.5), (0.05, 0.02)])
def test_a_bass_curve_is_found_again(p, q):
    joiners = 1000 * np.diff(share_joined(p, q, np.arange(61)))
    found = bass(joiners)
    assert (found.p, found.q) == pytest.approx((p, q), rel=1e-3)
    assert found.market == pytest.approx(1000, rel=1e-3)
    assert found.imitation == pytest.approx(q / p, rel=1e-2)
    assert found.r_squared == pytest.approx(1)


def test_a_first_week_and_little_after_is_no_s_curve():
    assert bass(np.array([50, *[1] * 40])).imitation < 1


def test_a_curve_needs_eight_weeks_and_somebody():
    assert bass(np.ones(7)) is None
    assert bass(np.zeros(20)) is None


def test_a_power_law_is_told_from_an_exponential():
    day = np.arange(400)
    power = decay(1e6 / (day + 4.0))  # its mean over days i..i + 6 is nearly 1e6 / (i + 7)
    assert power.lead > 100 and power.slope == pytest.approx(-1, abs=0.05)
    exponential = decay(1e6 * np.exp(-0.01 * day))
    assert exponential.lead < -100 and exponential.rate == pytest.approx(-0.01)


def test_a_spike_is_looked_at_from_its_peak_and_for_a_year():
    fall = 1e6 * np.exp(-0.01 * np.arange(500))
    before = np.full(50, 10.0)
    assert decay(np.r_[before, fall]).rate == pytest.approx(-0.01, rel=0.01)
    changed = np.r_[before, fall[:400], np.full(100, 5.0)]  # beyond the year
    assert decay(changed).rate == decay(np.r_[before, fall]).rate
    assert decay(np.ones(20)) is None


def test_activity_on_accounts():
    assert log_slope(np.array([1, 10, 100]), np.array([5, 50, 500])) == pytest.approx(1)
    assert log_slope(np.array([1, 10, 100, 0]), np.array([7, 7, 7, 9])) == pytest.approx(0)
    assert log_slope(np.array([3, 3]), np.array([1, 2])) is None
    # Accounts 1, 2, 4 on days 0, 1, 2; all of them came in the week: WAU is the same.
    rows = [(0, 1), (1, 2), (2, 3), (2, 4)]
    days, members = zip(*rows, strict=True)
    joins = event_table(days, members, "join")
    visits = event_table(days, members, "visit")
    both = pd.concat([joins, visits], ignore_index=True)
    events = event_table(both["day"], both["member"], both["kind"].cat.codes, days=3)
    assert wau_on_accounts(events) == pytest.approx(1)


def first_posts() -> pd.DataFrame:
    """Author 1 is answered on the day and posts again; 2 is answered and does not; 3 is answered a
    day late and posts again; 4 is not and does not; 5 posts too late to be watched; 6 is
    addressed before the first post only, and posts twice on that day."""
    rows = [
        (0, 9, "reply", 6), (0, 1, "post", -1), (0, 9, "reply", 1), (5, 1, "post", -1),
        (1, 2, "post", -1), (1, 9, "reply", 2), (40, 2, "post", -1),
        (2, 3, "post", -1), (3, 9, "reply", 3), (32, 3, "post", -1),
        (4, 4, "post", -1),
        (35, 5, "post", -1), (35, 9, "reply", 5),
        (6, 6, "post", -1), (6, 6, "post", -1),
    ]  # fmt: skip
    day, member, kind, target = zip(*rows, strict=True)
    return event_table(day, member, np.array(kind), target, days=60)


def test_answered_first_posts():
    found = answered(first_posts())
    assert found.authors == 5  # the fifth is watched for 24 days only
    assert found.share == 2 / 5
    assert found.again == 1 / 2  # author 2 posts 39 days later
    assert found.again_unanswered == 1 / 3  # 3, and neither 4 nor 6
    assert found.difference == pytest.approx(1 / 6)


def test_an_answer_may_come_later_if_one_waits():
    found = answered(first_posts(), within=1)
    assert found.share == 3 / 5
    assert (found.again, found.again_unanswered) == (2 / 3, 0)


def test_nobody_answered_is_no_figure():
    assert answered(event_table([0, 1], [1, 2], "post", days=90)) is None
    assert answered(event_table([], [], [])) is None


def test_joining_by_friends_inside():
    # 0 knows 1 and 2; 3 knows 1; 4 knows 0. 1 and 2 join on day 0, 0 on day 10, 2 leaves on day 20.
    pairs = [(0, 1), (0, 2), (3, 1), (4, 0)]
    friends = pd.DataFrame(pairs + [(b, a) for a, b in pairs], columns=["person", "friend"])
    rows = [(0, 1, "join"), (0, 2, "join"), (10, 0, "join"), (20, 2, "leave")]
    day, member, kind = zip(*rows, strict=True)
    events = event_table(day, member, np.array(kind), days=100)
    # Day 5: 0 has two friends inside and joins; 3 has one, 4 none, and neither does.
    # Day 60: 3 has one inside (1), 4 has one (0); neither joins.
    table = by_friends(events, friends, [5, 60, 80])  # 80 has no 30 days left
    assert table["people"].to_dict() == {0: 1, 1: 3, 2: 1}
    assert table["share"].to_dict() == {0: 0, 1: 0, 2: 1}


def test_the_shape_of_exposure():
    friends = np.arange(2, 11)
    concave = pd.DataFrame({"people": 50, "share": 0.1 * friends - 0.004 * (friends - 6.0) ** 2},
                           index=friends)  # fmt: skip
    assert shape(concave) == pytest.approx((0.1, -0.004))
    assert shape(concave.iloc[:3]) is None
