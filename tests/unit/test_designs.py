"""Factors and the designs over them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from comsim.common.errors import InputError
from comsim.model.catalogue import PARAMETERS
from comsim.model.declare import doubt
from comsim.studies.experiments.designs import Design, codes_of, number_of_points
from comsim.studies.experiments.factors import Factor


def factor(path: str = "policy.ad_pressure", **said) -> Factor:
    return Factor.model_validate({"path": path, "kind": "lever"} | said)


EVEN = factor(range=[1, 9])
LOG = factor("policy.seed_group", range=[1, 100], scale="log")
WHOLE = factor("rules[0].days", range=[3, 6], whole=True)
CHOICE = factor("policy.coupon", values=[0, 0.1, 0.5])
FACTORS = (EVEN, LOG, WHOLE, CHOICE)


def points(kind: str, factors: tuple[Factor, ...] = FACTORS, **said) -> np.ndarray:
    design = Design.model_validate({"kind": kind} | said)
    codes = codes_of(design, factors, "x.toml")
    assert len(codes) == number_of_points(design, factors)
    return codes


def test_a_range_is_filled_on_its_scale():
    u = np.array([0.0, 0.25, 0.5, 1.0])
    assert EVEN.code(u).tolist() == [1, 3, 5, 9]
    assert LOG.code(u) == pytest.approx([1, 10**0.5, 10, 100])
    fine = (np.arange(4000) + 0.5) / 4000
    for uniform in (WHOLE, CHOICE):  # each value as often as another
        codes, often = np.unique(uniform.code(fine), return_counts=True)
        assert len(codes) == len(often) and np.ptp(often) <= 1
    assert WHOLE.code(np.array([0.0, 1.0])).tolist() == [3, 6]
    assert [CHOICE.value(code) for code in CHOICE.code(np.array([0.0, 0.5, 1.0]))] == [0, 0.1, 0.5]


def test_a_parameter_without_a_range_has_that_of_its_doubt():
    wear = PARAMETERS["wear"]
    low, high = factor("parameters.wear").span
    assert low < wear.value < high
    odds = [x / (1 - x) for x in (low, wear.value, high)]
    assert odds[1] / odds[0] == pytest.approx(doubt(wear))
    assert odds[2] / odds[1] == pytest.approx(doubt(wear))


def test_a_grid_has_every_combination_once():
    codes = points("grid", levels=3)
    assert [np.unique(column).tolist() for column in codes.T] == [
        [1, 5, 9], pytest.approx([1, 10, 100]), [3, 4, 6], [0, 1, 2],
    ]  # fmt: skip
    assert len(np.unique(codes, axis=0)) == len(codes) == 81
    assert LOG.levels(3).tolist() == [1, 10, 100]  # to the last digit, as one would write them
    assert factor(range=[0, 0.3]).levels(4).tolist() == [0, 0.1, 0.2, 0.3]
    assert codes[0].tolist() == [1, 1, 3, 0] and codes[1].tolist() == [1, 1, 3, 1]


def test_a_latin_hypercube_has_one_point_in_each_slice():
    codes = points("latin_hypercube", (EVEN, LOG), points=40, seed=3)
    slices = np.floor(np.column_stack([codes[:, 0] - 1, 4 * np.log(codes[:, 1]) / np.log(10)]) * 5)
    assert sorted(slices[:, 0]) == list(range(40))
    assert sorted(slices[:, 1]) == list(range(40))


def test_a_sobol_design_changes_one_factor_at_a_time():
    codes = points("sobol", points=64).reshape(64, 6, 4)
    a, b = codes[:, 0], codes[:, 5]
    for which in range(4):
        mixed = codes[:, 1 + which]
        assert (mixed[:, which] == b[:, which]).all()
        others = np.arange(4) != which
        assert (mixed[:, others] == a[:, others]).all()
    assert len(points("sobol", points=64, second_order=True)) == 64 * 10


@pytest.mark.parametrize("levels", [4, 6, 8])
def test_a_morris_trajectory_moves_each_factor_once(levels):
    codes = points("morris", trajectories=20, levels=levels).reshape(20, 5, 4)
    for trajectory in codes:
        moved = [np.flatnonzero(one != other).tolist() for one, other in pairwise(trajectory)]
        assert sorted(moved) == [[0], [1], [2], [3]]  # choices and whole numbers as well


@pytest.mark.parametrize("said", [
    {"kind": "latin_hypercube", "points": 16},
    {"kind": "sobol", "points": 16},
    {"kind": "morris", "trajectories": 8},
])  # fmt: skip
def test_the_seed_makes_the_points(said):
    one, again, other = (points(**said, seed=seed) for seed in (1, 1, 2))
    assert one.tobytes() == again.tobytes()
    assert (one != other).any()


def test_own_points(tmp_path):
    (tmp_path / "p.csv").write_text("point,b,a\n0, 0.5 ,2\n1,0,9\n\n")
    factors = (factor(name="a", range=[1, 9]), factor("policy.coupon", name="b", values=[0, 0.5]))
    design = Design(kind="csv", csv="p.csv")
    assert codes_of(design, factors, "x.toml", tmp_path).tolist() == [[2, 1], [9, 0]]
    assert points("list", factors, rows=[{"b": 0, "a": 3}]).tolist() == [[3, 0]]


@pytest.mark.parametrize(("text", "said"), [
    ("", "found an empty file"),
    ("a,b\n\n", "found no rows"),
    ("a\n1\n", "column 'b': found no such column"),
    ("a,b\n1,0\n1\n", "found 1 cell in line 3"),
    ("a,b\n1,0\n2,0.7\n", "line 3.b: found 0.7; allowed: 0, 0.5"),
    ("a,b\n1,0\n2,0,5\n", "found 3 cells in line 3"),
    ("a,b,b\n1,0,0.5\n", "header: found b in columns 2 and 3"),
    ("a,b,c\n1,0,3\n", "header: found column c, which is not a factor; allowed: a, b, and point"),
    ("a,b,bb\n1,0,3\n", "header: found column bb, which is not a factor; allowed: b (the nearest)"),
    ("a;b\n1;0\n", "header: found semicolons"),
    ("a,b\n1_0,0\n", "line 2.a: found 1_0"),
    ('a,b\n"1,5",0\n', "line 2.a: found 1,5"),
    ("a,b\n5 %,0\n", "line 2.a: found 5 %"),
    ("a,b\nnan,0\n", "line 2.a: found nan"),
    (f"a,b\n{'1' * 100_000}x,0\n", "line 2.a: found '111"),
    ('a,b\n1,0\n1,"0"5\n', "file: found ',' expected after '\"'"),
])  # fmt: skip
def test_what_is_wrong_in_a_file_of_points(tmp_path, text, said):
    (tmp_path / "p.csv").write_text(text)
    factors = (factor(name="a", range=[1, 9]), factor("policy.coupon", name="b", values=[0, 0.5]))
    with pytest.raises(InputError) as error:
        codes_of(Design(kind="csv", csv="p.csv"), factors, "x.toml", tmp_path)
    assert len(str(error.value)) < 400
    assert f"p.csv: {said}" in str(error.value) or f"p.csv: file: {said}" in str(error.value)


def test_a_point_that_may_part_thousands_is_refused(tmp_path):
    wide, design = (factor(name="a", range=[1, 9000]),), Design(kind="csv", csv="p.csv")
    (tmp_path / "p.csv").write_text("a\n900\n1.200\n")
    with pytest.raises(InputError, match=r"line 3\.a: found 1\.200; allowed: 1\.2000 for 1\.2, or"):
        codes_of(design, wide, "x.toml", tmp_path)
    narrow = (factor(name="a", range=[1, 9]),)
    (tmp_path / "p.csv").write_text("a\n1.200\n")
    assert codes_of(design, narrow, "x.toml", tmp_path).tolist() == [[1.2]]
    (tmp_path / "p.csv").write_text("a\n1.200\n0.5\n".replace("0.5", "7.25"))
    assert codes_of(design, wide, "x.toml", tmp_path).tolist() == [[1.2], [7.25]]


def test_a_label_that_is_another_value_is_refused():
    said = {"path": "days", "kind": "lever", "values": [10, 20], "labels": ["20", "ten"]}
    with pytest.raises(ValueError, match="found 20, which is the text of another value"):
        Factor.model_validate(said)


def test_choices_stand_in_tables_as_they_are_called(tmp_path):
    week = {"path": "calendar.weekday", "kind": "uncertainty"}
    plain, shop = [1] * 7, [1, 1, 1, 1, 1, 2, 0]
    named = Factor.model_validate(week | {"values": [plain, shop], "labels": ["even", "shop"]})
    bare = Factor.model_validate(week | {"values": [plain, shop], "name": "bare"})
    files = Factor.model_validate({"scenarios": ["x/a.toml", "y/b.toml"], "kind": "lever"})
    codes = np.array([[0, 1, 0, 2], [1, 0, 1, 5]], float)
    factors = (named, bare, files, WHOLE)
    columns = {f.column: f.as_column(c) for f, c in zip(factors, codes.T, strict=True)}
    assert {name: column.tolist() for name, column in columns.items()} == {
        "weekday": ["even", "shop"],
        "bare": ["[1, 1, 1, 1, 1, 2, 0]", "[1, 1, 1, 1, 1, 1, 1]"],
        "scenario": ["a", "b"],
        "rules_0_days": [2, 5],
    }
    assert columns["rules_0_days"].dtype == np.int64
    (tmp_path / "p.csv").write_text("weekday,scenario\nshop,b\neven,x/a.toml\n")
    read = codes_of(Design(kind="csv", csv="p.csv"), (named, files), "x.toml", tmp_path)
    assert read.tolist() == [[1, 1], [0, 0]]


@pytest.mark.parametrize(("path", "column"), [
    ("days", "days"), ("policy.ad_pressure", "ad_pressure"), ("segments.fans.share", "fans_share"),
    ("policy.release.on[0].day", "release_on_0_day"), ("shocks[0].severity", "shocks_0_severity"),
])  # fmt: skip
def test_a_column_is_called_after_its_path(path, column):
    assert factor(path, values=[1, 2]).column == column
