"""The metrics, worked out by hand on a community of five members."""

import json

import numpy as np
import pytest

from comsim.logs.events import event_table
from comsim.measure.describe import as_json, as_text, describe
from comsim.measure.metrics import (
    DAILY,
    METRICS,
    activity,
    daily_counts,
    halflife,
    inequality,
    participation,
    retention,
    rhythm,
    stickiness,
)

FRIDAY = "2024-01-05"

# Ann posts, Bob mutes and leaves, Cat comes round, Dan never comes, Eve buys.
ANN, BOB, CAT, DAN, EVE = range(1, 6)
LIFE = [
    *[(0, ANN, "join"), (0, ANN, "visit"), (0, ANN, "post"), (0, ANN, "post")],
    *[(0, BOB, "join"), (0, BOB, "visit"), (0, BOB, "mute")],
    *[(1, ANN, "visit"), (1, CAT, "join"), (1, CAT, "visit"), (1, CAT, "mute")],
    *[(2, CAT, "visit"), (2, CAT, "post"), (2, CAT, "reply"), (2, DAN, "join")],
    *[(3, BOB, "leave"), (4, CAT, "unmute")],
    *[(5, EVE, "join"), (5, EVE, "visit"), (5, EVE, "order")],
    *[(8, ANN, "visit"), (8, ANN, "post")],
]


def table(rows, days=None, start=None):
    day, member, kind = zip(*rows, strict=True)
    return event_table(day, member, kind, start=start, days=days)


@pytest.fixture
def five():
    return table(LIFE, days=10, start=FRIDAY)


BY_HAND = {
    "members": [2, 3, 4, 3, 3, 4, 4, 4, 4, 4],
    "joined": [2, 1, 1, 0, 0, 1, 0, 0, 0, 0],
    "left": [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    "dau": [2, 2, 1, 0, 0, 1, 0, 0, 1, 0],
    "wau": [2, 3, 3, 3, 3, 4, 4, 3, 3, 2],
    "mau": [2, 3, 3, 3, 3, 4, 4, 4, 4, 4],
    "posters": [1, 0, 1, 0, 0, 0, 0, 0, 1, 0],
    "weekly_posters": [1, 1, 2, 2, 2, 2, 2, 1, 2, 1],
    "posts": [2, 0, 1, 0, 0, 0, 0, 0, 1, 0],
    "replies": [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    "orders": [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    "muted": [1, 2, 2, 1, 0, 0, 0, 0, 0, 0],
    "dormant": [0] * 10,
}


@pytest.mark.parametrize("name", DAILY)
def test_daily_series(five, name):
    assert DAILY[name](five).tolist() == BY_HAND[name]


def test_daily_counts_puts_them_side_by_side(five):
    counts = daily_counts(five)
    assert {name: counts[name].tolist() for name in counts} == BY_HAND


def test_the_watch_may_end_before_or_after_the_last_event(five):
    assert activity.wau(five, days=4).tolist() == [2, 3, 3, 3]
    assert activity.dau(five, days=12).tolist() == [*BY_HAND["dau"], 0, 0]
    five.attrs["days"] = None
    assert len(activity.dau(five)) == 9


def test_dormant_from_the_28th_day_after_the_last_visit(five):
    # Cat (last seen on day 2) and Dan (joined on day 2) from 30, Eve from 33, Ann from 36.
    expected = [0] * 30 + [2] * 3 + [3] * 3 + [4] * 4
    assert activity.dormant(five, days=40).tolist() == expected


def replay(rows, days):
    """The states at the end of each day, told naively."""
    joins, last, muted, told = {}, {}, set(), []
    for day in range(days):
        for _, who, kind in (row for row in rows if row[0] == day):
            if kind == "join":
                joins[who] = joins.get(who, 0) + 1
            if kind == "leave":
                joins[who] = joins.get(who, 0) - 1
            if kind in ("join", "visit"):
                last[who] = day
            if kind == "mute":
                muted.add(who)
            if kind in ("unmute", "leave"):
                muted.discard(who)
        week = {who for when, who, kind in rows if kind == "visit" and day - 7 < when <= day}
        absent = sum(day - last[who] >= 28 for who, times in joins.items() if times > 0)
        told.append((len(week), sum(joins.values()), len(muted), absent))
    return np.array(told).T.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_states_equal_a_naive_replay(seed):
    rng = np.random.default_rng(seed)
    rows, inside = [], set()
    for day in range(90):
        for who in rng.permutation(8).tolist():
            if who not in inside and rng.random() < 0.1:
                inside.add(who)
                rows.append((day, who, "join"))
            if who in inside and rng.random() < 0.03:
                rows.append((day, who, "visit"))
            if who in inside and rng.random() < 0.1:
                rows.append((day, who, ["mute", "unmute"][rng.integers(2)]))
            if who in inside and rng.random() < 0.02:
                inside.discard(who)
                rows.append((day, who, "leave"))
    events = table(rows, days=90)
    series = (activity.wau, activity.members, activity.muted, activity.dormant)
    assert [of(events).tolist() for of in series] == replay(rows, 90)


def test_stickiness(five):
    assert stickiness.dau_wau(five) == pytest.approx((0 / 4 + 0 / 3 + 1 / 3 + 0 / 2) / 4)
    assert stickiness.dau_members(five) == pytest.approx((1 + 2 / 3 + 3 / 4) / 10)
    assert stickiness.dau_mau(five) is None  # not one whole month
    five.attrs["days"] = 32
    # Days 29, 30, 31: nobody comes, and on each somebody has come within 30 days.
    assert stickiness.dau_mau(five) == 0


def test_inequality(five):
    assert inequality.gini(five) == pytest.approx(0.25)  # Ann 3, Cat 1
    assert inequality.top_share(five) == 0.75
    alike = table([(0, who, "post") for who in range(10)])
    assert inequality.gini(alike) == pytest.approx(0)
    assert inequality.top_share(alike) == pytest.approx(0.1)


def test_participation_of_visitors(five):
    assert participation.posters_wau(five) == pytest.approx((2 / 4 + 1 / 3 + 2 / 3 + 1 / 2) / 4)


def test_participation_of_settled_accounts():
    rows = [(0, ANN, "join"), (0, BOB, "join"), (50, CAT, "join"), (60, BOB, "leave")]
    rows += [(88, ANN, "post"), (91, CAT, "post")]
    # Of days 90..99, Ann's post counts on 90..94; Bob's account stays; Cat's is too young.
    assert participation.posters_accounts(table(rows, days=100)) == pytest.approx(5 * 0.5 / 10)
    assert participation.posters_accounts(table(rows)) == pytest.approx(0.5)  # days 90 and 91
    assert participation.posters_accounts(table(rows, days=90)) is None


def test_rhythm_needs_the_date(five):
    # Saturdays are days 1 and 8, Sundays 2 and 9.
    assert rhythm.weekend_weekday(five, activity.dau) == pytest.approx(1 / 0.5)
    assert rhythm.weekend_weekday(five, activity.posts) == pytest.approx(0.5 / (2 / 6))
    five.attrs["start"] = None
    assert rhythm.weekend_weekday(five, activity.dau) is None


def test_posting_retention_counts_whole_windows_only():
    rows = [(0, ANN, "post"), (30, ANN, "post"), (89, ANN, "post")]
    rows += [(5, BOB, "post"), (34, BOB, "post"), (40, CAT, "post")]
    events = table(rows, days=95)
    assert retention.posting(events, 1) == 0.5  # Bob's 29 days later is too early; Cat is censored
    assert retention.posting(events, 2) == 0.5
    assert retention.posting(events, 3) is None
    events.attrs["days"] = 94
    assert retention.posting(events, 2) == 1.0  # Bob's window ends on day 94


def test_visiting_by_cohort():
    rows = [(0, ANN, "join"), (0, ANN, "visit"), (35, ANN, "visit"), (40, ANN, "leave")]
    rows += [(10, BOB, "join"), (10, BOB, "visit"), (12, BOB, "visit")]
    rows += [(35, CAT, "join"), (69, CAT, "visit"), (45, DAN, "join"), (46, DAN, "visit")]
    cohorts = retention.visiting(table(rows, days=70))
    assert cohorts.to_dict("list") == {
        "cohort": [0, 0, 1],
        "month": [0, 1, 0],
        "members": [2, 2, 1],  # Dan's first month is not over
        "visited": [2, 1, 0],  # Cat's visit is in her second
        "share": [1.0, 0.5, 0.0],
    }


def test_half_life_of_a_pure_decay():
    decay = 100 * 0.5 ** (np.arange(60) / 10)
    assert halflife.half_life(decay) == pytest.approx(10)
    assert halflife.half_life(np.r_[decay, np.zeros(50)], last=59) == pytest.approx(10)
    assert halflife.half_life(decay[::-1]) is None
    assert halflife.half_life(decay[:19]) is None  # 13 means
    after = halflife.after_peak(None, lambda _: np.r_[np.zeros(20), decay])
    assert after == pytest.approx(10)


def test_half_life_of_counts_uses_days_without_anybody():
    """By hand: counts 4, 0, 2, 0, 1, 0 halve every two days; their mean day is 8/7."""
    counts = np.array([4, 0, 2, 0, 1, 0])
    half = halflife.exponential_half_life(counts)
    fall = 0.5 ** (np.arange(6) / half)
    assert np.arange(6) @ fall / fall.sum() == pytest.approx(8 / 7)
    scarce = np.random.default_rng(1).poisson(2 * 0.5 ** (np.arange(1000) / 150))
    assert (scarce == 0).mean() > 0.6
    assert halflife.after_peak(None, lambda _: scarce) == pytest.approx(150, rel=0.15)


def test_no_half_life_beyond_the_days_watched():
    slow = 100 * 0.5 ** (np.arange(100) / 120)
    assert halflife.exponential_half_life(slow) is None
    assert halflife.exponential_half_life(slow[::-1]) is None
    assert halflife.exponential_half_life(np.zeros(9)) is None
    assert halflife.exponential_half_life(np.array([3, 0, 0])) == 0
    assert halflife.after_peak(None, lambda _: slow[:27]) is None  # no 28 days


def test_no_half_life_where_most_weeks_are_empty():
    sparse = np.zeros(200)
    sparse[[0, 1, 2, 60, 130, 199]] = [9, 9, 9, 1, 1, 1]
    assert halflife.half_life(sparse) is None


def test_describe_tells_every_metric_and_what_the_log_cannot_tell(five):
    told = describe(five)
    assert told["metric"].tolist() == list(METRICS)
    value = told.set_index("metric")["value"]
    assert (value["joined"], value["posts"], value["weekend_dau"]) == (5, 4, 2)
    assert np.isnan(value["half_life_dau"])
    assert told.attrs["limits"] == []

    five.attrs.update(start=None, inferred=["visit"])
    told = describe(five[five["kind"] != "order"])
    assert [line.split(":")[0] for line in told.attrs["limits"]] == [
        "visits",
        "none in this log",
        "weekdays",
    ]
    assert told.set_index("metric")["note"]["dau_wau"].endswith("(visits are acts here)")
    assert "acts are counted instead" in as_text(told)
    definition = "visits on days 90 to 119 after the day of joining (visits are acts here)"
    assert definition in as_text(told, define=True) and definition not in as_text(told)
    parsed = json.loads(as_json(told))
    assert parsed["metrics"][-1]["value"] is None
    assert parsed["limits"] == told.attrs["limits"]
