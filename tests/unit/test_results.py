"""The numbers of a run's folder, by hand."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from comsim.common.errors import InputError
from comsim.files.folders import whole_folder
from comsim.files.strict import strict
from comsim.language.dates import Dates
from comsim.measure.finding import finding
from comsim.measure.observed import errors, in_words
from comsim.present.series import day_ticks, spread, week_mean
from comsim.results.run import check_folder


def test_errors_against_observed_days_only():
    daily = pd.DataFrame({"day": range(4), "wau": [10, 20, 30, 40], "dau": [1, 2, 3, 4]})
    observed = pd.DataFrame({"day": [1, 3], "wau": [10.0, 70.0], "dau": [np.nan, np.nan]})
    table = errors(daily, observed)
    assert table["wau"] == {
        "days": 2,
        "observed_mean": 40.0,
        "mean_absolute_error": 20.0,  # |20 - 10| and |40 - 70|
        "bias": -10.0,
        "error_share": 0.5,
        "bias_share": -0.25,
    }
    assert table["dau"] == {"days": 0}
    assert "50% of the observed mean of 40; 25% below it (2 days)" in in_words("wau", table["wau"])
    assert "never observed" in in_words("dau", table["dau"])


def test_errors_against_nothing_but_zeros_have_no_share():
    daily = pd.DataFrame({"day": [0], "posts": [3]})
    table = errors(daily, pd.DataFrame({"day": [0], "posts": [0.0]}))
    assert table["posts"]["mean_absolute_error"] == 3
    assert table["posts"]["error_share"] is None
    assert "off by 3 a day" in in_words("posts", table["posts"])


def test_what_is_no_number_is_not_compared():
    daily = pd.DataFrame({"day": [0], "wau": [3], "stage": ["growth"]})
    for metric in ("stage", "interest_sum"):
        with pytest.raises(InputError, match=metric):
            errors(daily, pd.DataFrame({"day": [0], metric: [0.0]}))


def life(stages: list[tuple[str, int]], wau: list[int]) -> str:
    """The finding for spells (stage, days)."""
    spans, day = [], 0
    for stage, days in stages:
        spans.append((stage, day, day + days - 1))
        day += days
    levels = np.interp(np.arange(day), np.linspace(0, day - 1, len(wau)), wau).astype(int)
    world = SimpleNamespace(daily={"wau": levels})
    scenario = SimpleNamespace(dates=Dates(date(2024, 1, 1)))
    return finding(SimpleNamespace(world=world, stages=spans, scenario=scenario))


def test_finding():
    assert life([("seeding", 200)], [3, 4]) == "never takes off: at most 4 weekly members"
    assert (
        life([("growth", 100), ("activity", 151), ("decline", 250)], [9, 2310, 9])
        == "peaks at 2,310 weekly members in Sep 2024, in decline from Sep 2024"
    )
    assert (
        life([("growth", 100), ("decline", 100), ("dormancy", 101)], [9, 90, 9])
        == "peaks at 90 weekly members in May 2024, in decline from Apr 2024, dormant from Jul 2024"
    )
    assert (
        life([("growth", 40), ("decline", 30), ("growth", 20)], [9, 80, 9, 90])
        == "peaks at 90 weekly members on 30 Mar 2024, 2 waves, still growing at the end"
    )
    # No wave is over until it has halved; but nobody should think that all is well.
    ends = life([("growth", 40), ("activity", 160)], [9, 800, 480])
    assert ends.endswith(" weekly members in Apr 2024, 37% below that at the end")
    ends = life([("growth", 40), ("activity", 160)], [9, 800, 700])
    assert ends.endswith(" weekly members in Apr 2024, still active at the end")


def test_json_isstrict():
    given = {"a": np.int64(3), "b": [np.float64("nan"), float("inf")], "c": (np.float32(0.5),)}
    text = json.dumps(strict(given), allow_nan=False)
    assert json.loads(text) == {"a": 3, "b": [None, None], "c": [0.5]}


def test_output_folder(tmp_path):
    free = tmp_path / "a" / "b"
    assert check_folder(free) == free
    assert not free.parent.exists()
    old = tmp_path / "old"
    old.mkdir()
    for force in (False, True):  # somebody's folder, and no result
        with pytest.raises(InputError, match="not a result"):
            check_folder(old, force)
    (old / "provenance.json").write_text("{}")
    with pytest.raises(InputError, match="--force"):
        check_folder(old)
    assert check_folder(old, force=True) == old
    with pytest.raises(InputError, match="not a directory"):
        check_folder(old / "provenance.json" / "below")
    for odd in ("a\0b", "x" * 250, "x" * 300):
        with pytest.raises(InputError):
            check_folder(tmp_path / odd)


def test_a_folder_that_another_process_makes_meanwhile(tmp_path):
    out, mark = tmp_path / "out", tmp_path / "out" / "provenance.json"
    said = "found a result; allowed: a new folder, or --force"
    with pytest.raises(InputError, match=said), whole_folder(out, False, mark.name) as part:
        (part / mark.name).write_text("ours")
        out.mkdir()
        mark.write_text("theirs")
    assert mark.read_text() == "theirs" and list(tmp_path.iterdir()) == [out]


def test_names_at_line_ends_keep_apart():
    assert spread([0.0, 5.0], 1.0) == [0.0, 5.0]
    assert spread([5.0, 5.0], 2.0) == [4.0, 6.0]
    assert spread([1.0, 9.0, 1.0, 1.5], 1.0) == pytest.approx([1 / 6, 9, 7 / 6, 13 / 6])


def test_week_mean_has_fewer_days_at_the_ends():
    assert week_mean([1, 2, 3]) == pytest.approx([2, 2, 2])
    assert week_mean(range(10)) == pytest.approx([1.5, 2, 2.5, 3, 4, 5, 6, 6.5, 7, 7.5])


def test_day_ticks():
    days, names = day_ticks(Dates(date(2024, 1, 15)), 400)
    assert days[0] == 46 and names[0] == "Mar 2024\nday 46"
    assert day_ticks(Dates(date(2024, 1, 15)), 10)[1] == ["15 Jan\nday 0", "22 Jan\nday 7"]
    known = Dates(date(2024, 1, 15), known=True, today=9)
    assert day_ticks(known, 10) == ([0, 7, 9], ["15 Jan", "22 Jan", "\ntoday"])
    assert len(day_ticks(Dates(date(9980, 1, 1)), 7300)[0]) <= 11
