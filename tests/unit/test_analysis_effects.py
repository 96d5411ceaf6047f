"""Main effects and pairs, of outcomes whose effects are known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from comsim.studies.analysis.effects import main_effects, main_fit
from comsim.studies.analysis.pairs import pairs
from comsim.studies.analysis.phrasing import gaps
from comsim.studies.analysis.swept import FactorColumn, Outcome

from .sweeps_by_hand import factors, hypercube, swept

GRID = np.array(list(product([0, 0.5, 1], repeat=3)))


def additive(points: pd.DataFrame) -> pd.Series:
    return 100 + 10 * points["a"] - 6 * points["b"] ** 2


@pytest.mark.parametrize("design, points", [
    ("latin_hypercube", hypercube(200, 3)), ("csv", hypercube(80, 3, seed=2)), ("grid", GRID),
])  # fmt: skip
def test_effects_are_those_that_were_put_in(design, points):
    answer = main_effects(swept(design, points, factors("abc"), additive, 4, own=1), "y")
    table = answer.table.set_index("factor")
    for name, effect in {"a": 10, "b": -6, "c": 0}.items():
        assert table["low"][name] <= effect <= table["high"][name]
    assert list(answer.table["factor"]) == ["a", "b", "c"]
    assert list(table["clear"]) == [True, True, False]
    assert table["share"]["a"] > table["share"]["b"] > 0.1 > table["share"]["c"]


@pytest.mark.parametrize("design, points", [
    ("latin_hypercube", hypercube(100, 2)), ("csv", GRID[:, :2]), ("grid", GRID[::3, :2]),
])  # fmt: skip
def test_worlds_that_disagree_about_an_effect_widen_its_interval(design, points):
    """+10 in half of the worlds, -10 in the others: over points alone, chance would be certain."""
    made = swept(design, points, factors("ab"), lambda p: 0 * p["a"], worlds=6, own=0.5)
    way = np.where(made.runs["world"] < 4, 10, -10)
    made.runs["y"] += made.runs["a"] * way
    row = main_effects(made, "y").table.set_index("factor").loc["a"]
    assert row["change"] == pytest.approx(10 / 3, abs=1)
    assert row["low"] < -5 and row["high"] > 11 and not row["clear"]


def test_a_best_value_inside_the_range_is_told_beside_the_effect():
    """From 0 to 1 it rises by 10, but it is 4 higher at 0.75; `b` is straight, and rises by 10."""
    places = np.array(list(product([0, 0.25, 0.5, 0.75, 1], repeat=2)))
    humped = {0: 0.0, 0.25: 5.0, 0.5: 10.0, 0.75: 14.0, 1: 10.0}
    made = swept("grid", places, factors("ab"), lambda p: p["a"].map(humped) + 10 * p["b"],
                 worlds=8, own=1)  # fmt: skip
    answer = main_effects(made, "y")
    table = answer.table.set_index("factor")
    assert table["peak"]["a"] == "most" and table["most_at"]["a"] == 0.75
    assert not table["bent"]["a"] and table["peak"]["b"] == ""
    assert "from 0 to 1, but most (" in answer.sentence
    flat = {0: 0.0, 0.25: 5.0, 0.5: 9.0, 0.75: 9.0, 1: 9.0}  # beyond the middle it does not bind
    made = swept("grid", places, factors("ab"), lambda p: p["a"].map(flat), worlds=8, shared=1)
    assert list(main_effects(made, "y").table["peak"]) == ["", ""]
    none = swept("grid", places, factors("ab"), lambda p: 10 * p["b"], worlds=8, own=3)
    assert list(main_effects(none, "y").table["peak"]) == ["", ""]


def test_luck_of_worlds_that_share_a_draw_is_not_counted_twice():
    """Eight worlds of four draws, and no luck beside: means keep a quarter of the variance."""
    made = swept("grid", GRID, factors("abc"), additive, worlds=8, drawn=True)
    draws = np.random.default_rng(1).normal(size=(len(GRID), 4))
    made.runs["y"] += np.repeat(draws, 2, axis=1).ravel()
    main = main_fit(made, "y")
    noise, freedom = main.noise(main.fitted)
    assert noise == pytest.approx(0.25, rel=0.3) and freedom == 3 * (len(GRID) - 1)


def test_an_additive_outcome_has_no_pairs():
    for design, points in (("latin_hypercube", hypercube(200, 3)), ("grid", GRID)):
        exact = pairs(swept(design, points, factors("abc"), additive), "y").table
        assert exact["share"].to_numpy() == pytest.approx(0, abs=1e-5)
        noisy = pairs(swept(design, points, factors("abc"), additive, own=1), "y")
        assert not noisy.table["clear"].any() and (noisy.table["share"] < 0.01).all()
        assert "no two factors" in noisy.title


def test_a_product_is_all_pair():
    """x y over [-1, 1]: no main effect, and the pair makes the whole variance."""
    for design, points in (("latin_hypercube", hypercube(300, 3)), ("grid", GRID)):
        made = swept(design, 2 * points - 1, factors("abc", low=-1), lambda p: 5 * p["a"] * p["b"])
        found = pairs(made, "y").table.iloc[0]
        assert {found["factor"], found["other"]} == {"a", "b"} and found["clear"]
        assert found["share"] == pytest.approx(1, abs=0.05)
        # From -1 to 1 one factor does -10 where the other one is at -1, +10 where it is at 1.
        assert (found["change_low"], found["change_high"]) == pytest.approx((-10, 10), abs=0.1)
        assert (main_effects(made, "y").table["share"] < 0.05).all()


def test_what_all_points_share_of_luck_moves_no_effect_of_a_grid():
    calm = main_effects(swept("grid", GRID, factors("abc"), additive, 4, own=1), "y").table
    wild = swept("grid", GRID, factors("abc"), additive, 4, own=1, shared=100)
    pd.testing.assert_frame_equal(
        calm[["factor", "change", "low", "high"]],
        main_effects(wild, "y").table[["factor", "change", "low", "high"]],
    )
    assert "over worlds" in main_effects(wild, "y").sentence


def test_lucks_of_a_draw_are_no_independent_worlds():
    """Copying every world, as two lucks of one draw, does not narrow the intervals."""
    once = swept("grid", GRID, factors("abc"), additive, 4, own=1)
    runs = pd.concat([once.runs.assign(world=2 * once.runs["world"] + k) for k in (0, 1)])
    twice = type(once)(runs, once.factors, once.outcomes, "grid", 100, worlds=8, drawn=True)
    columns = ["factor", "change", "low", "high"]
    pd.testing.assert_frame_equal(
        main_effects(twice, "y").table[columns], main_effects(once, "y").table[columns]
    )


def test_a_choice_is_told_from_its_worst_to_its_best():
    policy = FactorColumn("policy", "policy", values=("as now", "gifts", "posts"))
    points = pd.DataFrame(product(policy.values, [0.0, 1.0]), columns=["policy", "a"])
    gain = {"as now": 5.0, "gifts": 0.0, "posts": 20.0}
    made = swept("grid", points, (policy, *factors("a")), lambda p: p["policy"].map(gain) + p["a"])
    answer = main_effects(made, "y")
    row = answer.table.iloc[0]
    assert (row["from"], row["to"], row["change"]) == ("gifts", "posts", pytest.approx(20))
    assert answer.title.endswith("policy, +20 people from gifts to posts")


def test_an_effect_that_turns_round_is_told_by_where_it_is_most():
    made = swept("latin_hypercube", hypercube(200, 2), factors("ab"),
                 lambda p: -40 * (p["a"] - 0.5) ** 2 + p["b"], own=0.5)  # fmt: skip
    answer = main_effects(made, "y")
    row = answer.table.iloc[0]
    assert row["factor"] == "a" and row["bent"] and row["clear"]
    assert row["most_at"] == pytest.approx(0.5, abs=0.06)
    assert row["swing"] == pytest.approx(10, rel=0.1)
    assert "a, most (" in answer.sentence


def test_logarithmic_ranges_are_even_in_the_logarithm():
    factor = FactorColumn("a", "a", low=0.1, high=10, scale="log")
    points = 10 ** (2 * hypercube(100, 1) - 1)
    made = swept("latin_hypercube", points, (factor,), lambda p: 3 * np.log10(p["a"]))
    row = main_effects(made, "y").table.iloc[0]
    assert row["change"] == pytest.approx(6) and row["share"] == pytest.approx(1)


def test_levers_and_uncertainties_are_told_apart():
    made = swept("latin_hypercube", hypercube(100, 3), factors("abc", unknown="b"), additive)
    chosen, unknown = main_effects(made, "y").sentence.split("Uncertain factors:")
    assert "a, +10 people" in chosen and "b, −6 people" in unknown
    product = swept("latin_hypercube", hypercube(200, 3), factors("abc", unknown="a"),
                    lambda p: p["a"] * (1 + p["b"]))  # fmt: skip
    row = pairs(product, "y").table.iloc[0]
    assert (row["factor"], row["other"]) == ("b", "a")  # what is chosen hangs on what isn't known


def test_factors_that_move_together_are_not_told_apart():
    points = np.array([[0, 0, 0], [0.5, 0.5, 1], [1, 1, 0], [0, 0, 1], [1, 1, 1]])
    answer = main_effects(swept("list", points, factors("abc"), additive, own=0.1), "y")
    table = answer.table.set_index("factor")
    assert np.isnan(table["change"]["a"]) and np.isnan(table["change"]["b"])
    assert np.isfinite(table["change"]["c"])
    assert any("effects of a and b can't be separated" in line for line in answer.warnings)


def test_a_list_too_short_for_pairs_says_so():
    answer = pairs(swept("list", GRID[[0, 5, 9, 20, 26]], factors("abc"), additive, own=1), "y")
    assert "can't be determined" in answer.title and answer.table["share"].isna().all()


def test_failed_runs_are_left_out_and_counted():
    made = swept("latin_hypercube", hypercube(100, 3), factors("abc"), additive)
    made.runs.loc[made.runs["point"] < 5, ["error", "y"]] = "impossible", np.nan
    answer = main_effects(made, "y")
    assert answer.table["change"][0] == pytest.approx(10, abs=0.2)
    assert "10 of 200 runs failed and are excluded." in answer.warnings


def test_a_day_that_never_came_counts_as_the_horizon():
    asleep = Outcome("y", "dormancy begins", "day", begins=True)
    made = swept("latin_hypercube", hypercube(100, 2), factors("ab"),
                 lambda p: np.where(p["a"] > 0.5, np.nan, 20.0), outcome=asleep)  # fmt: skip
    assert set(np.unique(made.by_point("y"))) == {20.0, 100.0}
    answer = main_effects(made, "y")
    assert answer.table["factor"][0] == "a" and answer.table["change"][0] > 60
    assert any("never in 50 % of runs; there it counts as day 100" in w for w in answer.warnings)


def test_what_does_not_move_is_said():
    still = swept("latin_hypercube", hypercube(50, 2), factors("ab"), lambda p: 0 * p["a"])
    assert main_effects(still, "y").title == "Members: the same at all points"
    assert not pairs(still, "y").table["clear"].any()
    fixed = hypercube(50, 2)
    fixed[:, 1] = 0.3
    answer = main_effects(swept("csv", fixed, factors("ab"), lambda p: p["a"]), "y")
    assert "Not analysed, since it is the same at all points: b." in answer.warnings


def test_nothing_but_failures():
    made = swept("latin_hypercube", hypercube(20, 2), factors("ab"), lambda p: p["a"])
    made.runs["error"], made.runs["y"] = "impossible", np.nan
    for answer in (main_effects(made, "y"), pairs(made, "y")):
        assert not len(answer.table) and answer.draw() is None
        assert "40 of 40 runs failed and are excluded." in answer.warnings


def test_one_factor_makes_no_pairs():
    made = swept("grid", np.array([[0.0], [0.5], [1.0]]), factors("a"), lambda p: p["a"])
    assert pairs(made, "y").title == "Members: fewer than two factors vary"
    assert main_effects(made, "y").table["share"][0] == pytest.approx(1)


def test_runs_of_different_length_are_told():
    day = Outcome("y", "decline begins", "day", begins=True)
    made = swept("grid", [[0.0], [1.0]], factors("a"), lambda p: 20 + p["a"], outcome=day)
    made.runs["lived"] = np.where(made.runs["point"] == 0, 20, 60)
    made.runs.loc[made.runs["point"] == 0, "y"] = np.nan
    assert any("differ in length" in note for note in gaps(made, day))
    made.runs["lived"] = 60
    assert not any("differ in length" in note for note in gaps(made, day))
