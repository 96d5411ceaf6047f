"""Features of variability and shape: by hand, and as the classifier's tool computes them."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from comsim.logs.events import event_table
from comsim.measure.shape import DAYS, counts, counts_of, features

TOOL = Path(__file__).parents[2].parent / "shared" / "tools" / "turing.py"
NEW = {"cv", "ac_dev", "seeding", "waves", "newcv"}  # the tool lacks these


def made_up(seed: int, members: int = 300, posts: int = 6000, days: int = 800):
    """Posts of people who come, stay for a while, and differ in how much they post."""
    rng = np.random.default_rng(seed)
    who = np.sort(rng.zipf(1.5, posts) % members)
    came = rng.integers(0, days - 100, members)
    day = came[who] + rng.exponential(60, posts).astype(int)
    keep = day < days
    return np.r_[0, day[keep], days - 1], np.r_[0, who[keep], 0]


def test_what_is_counted_of_a_small_log():
    day = np.array([5, 5, 5, 36, 64, 65, 600, 673, 674, 700, 5 + DAYS])
    who = np.array([7, 7, 8, 7, 8, 8, 9, 4, 4, 9, 9])
    found = counts_of(day, who)
    assert found.first_day == 5
    assert found.posters[0] == 2 and found.posts[0] == 3
    assert found.posters.sum() == 7 and found.posts.sum() == 10
    assert np.flatnonzero(found.newcomers).tolist() == [0, 595, 668]
    assert found.newcomers[0] == 2
    assert found.poster_days == 9
    assert found.per_author.tolist() == [2, 2, 3, 3]
    assert (found.early, found.again) == (3, 2)  # 7 on day 31, 8 on day 59


def test_replies_are_posts_and_other_acts_are_not():
    day, who = made_up(1)
    kind = np.where(np.arange(len(day)) % 3, "post", "reply")
    table = event_table(
        np.r_[day, np.arange(-9, 0)], np.r_[who, np.arange(9)], np.r_[kind, ["visit"] * 9]
    )
    assert features(counts(table)) == features(counts_of(day, who))


def test_a_log_has_no_features_if_it_is_short_or_small():
    day, who = made_up(1)
    assert counts_of([], []) is None
    assert counts_of(day[day < DAYS], who[day < DAYS]) is None
    few = who < 9
    assert features(counts_of(day[few], who[few])) is None


def test_variation_seeding_and_waves_of_a_known_curve():
    """Twenty weeks of 2 people, then 40 of them every other week and 20 in the others."""
    weekly = np.r_[np.full(20, 2), np.tile([40, 20], 42)]
    weekly[62:] = np.tile([4, 2], 21)
    weekly[90:] = np.tile([60, 30], 7)
    week = np.repeat(np.arange(104), weekly)
    who = np.concatenate([np.arange(number) for number in weekly])
    found = features(counts_of(np.r_[7 * week + 3, 800], np.r_[who, 0]))
    assert found["waves"] == 2
    assert found["seeding"] == pytest.approx(140, abs=10)
    assert found["cv"] > 0.3 and found["ac_dev"] < 0
    constant = features(counts_of(np.r_[np.repeat(7 * np.arange(104), 12), 800],
                                  np.r_[np.tile(np.arange(12), 104), 0]))  # fmt: skip
    assert constant["cv"] == 0 and constant["waves"] == 0 and constant["newcv"] > 0


@pytest.fixture(scope="module")
def tool():
    if not TOOL.is_file():
        pytest.skip("the classifier (../shared/tools/turing.py) is not on this machine")
    spec = importlib.util.spec_from_file_location("turing", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(4))
def test_features_are_those_of_the_classifier(tool, seed):
    day, who = made_up(seed)
    expected, found = tool.features(day, who), features(counts_of(day, who))
    assert found.keys() - expected.keys() == NEW
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("name", ["git_redux", "mail_rcpp_devel", "zulip_ncar"])
def test_features_of_real_communities_are_those_of_the_classifier(tool, name):
    import pandas as pd

    path = TOOL.parents[1] / "data" / "communities" / f"{name}.parquet"
    log = pd.read_parquet(path)
    day = (log["ts"] - log["ts"].min()) // 86_400
    expected, found = tool.features(day, log["member"]), features(counts_of(day, log["member"]))
    assert {key: found[key] for key in expected} == expected
