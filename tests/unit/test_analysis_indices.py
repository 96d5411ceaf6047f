"""Sobol and Morris indices, the order they give, and luck's share, where they are known."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from comsim.statistics.indices import within_bounds
from comsim.statistics.ranking import ranking
from comsim.statistics.variance import error_of_means, stochastic_share
from comsim.studies.analysis import indices
from comsim.studies.analysis.sensitivity import (
    SOBOL,
    _ties,
    morris,
    sensitivity,
    sobol,
    sobol_pairs,
)
from comsim.studies.analysis.stochastic import stochastic
from comsim.studies.analysis.swept import FactorColumn, Outcome, Swept

from .sweeps_by_hand import factors, swept


def problem(varied) -> dict:
    return {
        "num_vars": len(varied),
        "names": [f.name for f in varied],
        "bounds": [[f.low, f.high] for f in varied],
    }


def sobol_sweep(formula, varied, base: int, second_order: bool = False, **luck) -> Swept:
    from SALib.sample import sobol as sample

    points = sample.sample(problem(varied), base, calc_second_order=second_order, seed=1)
    return swept("sobol", points, varied, formula, second_order=second_order, **luck)


def morris_sweep(formula, varied, trajectories: int, **luck) -> Swept:
    from SALib.sample import morris as sample

    points = sample.sample(problem(varied), trajectories, num_levels=4, seed=1)
    return swept("morris", points, varied, formula, **luck)


def ishigami(points: pd.DataFrame, a: float = 7.0, b: float = 0.1) -> pd.Series:
    """Ishigami and Homma 1990; indices in closed form."""
    x, y, z = (points[name] for name in "abc")
    return np.sin(x) + a * np.sin(y) ** 2 + b * z**4 * np.sin(x)


def known_ishigami(a: float = 7.0, b: float = 0.1) -> tuple[dict, dict]:
    one, two = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8
    together = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + together
    first = {"a": one / whole, "b": two / whole, "c": 0.0}
    total = {"a": (one + together) / whole, "b": two / whole, "c": together / whole}
    return first, total


@pytest.mark.parametrize("second_order", [False, True])
def test_the_indices_of_ishigami_lie_in_their_intervals(second_order):
    varied = factors("abc", low=-np.pi, high=np.pi)
    made = sobol_sweep(ishigami, varied, 1024, second_order)
    table = sobol(made, "y").table.set_index("factor")
    for column, known in zip(("first", "total"), known_ishigami(), strict=True):
        for name, value in known.items():
            low, high = table[f"{column}_low"][name], table[f"{column}_high"][name]
            assert low <= value <= high and high - low < 0.2
    assert list(table.index) == ["a", "b", "c"]
    if second_order:
        row = sobol_pairs(made, "y").table.iloc[0]
        assert (row["factor"], row["other"], row["clear"]) == ("a", "c", True)
        assert row["low"] <= known_ishigami()[1]["c"] <= row["high"]


def test_a_sweep_analysed_twice_says_the_same():
    made = sobol_sweep(ishigami, factors("abc", low=-np.pi, high=np.pi), 64, seed=2)
    pd.testing.assert_frame_equal(sobol(made, "y").table, sobol(made, "y").table)
    again = morris_sweep(ishigami, factors("abc", low=-np.pi, high=np.pi), 16, seed=2)
    pd.testing.assert_frame_equal(morris(again, "y").table, morris(again, "y").table)


def test_equal_factors_are_not_put_in_an_order():
    answer = sobol(sobol_sweep(lambda p: p["a"] + p["b"], factors("ab"), 64), "y")
    assert "or" in answer.title and "matters most; which of them is unresolved" in answer.title
    assert any(w.startswith("The order is unresolved") for w in answer.warnings)
    clear = sobol(sobol_sweep(lambda p: 3 * p["a"] + p["b"], factors("ab"), 256), "y")
    assert "a matters most" in clear.title
    assert not any("unresolved" in w for w in clear.warnings)


def test_how_many_points_an_order_needs():
    """Halves of 0.1 that overlap by twice: the intervals must halve, so four times the points."""
    names = ("a", "b", "c", "d")
    value, half = np.array([0.5, 0.4, 0.1, 0.02]), np.array([0.1, 0.1, 0.01, 0.01])
    found = ranking(names, value, half, little=0.05)
    assert found.tied == (("a", "b"),) and found.small == ("d",)
    assert found.times == pytest.approx(4)
    assert "needs about 1,024 base points (there are 256)" in _ties(found, 256, SOBOL)
    same = ranking(names[:2], np.array([0.5, 0.5]), half[:2])
    assert "treat them as equal" in _ties(same, 256, SOBOL)
    sure = ranking(names[:3], value[:3], half[:3] / 10)
    assert not sure.tied and _ties(sure, 256, SOBOL) == ""


def rare(points: pd.DataFrame) -> pd.Series:
    """A product with a long tail, of which few points tell little."""
    return np.exp(3 * points["a"] * points["b"]) * (points["c"] > 0.7)


def test_a_sample_that_is_too_small_tells_no_shares():
    made = sobol_sweep(rare, factors("abc"), 8, second_order=True)
    for answer in (sobol(made, "y"), sobol_pairs(made, "y")):
        table, text = answer.table, f"{answer.title} {answer.sentence} {answer.warnings}"
        assert "too few base points" in answer.title and not table["told"].all()
        assert max(map(int, re.findall(r"(\d+) %", text)), default=0) <= 100
        wanted = int(re.search(r"About ([\d,]+) base points would", text)[1].replace(",", ""))
        assert wanted in 2 ** np.arange(4, 20)
    table = sobol(made, "y").table
    assert (table["total_raw"] + table["total_half"]).max() > 1  # as they were found
    enough = sobol(sobol_sweep(rare, factors("abc"), 2048), "y")
    assert enough.table["told"].all() and "too few" not in enough.title


def test_an_outcome_that_differs_only_between_base_points_tells_no_shares():
    def once(points: pd.DataFrame) -> pd.Series:
        return pd.Series(np.arange(len(points)) == 6, points.index, float)  # not of A or B

    made = sobol_sweep(once, factors("abc"), 8, second_order=True)
    for answer in (sobol(made, "y"), sobol_pairs(made, "y")):
        assert answer.title.endswith("the same at all base points") and "%" not in answer.sentence


@pytest.mark.parametrize("seed", range(4))
def test_indices_keep_within_their_bounds(seed):
    for base in (8, 16, 64):
        made = sobol_sweep(rare, factors("abc"), base, own=0.3, seed=seed)
        table = sobol(made, "y").table
        assert (table["first"] <= table["total"]).all() and table["first"].sum() <= 1 + 1e-12
        for name in ("first", "total"):
            ends = table[f"{name}_low"], table[name], table[f"{name}_high"]
            assert (0 <= ends[0]).all() and (ends[2] <= 1).all()
            assert (ends[0] <= ends[1]).all() and (ends[1] <= ends[2]).all()


def test_estimates_beyond_their_bounds_are_pooled_and_cut():
    first, total = np.array([1.03, 0.2, -0.1]), np.array([0.99, 0.3, 0.02])
    half, other = np.array([0.1, 0.1, 0.1]), np.array([0.2, 0.1, 0.0])
    s, t = within_bounds(first, half, total, other)
    assert t == pytest.approx([1.0, 0.3, 0.02])  # (4 * 1.03 + 0.99) / 5 = 1.022
    assert s == pytest.approx(np.array([1.0, 0.2, 0.0]) / 1.2)
    inside = np.array([0.5, 0.2, 0.0]), np.array([0.7, 0.3, 0.1])
    same = within_bounds(inside[0], half, inside[1], other)
    assert same[0].tolist() == inside[0].tolist() and same[1].tolist() == inside[1].tolist()


def test_blocks_with_a_failed_run_are_dropped_whole():
    made = sobol_sweep(lambda p: p["a"] + 2 * p["b"], factors("ab"), 64)
    before = indices.sobol(made, "y").table
    made.runs.loc[made.runs["point"].isin([0, 1, 21]), ["error", "y"]] = "impossible", np.nan
    after = indices.sobol(made, "y")
    assert (after.blocks, after.complete) == (64, 62)  # a block has 4 points
    assert after.table["total"].to_numpy() == pytest.approx(before["total"].to_numpy(), abs=0.1)
    warnings = sobol(made, "y").warnings
    assert any("2 of 64 base points are excluded" in w for w in warnings)


def test_luck_is_told_from_what_a_factor_does():
    """Of three points' variances: 4 of a, 4 of luck over 4 worlds, nothing of b."""
    made = sobol_sweep(lambda p: 2 * np.sqrt(12) * p["a"], factors("ab"), 512, worlds=4, own=4)
    answer = sobol(made, "y")
    table = answer.table.set_index("factor")
    assert table["luck"].to_numpy() == pytest.approx([0.5, 0.5], abs=0.05)
    assert table["total"]["b"] == pytest.approx(table["luck"]["b"], abs=0.1)
    assert "Not distinguishable from stochastic variation: b." in answer.warnings
    calm = sobol(sobol_sweep(lambda p: p["a"], factors("ab"), 64, worlds=4, shared=9), "y")
    assert calm.table["luck"].to_numpy() == pytest.approx(0, abs=1e-9)


def test_morris_measures_what_a_line_does_over_its_range():
    made = morris_sweep(lambda p: 10 * p["a"] - 8 * p["b"] + 6 * p["b"] * p["c"],
                        factors("abc"), 30)  # fmt: skip
    answer = morris(made, "y")
    table = answer.table.set_index("factor")
    assert table["mu"]["a"] == table["mu_star"]["a"] == pytest.approx(10)
    assert table["sigma"]["a"] == pytest.approx(0, abs=1e-9)
    assert table["mu_low"]["b"] <= -5 <= table["mu_high"]["b"]
    assert table["sigma_low"]["b"] <= table["sigma"]["b"] <= table["sigma_high"]["b"]
    assert table["sigma_low"]["b"] > 0
    assert "a matters most, 10 people over its range" in answer.title


def test_our_elementary_effects_are_those_of_salib():
    from SALib.analyze import morris as analysis

    varied = factors("abc", low=-np.pi, high=np.pi)
    made = morris_sweep(ishigami, varied, 20, own=0.5)
    table = indices.morris(made, "y").table.set_index("factor").loc[list("abc")]
    means = made.by_point("y").mean(axis=1)
    found = analysis.analyze(problem(varied), made.matrix(), means, num_levels=4, seed=1)
    for measure in ("mu", "mu_star", "sigma"):
        assert table[measure].to_numpy() == pytest.approx(np.asarray(found[measure], float))


@pytest.mark.parametrize("values", [(0, 1), (0, 5, 20), (1, 2, 3, 4, 5), ("off", "on")])
def test_morris_goes_by_how_far_a_choice_moved(values):
    """Not by the step of the design, in which an on and off does 1.5 times what it can."""
    numbers = np.arange(len(values)) if isinstance(values[0], str) else np.array(values)
    place = (numbers - numbers[0]) / np.ptp(numbers)
    varied = (FactorColumn("a", "a", values=values), *factors("b"))

    def formula(points: pd.DataFrame) -> np.ndarray:
        return 10 * place[[values.index(value) for value in points["a"]]]

    from SALib.sample import morris as sample

    at = sample.sample(problem(factors("ab")), 20, num_levels=4, seed=1)
    code = np.minimum(np.floor(at[:, 0] * len(values)), len(values) - 1).astype(int)
    points = pd.DataFrame({"a": np.array(values, object)[code], "b": at[:, 1]}).infer_objects()
    table = indices.morris(swept("morris", points, varied, formula), "y").table
    row = table.set_index("factor").loc["a"]
    assert (row["mu"], row["mu_star"]) == (pytest.approx(10), pytest.approx(10))
    assert row["sigma"] == pytest.approx(0, abs=1e-9)


def test_worlds_that_share_a_draw_are_one_witness():
    """What nobody knows differs from point to point here, luck does not exist: means over eight
    worlds are means over four draws."""
    made = sobol_sweep(lambda p: p["a"], factors("ab"), 256, worlds=8, drawn=True)
    draws = np.random.default_rng(1).normal(size=(len(made.points), 4))
    made.runs["y"] += np.repeat(draws, 2, axis=1).ravel()
    table = indices.sobol(made, "y").table
    assert table["luck"].to_numpy() == pytest.approx([0.25 / (0.25 + 1 / 12)] * 2, abs=0.1)
    values = made.by_point("y") - made.points["a"].to_numpy()[:, None]
    assert stochastic_share(values, replications=2).kept == pytest.approx(1, abs=0.1)
    noise, freedom = error_of_means(values, 2)
    assert noise == pytest.approx(0.25, rel=0.1) and freedom == 3 * (len(values) - 1)


def test_levers_and_uncertainties_are_told_apart():
    varied = factors("ab", unknown="b")
    for answer in (
        sobol(sobol_sweep(lambda p: p["a"] + p["b"], varied, 64), "y"),
        morris(morris_sweep(lambda p: p["a"] + p["b"], varied, 16), "y"),
    ):
        chosen, unknown = answer.sentence.split("Uncertain factors: ")
        assert "Levers: a " in chosen and unknown.startswith("b ")


def test_too_little_for_indices_is_said():
    few = sobol_sweep(lambda p: p["a"], factors("ab"), 4)
    assert sobol(few, "y").title == "Members: too few base points for indices"
    still = morris_sweep(lambda p: 0 * p["a"], factors("ab"), 16)
    answer = morris(still, "y")
    assert answer.title == "Members: the same at all points" and answer.draw() is None
    assert sensitivity(swept("csv", np.eye(2), factors("ab"), lambda p: p["a"]), "y") == []


@pytest.mark.parametrize("points, worlds, parts", [
    (200, 4, (1.0, 0.0, 1.0)), (200, 4, (1.0, 0.5, 0.5)), (30, 2, (1.0, 0.5, 0.5)),
])  # fmt: skip
def test_the_share_of_luck_is_the_one_put_in(points, worlds, parts):
    """Unbiased, and held by 95 % of the intervals, with luck of points and of worlds."""
    rng = np.random.Generator(np.random.Philox(7))
    of_points, shared, own = parts
    known = (shared**2 + own**2) / (of_points**2 + shared**2 + own**2)
    found = [
        stochastic_share(
            of_points * rng.normal(0, 1, (points, 1))
            + shared * rng.normal(0, 1, worlds)
            + own * rng.normal(0, 1, (points, worlds))
        ).share
        for _ in range(200)
    ]
    assert np.mean([share.value for share in found]) == pytest.approx(known, abs=0.03)
    assert np.mean([share.low <= known <= share.high for share in found]) > 0.9


def test_stochastic_variation_needs_two_worlds_and_says_so():
    made = swept("csv", np.linspace(0, 1, 20)[:, None], factors("a"), lambda p: p["a"], worlds=1)
    answer = stochastic(made)
    assert answer.table["share"].isna().all() and "unknown" in answer.title
    assert any("One world per point" in w for w in answer.warnings)


def test_luck_of_several_outcomes_is_told_in_order():
    made = swept("csv", np.linspace(0, 1, 50)[:, None], factors("a"), lambda p: 9 * p["a"],
                 worlds=4, own=0.1)  # fmt: skip
    rng = np.random.Generator(np.random.Philox(3))
    made.runs["noise"] = rng.normal(0, 1, len(made.runs))
    both = Swept(made.runs, made.factors, (*made.outcomes, Outcome("noise", "profit")), "csv",
                 100, 4)  # fmt: skip
    answer = stochastic(both)
    assert list(answer.table["outcome"]) == ["noise", "y"]
    assert answer.table["share"][0] > 0.8 > 0.01 > answer.table["share"][1]
    assert any("is stochastic variation: profit" in w for w in answer.warnings)
