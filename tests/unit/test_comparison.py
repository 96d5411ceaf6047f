"""Comparisons of small communities: what a strategist relies on."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import comsim
from comsim import compare
from comsim.common.errors import InputError
from comsim.language.amounts import rounded
from comsim.language.phrases import Words
from comsim.measure.metrics.retention import retained
from comsim.model.catalogue import PARAMETERS
from comsim.statistics.intervals import quantiles
from comsim.studies.comparison.choices.policies import policies_of
from comsim.studies.comparison.drivers import key_driver_table, parameters_that_act
from comsim.studies.comparison.finding import ahead, change, kind
from comsim.studies.comparison.outcomes import BY_NAME, OUTCOMES, outcomes_of
from comsim.studies.comparison.verdicts import _row
from comsim.studies.comparison.words.differences import chance, mean, range_in_words
from comsim.studies.comparison.words.sentences import headline, sentence, who_is_ahead

from .comparisons import ADS, GIFT, NOW, SMALL, SPREADS, alone, scenario, with_policy

EN = Words("en", NOW.dates)


def test_a_scenario_against_itself_is_exactly_the_same():
    for sample in ("plausible", "independent", "default"):
        found = compare(NOW, NOW, worlds=6, sample=sample)
        rows = found.verdicts
        assert set(rows["verdict"]) == {"no difference"}
        nothing = ["q05", "q50", "q95", "difference", "mean_low", "mean_high", "standard_error",
                   "wins", "losses", "share_policy"]  # fmt: skip
        assert (rows[nothing].fillna(0) == 0).all(axis=None)
        assert (rows[["better", "better_low", "better_high"]] == 0.5).all(axis=None)
        assert found.of("wau_mean")["pairing"] == np.inf
        assert "No difference" in found.sentence
        apart = found.series[found.series["of"] == "difference"]
        assert (apart[["q05", "q50", "q95", "mean_low", "mean_high"]] == 0).all(axis=None)
        assert (apart[["ahead", "ahead_low", "ahead_high"]] == 0.5).all(axis=None)
        assert not found.key_drivers["correlation"].any()


def test_verdicts_point_the_right_way(three):
    assert three.of("wau_mean", "Gift")["verdict"] == "better"
    assert three.of("wau_mean", "Ads")["verdict"] in ("worse", "probably worse")
    assert three.of("cost", "Gift")["verdict"] == "more"
    first, second = three.sentence.split("\n")
    assert first.startswith("Rough estimate: “Gift” is better than “As now”: ")
    assert "mean weekly members +" in first and "at least +5% in " in first
    assert "“Ads” is " in second and "worse than “As now”: mean weekly members −" in second


def rows_by_chance() -> list[dict]:
    """Rows of verdicts on made-up worlds in which the two estimators often disagree."""
    found = []
    for seed in range(300):
        rng = np.random.Generator(np.random.Philox(seed))
        a = np.exp(rng.normal(4, 1.2, (10, 1)) + rng.normal(0, 0.2, (10, 1)))
        b = np.abs(a * np.exp(rng.normal(0.05, 0.3, a.shape)) + rng.normal(4, 12, a.shape))
        found.append(_row(BY_NAME["wau_mean"], a, b, None, 100, False, 0.05))
        share = BY_NAME["retention_30"]
        found.append(_row(share, a / 1e4, b / 1e4, None, 100, False, 0.05))
    return found


def test_more_worlds_shrink_the_interval_that_is_shown():
    for row in rows_by_chance():
        shown = change(row)
        clear = shown.low > 0 or shown.high < 0
        assert clear == (row["worlds_to_tell"] <= row["worlds"])


@pytest.mark.parametrize("gaining, said", [
    (97, "better"), (85, "probably better"), (60, "not clear"), (15, "probably worse"),
    (3, "worse"),
])  # fmt: skip
def test_a_verdict_is_about_ones_own_world_and_not_about_the_mean(gaining, said):
    """Few large gains do not make a policy better, however precisely the mean is known."""
    a = np.linspace(99, 101, 100)[:, None]
    b = a + np.where(np.arange(100) < gaining, 8.0, -1.0)[:, None]
    row = _row(BY_NAME["wau_mean"], a, b, None, 100, False, 0.05)
    assert row["verdict"] == said and row["gains"] == gaining / 100
    assert row["mean_low"] > 0 or gaining < 20


def test_a_quantile_is_where_the_weight_is():
    """By hand, with weights .8, .1, .1: n = 1 / .66 effective worlds, and the window of the median
    reaches from .5 (n - 1) / n = .17 to .83."""
    values = np.array([[0.0], [50.0], [100.0]])
    assert quantiles(values, (0.05, 0.5, 0.95), np.ones(3) / 3) == pytest.approx([5, 50, 95])
    low, middle, high = quantiles(values, (0.05, 0.5, 0.95), np.array([0.8, 0.1, 0.1]))
    assert (low, middle) == pytest.approx((0, 50 * 0.03 / 0.66))
    left = 0.95 * (1 - 0.66)  # .323; the window ends at .983
    parts = np.array([0.1, left + 0.66 - 0.9]) / 0.66
    assert high == pytest.approx(parts @ [50, 100])


def test_a_weighted_world_counts_as_often_as_its_weight():
    rng = np.random.Generator(np.random.Philox(2))
    a, d = rng.normal(100, 9, (40, 2)), rng.normal(4, 9, (40, 2))
    times = np.arange(40) % 4
    few = _row(BY_NAME["wau_mean"], a, a + d, times / times.sum(), 100, False, 0.05)
    many = [np.repeat(x, times, axis=0) for x in (a, a + d)]
    long = _row(BY_NAME["wau_mean"], *many, None, 100, False, 0.05)
    for name in ("gains", "loses", "better", "difference", "mean_a", "relative"):
        assert few[name] == pytest.approx(long[name]), name
    for name in ("q05", "q50", "q95", "relative_q50"):
        assert few[name] == pytest.approx(long[name], abs=0.03 * a.mean()), name
    assert few["mean_high"] - few["mean_low"] > long["mean_high"] - long["mean_low"]


def test_minus_signs_are_true_and_numbers_have_two_digits(three):
    ends = {"relative_q05": -0.0312, "relative_q50": 0.0612, "relative_q95": 0.2749}
    row = dict(three.of("wau_mean")) | ends
    row |= {"relative": 0.02, "relative_mean_low": -0.003, "relative_mean_high": 0.043}
    assert mean(row, EN) == "+2.0% (−0.3 to 4.3)"
    assert range_in_words(row, EN) == "+6% (−3% to +27% in nine of ten worlds)"
    assert mean(row | {"relative_mean_low": 0.0, "relative_mean_high": 0.04}, EN) == (
        "+2% (0 to 4)"
    )
    none = dict.fromkeys(("relative", "relative_mean_low", "relative_mean_high"), 0.0)
    assert mean(row | none, EN) == "0% (0 to 0)"
    drivers = three.key_drivers.assign(correlation=-1.0, low=-1.0, high=-0.0, clear=True)
    (line,) = [x for x in replace(three, key_drivers=drivers).why("Gift") if "depends most" in x]
    assert "−1, 95% confidence interval −1 to 0)" in line and "-" not in line


def test_there_is_a_range_where_a_share_has_no_meaning():
    found = compare(NOW, alone(), worlds=4)
    row = found.of("wau_mean")
    assert np.isnan(row["relative"]) and np.isfinite(row["mean_low"])
    low, middle, high = rounded(row["q05"], row["q50"], row["q95"], sign=True)
    assert found.sentence.startswith("Rough estimate: Untested: “Alone” is worse")
    assert f"{middle} ({low} to {high} in nine of ten worlds)" in found.sentence


def test_verdicts_are_what_the_runs_say(three):
    runs = three.worlds.pivot(index="world", columns="policy", values="members")
    row, d = three.of("members", "Gift"), runs["Gift"] - runs["As now"]
    assert row["difference"] == pytest.approx(d.mean())
    assert row["mean_a"] == pytest.approx(runs["As now"].mean())
    assert (row["wins"], row["ties"], row["losses"]) == (
        (d > 0).sum(),
        (d == 0).sum(),
        (d < 0).sum(),
    )
    error = d.std(ddof=1) / np.sqrt(12)
    assert row["standard_error"] == pytest.approx(error)
    assert row["mean_high"] - row["mean_low"] == pytest.approx(
        2 * 2.2009852 * error  # t with 11 degrees of freedom
    )
    assert row[["q05", "q50", "q95"]].tolist() == pytest.approx(d.quantile([0.05, 0.5, 0.95]))
    shares = (runs["Gift"] / runs["As now"] - 1).quantile([0.05, 0.5, 0.95])
    assert row[["relative_q05", "relative_q50", "relative_q95"]].tolist() == pytest.approx(shares)
    assert row["pairing"] == pytest.approx((runs["As now"].var() + runs["Gift"].var()) / d.var())
    assert np.isnan(row["share_luck"])  # too few worlds to divide the variance


def test_a_run_of_a_comparison_is_a_run():
    """In a fixed world, a row is what `simulate` gives for its seed."""
    found = compare(NOW, GIFT, worlds=4, sample="default")
    rows = found.worlds.set_index(["world", "policy"])
    for policy, form in (("As now", NOW), ("Gift", GIFT)):
        row = rows.loc[(2, policy)]
        run = comsim.simulate(form, seed=int(row["seed"]))
        assert row["members"] == run.daily["members"].iloc[-1]
        assert row["wau_mean"] == pytest.approx(run.daily["wau"].mean())
        assert row["trust"] == pytest.approx(run.daily["trust_mean"].iloc[-1])
        assert row["profit"] == pytest.approx(run.daily["profit_cumulative"].iloc[-1])
        first = {}
        for stage, day, _ in run.stages:
            first.setdefault(stage, day)
        for stage in ("growth", "activity", "decline", "dormancy"):
            assert row[stage] == first.get(stage) or (np.isnan(row[stage]) and stage not in first)
        assert row["retention_30"] == pytest.approx(retained(run.events(), 1))


def test_neither_threads_nor_further_policies_change_a_number(three):
    alone = compare(NOW, ADS, worlds=12, jobs=1, sample="independent")
    here = three.verdicts[three.verdicts["policy"] == "Ads"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.verdicts, here)
    mine = three.series[three.series["policy"] != "Gift"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.series, mine)
    pd.testing.assert_frame_equal(alone.draws, three.draws)


def test_each_world_has_parameters_of_its_own(three):
    draws = three.worlds.groupby("world")["draw"].first()
    assert draws.tolist() == list(range(12))
    assert len(three.draws) == 12 and three.draws["learning"].nunique() == 12
    fixed = compare(NOW, ADS, worlds=5, sample="default")
    assert list(fixed.draws) == ["draw"] and len(fixed.key_drivers) == 0


def test_key_drivers_name_what_was_left_open():
    """One number is wide open and moves what a gift is worth; the others hardly are."""
    warmth = {"gift_warmth": {"low": 0.0, "high": 1.0}, "trust_healing": 0,
              "word_of_mouth": 8, "invitation_rate": 0.7}  # fmt: skip
    open_ = {"parameters": warmth, "community": {"market": 1500}}
    now, gift = scenario(**open_), scenario("Gift", policy={"welcome_gift": 20}, **open_)
    found = compare(now, gift, worlds=80, jobs=2)
    top = found.key_drivers[found.key_drivers["outcome"] == "trust"].iloc[0]
    assert (top["parameter"], bool(top["clear"])) == ("gift_warmth", True)
    assert top["low"] > 0
    row = found.of("trust")
    assert row["difference_parameters"] > 0.5  # the rest is chance
    shares = row[["share_luck", "share_parameters", "share_policy"]]
    assert shares.sum() == pytest.approx(1) and (shares >= 0).all()


def test_days_that_never_come_count_as_the_horizon(three):
    spreads = SPREADS | {"word_of_mouth": 14, "walk_in_rate": 0.003}
    grows = scenario(policy={"seed_group": 20}, parameters=spreads)
    found = compare(grows, alone(), worlds=12, sample="independent")
    row = found.of("growth")
    assert row["begins_a"] > row["begins_b"] == 0 and row["mean_b"] == 120
    assert np.isnan(row["both_difference"]) and row["mean_low"] > 0
    interest = found.of("interest")  # of nobody
    assert interest["worlds"] == 0 and interest["verdict"] == "does not exist"
    assert not [line for line in found.cannot_say if "interest" in line]
    assert np.isnan(row["worlds_to_tell"])  # no number of worlds for what is censored
    trust = found.series[(found.series["metric"] == "trust") & (found.series["policy"] == "Alone")]
    assert trust[["q50", "mean"]].isna().all(axis=None)  # of nobody, as in the table
    assert "“Alone” is worse than “As now”" in found.sentence


def test_outcomes_exist_in_each_run():
    run = comsim.simulate(NOW, seed=3)
    values = outcomes_of(run.world)
    assert values.shape == (len(OUTCOMES),)
    levels = [not outcome.begins for outcome in OUTCOMES]
    assert np.isfinite(values[levels]).all()


@pytest.mark.parametrize("other, said", [
    (scenario("B", days=90), "B.toml: days: found 90; allowed: 120, as in As now.toml"),
    (scenario("B", community={"market": 500}), "B.toml: community.market: found 500; allowed: 400"),
    (scenario("B", segments=[{"name": "x"}]), "B.toml: segments: found others"),
    (scenario("B", calendar={"weekday": [1, 1, 1, 1, 1, 1, 2]}), "B.toml: calendar.weekday"),
])  # fmt: skip
def test_policies_share_a_market(other, said):
    with pytest.raises(InputError) as error:
        compare(NOW, other, worlds=4)
    assert str(error.value).startswith(said) and "\n" not in str(error.value)


@pytest.mark.parametrize("wrong", [
    {"worlds": 2}, {"worlds": 10**6}, {"seed": -1}, {"share": 0.0}, {"share": 1.0},
    {"share": 0.5, "equal_budget": True},
])  # fmt: skip
def test_numbers_that_make_no_comparison(wrong):
    with pytest.raises(InputError):
        compare(NOW, GIFT, **({"worlds": 4} | wrong))


def test_names_always_differ():
    names = [policy.name for policy in policies_of([NOW, scenario(), scenario()])]
    assert names == ["As now (A)", "As now (B)", "As now (C)"]
    other = comsim.Scenario.from_dict(SMALL, "folder/b.toml")
    assert [p.name for p in policies_of([NOW, other])] == ["As now", "b"]


def test_parameters_of_ones_own_are_noted():
    other = scenario("Team", parameters={"staff_cost": 200})
    found = compare(NOW, other, worlds=4)
    assert any("staff_cost" in note for note in found.notes)
    assert found.of("wau_mean")["verdict"] == "no difference"
    assert found.of("profit")["verdict"] == "worse"


def test_a_surely_small_difference_is_told_as_one(three):
    row = dict(three.of("wau_mean")) | {"relative_mean_low": -0.003, "relative_mean_high": 0.007}
    row |= {"relative_q05": -0.01, "relative_q50": 0.002, "relative_q95": 0.015}
    assert kind(row) == "hardly"
    assert kind(row | {"relative_q95": 0.03}) != "hardly"
    assert kind(row | {"verdict": "no difference"}) == "no_difference"


def test_joiners_of_ones_own_are_noted(tmp_path):
    text = 'name = "{}"\ndays = 120\n[community]\nmarket = 400\n[intake]\ncsv = "{}.csv"\n'
    for name, joiners in (("one", 30), ("two", 20)):
        (tmp_path / f"{name}.csv").write_text(f"day,joiners\n0,{joiners}\n1,20\n")
        (tmp_path / f"{name}.toml").write_text(text.format(name, name))
    one, two = (comsim.load_scenario(tmp_path / f"{name}.toml") for name in ("one", "two"))
    for first, other, said in ((NOW, one, "one.csv beside those of its levers"),
                               (one, two, "two.csv beside those of one.csv")):  # fmt: skip
        notes = compare(first, other, worlds=4).notes
        assert any("has other joiners than" in note and said in note for note in notes)
    assert not any("other joiners" in note for note in compare(one, one, worlds=4).notes)


def test_there_are_at_most_eight_policies():
    many = [scenario(str(number)) for number in range(9)]
    with pytest.raises(InputError, match="policies: found 9; allowed: at most 8"):
        compare(*many, worlds=4)
    with pytest.raises(InputError, match="policies: found 9"):
        compare(*many[:5], worlds=4, share=0.5)


def test_who_is_ahead_of_itself():
    found = compare(NOW, NOW, worlds=4, sample="default")
    series = found.series[(found.series["of"] == "difference") & (found.series["metric"] == "wau")]

    def lead(fan: pd.DataFrame) -> str:
        return who_is_ahead(ahead(fan, "B", "A"), "wau", EN)

    assert lead(series).endswith("no difference between “B” and “A” in any world on any day")
    html = found.report()
    assert "in any world on any day" in html
    assert "Better in" not in html and "50% of worlds" not in html
    some = series.assign(tied=0.3, ahead=0.55, ahead_low=0.4, ahead_high=0.7)
    said = "“B” is ahead of “A” in 55% of worlds, ties counted half (95% confidence interval 40% to"
    assert said in lead(some)
    assert "ties" not in lead(some.assign(tied=0.0))
    behind = some.assign(tied=0.0, ahead=np.where(some["day"] < 40, 0.2, 0.04))
    assert "“A” is ahead of “B” in at least 90% of worlds from 10 Feb 2024 (day 40)" in lead(behind)


def test_four_of_four_worlds_are_not_a_certainty():
    found = compare(NOW, alone(), worlds=4)
    row = found.of("wau_mean")
    assert (row["losses"], chance(row)) == (4, "<5%")
    assert found.sentence.startswith("Rough estimate: ")
    assert "95%)" not in " ".join(found.why())


def test_profit_that_goes_the_other_way_is_in_the_headline(three):
    verdicts = three.verdicts.copy()
    at = (verdicts["policy"] == "Gift") & (verdicts["outcome"] == "profit")
    for verdict, said in (("worse", "; but profit "), ("better", None)):
        verdicts.loc[at, "verdict"] = verdict
        found = replace(three, verdicts=verdicts).finding("Gift")
        line = headline(found, EN)
        whole = sentence(found, EN)
        assert whole.endswith(", not validated.") and (said or "; profit ") in whole
        assert (said in line) if said else "profit" not in line


def test_the_old_name_of_key_drivers_works_and_warns(three):
    with pytest.warns(DeprecationWarning, match="key_drivers"):
        old = three.hinges
    pd.testing.assert_frame_equal(old, three.key_drivers)


def test_copies_of_parameters_are_no_key_drivers():
    """Ten parameter samples, each in twenty worlds, with an effect that differs between them by
    chance."""
    rng = np.random.Generator(np.random.Philox(4))
    policies = policies_of([NOW, GIFT])
    names = ["learning", "word_of_mouth", "gift_warmth", "clock", "bounce", "keenness"]
    found = []
    for _ in range(40):
        samples = pd.DataFrame(rng.random((10, len(names))), columns=names)
        samples = samples.loc[np.arange(200) % 10].reset_index(drop=True)
        first = np.ones((2, 200, len(OUTCOMES)))
        outcomes = first + rng.random((10, 1))[np.arange(200) % 10]
        runs = SimpleNamespace(first=first, outcomes=outcomes, starts=(0, 0), since=(0, 0),
                               series=np.zeros((2, 3, 200, 120)))  # fmt: skip
        table = key_driver_table(policies, runs, samples)
        found.append(bool(table["clear"].any()))
    assert np.mean(found) < 0.2  # 1.0 if each world counted


def test_parameters_that_cannot_act_are_no_key_drivers():
    """Changed all together, they change no bit of any run."""
    events = with_policy("Events", online_event={"on": [{"day": 30, "value": 1}]})
    names = [*PARAMETERS]
    for policies in ([NOW, GIFT], [NOW, events]):
        compiled = policies_of(policies)
        idle = {*names} - {*parameters_that_act(names, compiled)}
        assert {"raffle_joy", "kol_trust", "leak_harm", "straying"} <= idle
        assert ("online_warmth" in idle) == (events not in policies)
        other = {name: PARAMETERS[name].high / 2 for name in idle if PARAMETERS[name].value > 0}
        other = {name: int(x) if PARAMETERS[name].whole else x for name, x in other.items()}
        for form in policies:
            data = form.to_dict()
            changed = form.again(data | {"parameters": data["parameters"] | other})
            here, there = (comsim.simulate(s, seed=1, threads=1).daily for s in (form, changed))
            pd.testing.assert_frame_equal(here, there)
    found = compare(NOW, GIFT, worlds=4)
    assert "raffle_joy" in found.draws and "raffle_joy" not in set(found.key_drivers["parameter"])
    leak = scenario("Leak", shocks=[{"kind": "leak", "day": 40, "severity": 0.9}])
    toxic = scenario("Toxic", parameters={"toxicity": {"low": 0, "high": 0.1}})
    assert "leak_harm" in parameters_that_act(names, policies_of([NOW, leak]))
    assert "toxic_hurt" in parameters_that_act(names, policies_of([NOW, toxic]))


def test_a_file_that_was_copied_and_not_changed_is_noted():
    copied = NOW.again(NOW.to_dict() | {"name": "Copy"})
    assert any("has the same content" in note for note in compare(NOW, copied, worlds=4).notes)


def test_stopping_stops_soon_and_starts_nothing_more():
    calls = []

    def stop(done, total):
        calls.append(done)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(NOW, GIFT, worlds=2000, jobs=1, progress=stop)
    assert calls == [1, 2, 3]
