"""Tipping lines and smallest cores against curves that were put there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, ndtr

from comsim.common.errors import InputError
from comsim.statistics import logistic
from comsim.studies.analysis.condition import OutcomeCondition
from comsim.studies.analysis.maps import smallest_core, tipping
from comsim.studies.analysis.phrasing import gaps
from comsim.studies.analysis.swept import FactorColumn

from .sweeps import DECLINE, generator, swept

ADS = FactorColumn("ads", "ads", "a visit", low=0, high=8)
POSTS = FactorColumn("posts", "posts", "a day", low=0, high=4)
CORE = FactorColumn("core", "core", "people", low=0, high=100)
DEAD = OutcomeCondition("wau", "below", 1, "it is dead")


def grid(across: int = 9, up: int = 9) -> pd.DataFrame:
    a, b = np.meshgrid(np.linspace(0, 8, across), np.linspace(0, 4, up))
    return pd.DataFrame({"ads": a.ravel(), "posts": b.ravel()})


def scattered(many: int, seed: int = 1) -> pd.DataFrame:
    u = generator(seed).random((many, 2))
    return pd.DataFrame({"ads": 8 * u[:, 0], "posts": 4 * u[:, 1]})


def cliff(steep: float = 2.0, luck_matters: float = 0.0):
    """Dead likelier than not where ads > 3 + posts."""

    def value(p, noise, luck):
        odds = steep * (p.ads - 3 - p.posts).to_numpy()[:, None] + luck_matters * luck
        return np.where(ndtr(noise) < expit(odds), 0.0, 100.0)

    return value


@pytest.mark.parametrize("points, worlds", [(grid(), 20), (scattered(500), 4)])
def test_the_line_and_its_band_lie_where_it_tips(points, worlds):
    answer = tipping(swept(points, (ADS, POSTS), cliff(), worlds), DEAD, "ads", "posts")
    assert "ads above" in answer.title and answer.title.startswith("It is dead: more likely ")
    share, low, high = (answer.data[name] for name in ("share", "low", "high"))
    middle = share.shape[0] // 2  # posts 2, where it tips at 5 ads: node 25 of 40
    assert abs(np.interp(0.5, share[middle], answer.data["axes"][0]["nodes"]) - 5) < 0.3
    assert low[middle, 25] < 0.5 < high[middle, 25]
    assert high[middle, 15] < 0.5 < low[middle, 35]  # 2 ads on either side it is clear
    assert "[" in answer.sentence and "at posts of 2 a day" in answer.sentence


def test_cells_keep_their_own_share_with_wilsons_interval():
    sweep = swept(grid(), (ADS, POSTS), cliff(), 20)
    table = tipping(sweep, DEAD, "ads", "posts").table
    own = DEAD.holds(sweep).mean(axis=1)
    one = table[(table.ads == 5) & (table.posts == 2)].iloc[0]
    assert len(table) == 81 and one.runs == 20
    assert one.share == own[(sweep.points.ads == 5) & (sweep.points.posts == 2)][0]
    from scipy import stats

    wilson = stats.binomtest(round(20 * one.share), 20).proportion_ci(method="wilson")
    assert (one.low, one.high) == pytest.approx(wilson)


def test_a_world_that_all_points_share_widens_the_band():
    """400 points see the luck of 8 worlds only."""

    def width(luck_matters):
        at = np.array([[5 / 8, 0.5]])
        sweep = swept(scattered(400), (ADS, POSTS), cliff(luck_matters=luck_matters), 8)
        found = logistic.fit(at, sweep.scaled(), DEAD.holds(sweep))
        return float(found.high[0] - found.low[0])

    assert width(2.0) > 2 * width(0.0)


def test_nowhere_is_said():
    never = swept(grid(), (ADS, POSTS), lambda p, noise, luck: 50 + noise)
    answer = tipping(never, DEAD, "ads", "posts")
    assert "nowhere" in answer.title and "highest, 1 % [0, 31]" in answer.sentence


def test_it_is_told_along_the_factor_that_matters():
    """Dead below 1 post a day, whatever the ads: a line across the ads would say nothing."""

    def value(p, noise, luck):
        odds = 6 * (1 - p.posts).to_numpy()[:, None]
        return np.where(ndtr(noise) < expit(odds), 0.0, 100.0)

    answer = tipping(swept(grid(), (ADS, POSTS), value, 20), DEAD, "ads", "posts")
    assert "more likely than not with posts below" in answer.title
    assert "no value" not in answer.sentence
    worst, best = answer.sentence.split("probability is highest, ")[1].split("lowest, ")
    assert "posts 0 a day" in worst and "posts 0 a day" not in best


@pytest.mark.parametrize("inside", [True, False])
def test_where_it_tips_and_tips_back_both_are_told(inside):
    def value(p, noise, luck):
        held = p.posts.between(1.4, 2.6).to_numpy()[:, None] == inside
        return np.where(ndtr(noise) < 0.05 + 0.9 * held, 0.0, 100.0)

    answer = tipping(swept(grid(), (ADS, POSTS), value, 20), DEAD, "ads", "posts")
    told = answer.title.split("with posts ")[1].replace(",", "").split()
    assert told[0] == ("above" if inside else "below") and 1 < float(told[1]) < 1.7
    assert told[2:4] == (["and", "below"] if inside else ["or", "above"])
    assert 2.3 < float(told[4]) < 3


def test_a_corner_is_told_as_one():
    def value(p, noise, luck):
        corner = ((p.ads > 7.5) & (p.posts < 0.3)).to_numpy()[:, None]
        return np.where(ndtr(noise) < 0.05 + 0.9 * corner, 0.0, 100.0)

    answer = tipping(swept(grid(), (ADS, POSTS), value, 40), DEAD, "ads", "posts")
    assert answer.title == "It is dead: most often with ads 8 a visit and posts 0 a day"
    assert "more likely than not in a small part of the map" in answer.sentence
    assert "at ads 8 a visit and posts 0 a day, and" in answer.sentence


def test_one_world_is_warned_of_and_others_averaged():
    points = scattered(300).assign(wear=generator(5).random(300))
    wear = FactorColumn("wear", "wear", kind="uncertainty", low=0, high=1)
    answer = tipping(swept(points, (ADS, POSTS, wear), cliff(), 1), DEAD, "ads", "posts")
    assert "one world" in answer.warnings[0] and "wear" in answer.sentence


def test_a_log_scale_is_drawn_and_told_in_its_values():
    points = scattered(400)
    points["market"] = 100 * 100 ** (points["ads"] / 8)  # 100 to 10,000, tips at 100 * 100 ** (5/8)
    market = FactorColumn("market", "market", "people", low=100, high=10_000, scale="log")
    sweep = swept(points, (market, POSTS), cliff(), 5)
    answer = tipping(sweep, DEAD, "market", "posts")
    nodes, middle = answer.data["axes"][0]["nodes"], answer.data["share"][20]
    assert np.interp(0.5, middle, nodes) == pytest.approx(100 * 100 ** (5 / 8), rel=0.25)


def test_a_choice_has_no_map():
    points = scattered(100).assign(opening=["a", "b"] * 50)
    sweep = swept(points, (ADS, FactorColumn("opening", "opening", values=("a", "b"))), cliff())
    with pytest.raises(InputError, match="one with numbers: ads"):
        tipping(sweep, DEAD, "ads", "opening")


def core(points: pd.DataFrame, worlds: int, design: str):
    """Dead in 10 % of worlds at a core of 50, less beyond."""

    def value(p, noise, luck):
        odds = np.log(1 / 9) - (p.core - 50).to_numpy()[:, None] / 6
        return np.where(ndtr(noise) < expit(odds), 0.0, 100.0)

    return swept(points, (CORE,), value, worlds, design=design)


@pytest.mark.parametrize("points, worlds, design", [
    (pd.DataFrame({"core": np.arange(0, 101, 5.0)}), 60, "grid"),
    (pd.DataFrame({"core": 100 * generator(3).random(800)}), 4, "latin_hypercube"),
])  # fmt: skip
def test_the_smallest_core_is_found_with_its_interval(points, worlds, design):
    answer = smallest_core(core(points, worlds, design), DEAD, "core")
    found, low, high = answer.data["found"]
    assert low <= 50.1 and high >= 50 and low <= found <= high and 40 <= found <= 60
    assert high - low <= 20
    assert (np.diff(answer.data["curve"]["fitted"]) <= 1e-12).all()
    assert answer.title == (f"It is dead: in less than 10 % of runs with core ≥ {found:.3g} people")


def test_where_no_core_is_enough_or_more_is_worse_it_is_said():
    points = pd.DataFrame({"core": np.arange(0, 101, 10.0)})
    always = swept(points, (CORE,), lambda p, n, luck: np.where(n < 0.5, 0, 9), 20, design="grid")
    title = smallest_core(always, DEAD, "core").title
    assert title.endswith("in at least 10 % of runs at every value of core")
    worse = swept(points, (CORE,), lambda p, n, luck: 50 - p.core.to_numpy()[:, None] + 9 * n, 20)
    assert "more often, not less" in smallest_core(worse, DEAD, "core").title

    def hump(p, n, luck):
        return np.where(n < np.where(p.core.between(40, 50), 1, -2)[:, None], 0, 9)

    between = swept(points, (CORE,), hump, 20, design="grid")
    assert "most often around core 40" in smallest_core(between, DEAD, "core").title
    never = swept(points, (CORE,), lambda p, n, luck: 50 + n, 20, design="grid")
    title = smallest_core(never, DEAD, "core").title
    assert title.endswith(": in less than 10 % of runs at every value of core")


def test_conditions_on_days_that_never_came():
    points = pd.DataFrame({"core": [10.0, 90.0]})

    def value(p, noise, luck):
        return np.array([[100, 400, np.nan], [np.nan, np.nan, 700]])

    sweep = swept(points, (CORE,), value, 3, DECLINE)
    sweep.runs.loc[5, "error"] = "x"
    for condition, expected in (
        (OutcomeCondition("decline", "below", 365), [[1, 0, 0], [0, 0, np.nan]]),
        (OutcomeCondition("decline", "above", 365), [[0, 1, 1], [1, 1, np.nan]]),
        (OutcomeCondition("decline", "never"), [[0, 0, 1], [1, 1, np.nan]]),
        (OutcomeCondition("decline", "exists"), [[1, 1, 0], [0, 0, np.nan]]),
    ):
        assert np.array_equal(condition.holds(sweep), expected, equal_nan=True)
    assert OutcomeCondition("decline", "never").words(sweep) == "decline never begins"
    assert OutcomeCondition("decline", "below", 365).words(sweep) == "decline begins before day 365"
    with pytest.raises(InputError, match="decline \\(the nearest\\)"):
        OutcomeCondition("declin", "never").holds(sweep)


def test_what_a_stopped_run_would_have_come_to_is_not_known():
    """A community that was stopped asleep did not stay awake."""
    points = pd.DataFrame({"core": [10.0, 90.0]})
    days = np.array([[100, np.nan, np.nan], [np.nan, np.nan, 700]])
    sweep = swept(points, (CORE,), lambda p, n, luck: days, 3, DECLINE, stops=True)
    sweep.runs["lived"] = [150, 150, 730, 730, 90, 730]
    nan = np.nan
    for condition, expected in (
        (OutcomeCondition("decline", "exists"), [[1, nan, 0], [0, nan, 1]]),
        (OutcomeCondition("decline", "never"), [[0, nan, 1], [1, nan, 0]]),
        (OutcomeCondition("decline", "below", 365), [[1, nan, 0], [0, nan, 0]]),
    ):
        assert np.array_equal(condition.holds(sweep), expected, equal_nan=True)
    said = list(gaps(sweep, DECLINE))
    assert "never in 33 % of runs" in said[0]
    assert "is unknown (stopped early) in 33 % of runs" in said[1]


def test_a_core_is_told_from_the_worlds_that_have_a_value():
    points = pd.DataFrame({"core": np.repeat(np.arange(0, 101, 10.0), 3)})

    def value(p, noise, luck):
        return np.where(np.arange(2) == 0, 9.0 * (p.core.to_numpy()[:, None] > 45), np.nan)

    sweep = swept(points, (CORE,), value, 2, design="grid")
    answer = smallest_core(sweep, DEAD, "core")
    assert "with core ≥ 50 people" in answer.title
    assert np.isfinite(answer.data["curve"].to_numpy()).all()
    sweep.runs["wau"] = np.nan
    with pytest.raises(InputError, match="none with such a value"):
        smallest_core(sweep, DEAD, "core")
