"""Early warning, against series whose decline has a known herald, or none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from comsim.common.errors import InputError
from comsim.studies.analysis.indicators import first_alarms, signs
from comsim.studies.analysis.swept import FactorColumn
from comsim.studies.analysis.warning import early_warning

from .sweeps import DECLINE, generator, swept

ADS = FactorColumn("ads", "ads", values=(0, 1))
DAYS = 500
WORLDS = 40


def sweep(begins: np.ndarray):
    """Points 0, 1, ... in WORLDS worlds that decline on these days (points, worlds)."""
    points = pd.DataFrame({"ads": np.arange(len(begins))})
    made = swept(points, (ADS,), lambda p, noise, luck: begins, WORLDS, DECLINE, design="grid")
    return type(made)(**{**vars_of(made), "days": DAYS})


def vars_of(made) -> dict:
    return {name: getattr(made, name) for name in made.__dataclass_fields__}


def table(columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """Series (runs, days) as a table of whole runs."""
    runs, days = next(iter(columns.values())).shape
    return pd.DataFrame({"run": np.repeat(np.arange(runs), days),
                         "day": np.tile(np.arange(days), runs),
                         **{name: v.ravel() for name, v in columns.items()}})  # fmt: skip


def series(seed: int, declines: np.ndarray, herald: str) -> tuple[np.ndarray, dict]:
    """Runs at about 400 weekly members; those that decline lose 1 % a day from day 350 on.

    herald "variance": from day 200 to 350 they grow four times as restless. "rate": their response
    rate falls from day 250 on. "none": they only fall, from day 320 on.
    """
    rng = generator(seed)
    runs, day = len(declines), np.arange(DAYS)
    restless = np.ones((runs, DAYS))
    if herald == "variance":
        restless += 3 * np.clip((day - 200) / 150, 0, 1) * declines[:, None]
    wau = 400 + 8 * restless * rng.normal(size=(runs, DAYS))
    start = 320 if herald == "none" else 350
    fall = np.where(declines[:, None], np.exp(-0.01 * np.clip(day - start, 0, None)), 1)
    begins = np.where(declines, 350.0, np.nan)
    rate = 0.6 + 0.02 * rng.normal(size=(runs, DAYS))
    if herald == "rate":
        rate -= np.where(declines[:, None], 0.002 * np.clip(day - 250, 0, None), 0)
    return begins, {"wau": np.maximum(wau, 0) * fall, "response_rate": rate}


def half_decline() -> np.ndarray:
    return np.arange(4 * WORLDS) % 2 == 0


def answered(herald: str, seed: int = 1, chunks: int = 1):
    declines = half_decline()
    begins, columns = series(seed, declines, herald)
    whole = table(columns)
    parts = [part for _, part in whole.groupby(whole["run"] * chunks // len(declines))]
    return early_warning(sweep(begins.reshape(4, WORLDS)), parts)


def chosen(answer) -> pd.DataFrame:
    return answer.table[answer.table["chosen"]].set_index("sign")


def test_restlessness_is_seen_before_members_fall():
    answer = answered("variance")
    rows = chosen(answer)
    assert rows.verdict["variance"] == "better" and rows.caught["variance"] > 0.8
    # Half way, on day 275, the variance is (2.5)^2 times what it was.
    assert 60 < rows.lead["variance"] < 140 and rows.gain_low["variance"] > 0
    assert answer.title.startswith("Rising variance predicts decline better than falling weekly")


def test_a_falling_rate_is_seen_with_its_lead():
    rows = chosen(answered("rate"))
    assert rows.verdict["falling_response_rate"] == "better"
    # A 28-day mean of a rate that falls by 0.002 a day is 5 % down after about 15 + 14 days.
    assert 50 <= rows.lead["falling_response_rate"] <= 95
    assert rows.lead_low["falling_response_rate"] <= rows.lead["falling_response_rate"]


def test_where_nothing_heralds_it_the_naive_rule_is_no_worse_and_that_is_said():
    answer = answered("none")
    rows = chosen(answer)
    assert set(rows.verdict.drop("naive")) <= {"no better", "worse"}
    assert "no better a predictor of decline than falling weekly members" in answer.title
    assert rows.caught["naive"] > 0.9 and 0 < rows.lead["naive"] < 30


def test_autocorrelation_rises_where_knocks_are_felt_for_longer():
    """From day 200 of 400 on a knock is felt for two weeks, with as much variance as before."""
    knocks = generator(9).normal(size=(200, 413))
    long = np.lib.stride_tricks.sliding_window_view(knocks, 14, axis=1).sum(axis=2) / np.sqrt(14)
    calm = 400 + 5 * knocks[:, 13:]
    slow = np.where(np.arange(400) < 200, calm, 400 + 5 * long)
    watched = tuple(sign for sign in signs("wau", "members", []) if sign.column == "wau")
    alarmed = [np.isfinite(first_alarms(table({"wau": wau}), watched)[1]["autocorrelation"][:, 8])
               for wau in (slow, calm)]  # fmt: skip
    assert alarmed[0].mean() > 0.6 > 0.2 > alarmed[1].mean()


def test_false_and_too_early_alarms_are_counted_apart():
    """All runs fall by a fifth on day 200; half of them decline on day 450, too late for that."""
    declines = half_decline()
    wau = np.full((len(declines), DAYS), 400.0)
    wau[:, 200:] = 320.0
    begins = np.where(declines, 450.0, np.nan)
    answer = early_warning(sweep(begins.reshape(4, WORLDS)), [table({"wau": wau})])
    naive = answer.table[(answer.table.sign == "naive") & (answer.table.threshold == 0.05)].iloc[0]
    assert (naive.caught, naive.early, naive.missed, naive["false"]) == (0, 1, 0, 1)


def test_where_decline_comes_out_of_the_blue_nothing_is_said_to_foretell_it():
    declines = half_decline()
    _, columns = series(2, np.zeros(len(declines), bool), "none")
    begins = np.where(declines, 350.0, np.nan)
    answer = early_warning(sweep(begins.reshape(4, WORLDS)), [table(columns)])
    assert "No sign predicts decline" in answer.title
    assert set(chosen(answer).verdict) == {"no better"}


def test_reading_in_pieces_changes_nothing():
    pd.testing.assert_frame_equal(answered("rate").table, answered("rate", chunks=7).table)


def test_signs_know_the_past_only():
    """What comes after an alarm can't change it."""
    _, columns = series(3, half_decline(), "variance")
    watched = signs("wau", "weekly members", ["response_rate"])
    other = {name: v.copy() for name, v in columns.items()}
    for values in other.values():
        values[:, 300:] *= 0.1
    first, second = (first_alarms(table(c), watched)[1] for c in (columns, other))
    for name in first:
        before = first[name] < 300
        assert before.any() and (second[name][before] == first[name][before]).all()


def test_series_of_every_second_day_give_about_the_same_days():
    _, columns = series(4, half_decline(), "rate")
    watched = signs("wau", "weekly members", ["response_rate"])
    whole = table(columns)
    daily = first_alarms(whole, watched)[1]["falling_response_rate"][::2, 3]
    rare = first_alarms(whole[whole["day"] % 2 == 0], watched)[1]["falling_response_rate"][::2, 3]
    assert np.abs(daily - rare).max() <= 21


def test_the_response_rate_is_made_of_answered_posts():
    begins, columns = series(6, half_decline(), "rate")
    posts = 20 + generator(7).random(columns["wau"].shape)
    parts = {"wau": columns["wau"], "posts": posts, "answered": posts * columns["response_rate"]}
    answer = early_warning(sweep(begins.reshape(4, WORLDS)), [table(parts)])
    rows = chosen(answer)
    assert "falling_answered" not in rows.index and "falling_posts" in rows.index
    assert rows.verdict["falling_response_rate"] == "better"


def test_all_decline_or_none_does():
    begins, columns = series(5, half_decline(), "rate")
    everywhere = np.where(np.isnan(begins), 350.0, begins)
    answer = early_warning(sweep(everywhere.reshape(4, WORLDS)), [table(columns)])
    assert any("All runs declined" in note for note in answer.warnings)
    assert set(chosen(answer).verdict) == {"not known"} and "All runs decline" in answer.title
    nowhere = np.full((4, WORLDS), np.nan)
    assert "No decline" in early_warning(sweep(nowhere), [table(columns)]).title
    one = nowhere.copy()
    one[0, 0] = 350.0
    assert "too few to evaluate" in early_warning(sweep(one), [table(columns)]).sentence
    soon = early_warning(sweep(np.full((4, WORLDS), 50.0)), [table(columns)])
    assert "before day 112" in soon.warnings[0]


def test_series_that_were_not_kept_are_an_error():
    with pytest.raises(InputError, match="series with wau"):
        early_warning(sweep(np.full((4, WORLDS), 300.0)), [table({"posts": np.ones((9, 9))})])
    with pytest.raises(InputError, match="found none"):
        early_warning(sweep(np.full((4, WORLDS), 300.0)), [])


@pytest.mark.parametrize("seed", range(3))
def test_the_median_lead_has_an_interval_that_holds_it(seed):
    rows = chosen(answered("rate", seed))
    some = rows[rows.caught > 0]
    assert (some.lead_low <= some.lead).all() and (some.lead <= some.lead_high).all()
    assert (rows.caught_low <= rows.caught).all() and (rows.caught <= rows.caught_high).all()


def test_runs_that_failed_or_were_stopped_are_told_apart():
    declines = half_decline()
    begins, columns = series(4, declines, "rate")
    made = sweep(begins.reshape(4, WORLDS))
    lived = np.full(len(declines), DAYS)
    lived[:6] = 300  # of which every other one declines on day 350
    made.runs["lived"] = lived
    made.runs.loc[:5, "decline"] = np.nan
    made.runs.loc[6:8, ["error", "decline"]] = "x", np.nan
    kept = table(columns).query("run not in [6, 7, 8]")  # a run that failed has no series
    notes = early_warning(type(made)(**{**vars_of(made), "stops": True}), [kept]).warnings
    assert notes[0] == "3 runs failed and are excluded."
    assert notes[1].startswith("6 runs were stopped before it was known")
