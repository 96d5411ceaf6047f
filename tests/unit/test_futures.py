"""The difference of two futures is that of two simulations, in each world; and is told as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from comsim.lab.futures import OUTCOMES, Difference, differences, sentence
from comsim.lab.timeline import Timeline
from comsim.run.simulation import live, simulate
from comsim.scenario import Scenario
from comsim.scenario.rows import PLAUSIBLE, rows_of
from comsim.scenario.worlds import drawn, make_worlds, uncertain
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import series_of
from comsim.studies.comparison.runs import morning_with

from ..reference.busy import BUSY

# So many walk in that there is trust on each day in each world.
LIFE = BUSY | {"name": "any", "days": 150, "community": {"market": 1000},
               "parameters": BUSY["parameters"] | {"walk_in_rate": 0.01}}  # fmt: skip
SEED = 4


@pytest.fixture(scope="module")
def pair() -> tuple[Timeline, Timeline]:
    one = Timeline(Scenario.from_dict(LIFE), SEED)
    one.go_to(20)
    one.set("official_posts", 1)
    one.go_to(60)
    other = one.fork()
    other.go_to(70)
    other.set("ad_pressure", 15)
    one.go_to(90)
    one.set("release", 0.8)
    return one, other


def apart(pair: tuple[Timeline, Timeline], seed: int) -> np.ndarray:
    one, other = (series_of(simulate(life.scenario, seed).world) for life in pair)
    return other.astype(float) - one


def apart_in_row(pair: tuple[Timeline, Timeline], draw: int, seed: int) -> np.ndarray:
    """The same in another world, with a whole row of the plausible worlds."""
    rows, series = rows_of(PLAUSIBLE, "test"), []
    row = rows.row(rows.place(SEED, draw))
    for life in pair:
        values = drawn(uncertain(life.base, row), SEED, draw, row)
        world, _ = morning_with(Policy.of(life.scenario), values, seed)
        live(world, 0, life.days, threads=1)
        series.append(series_of(world).astype(float))
    return series[1] - series[0]


def test_it_is_the_difference_of_two_simulations(pair):
    here, some = differences(*pair, steps=(4,))
    assert here.worlds == 0 and some.worlds == 4 and some.since == 70
    assert np.array_equal(here.here, apart(pair, SEED), equal_nan=True)
    assert np.isnan(here.mean).all()
    worlds = [apart_in_row(pair, world.number, world.seed)
              for world in make_worlds(SEED, 4, fixed=True)]  # fmt: skip
    there = ~np.isnan(worlds).any(axis=0)  # a week without visits has no trust
    assert there.mean() > 0.9
    assert np.allclose(some.mean[there], np.mean(worlds, axis=0)[there])
    assert not some.mean[:, :70].any() and not some.high[:, :70].any()
    error = np.std(worlds, axis=0, ddof=1) / 2
    assert np.allclose((some.high - some.mean)[there], (3.182446 * error)[there])  # Student's t
    assert (some.least >= np.min(worlds, axis=0))[there].all()
    assert (some.most <= np.max(worlds, axis=0))[there].all()


def test_the_band_gets_narrower_and_moves_made_meanwhile_do_not_count(pair):
    one, other = pair[0], pair[1].fork()
    found = differences(one, other, steps=(3, 12))
    other.set("release", 1)
    here, few, many = found
    assert np.array_equal(here.here, apart(pair, SEED), equal_nan=True)
    wide, narrow = ((each.high - each.low).sum(axis=1) for each in (few, many))
    assert (narrow < wide).all()


def test_it_stops_when_nobody_waits(pair):
    looks = iter([True] * 20 + [False] * 20)
    assert len(list(differences(*pair, steps=(1000,), wanted=lambda: next(looks)))) == 1
    assert list(differences(*pair, wanted=lambda: False)) == []


def test_futures_that_are_the_same_or_strangers(pair):
    one, _ = pair
    (_, same) = differences(one, one.fork(), steps=(2,))
    assert same.since == one.days and not np.nan_to_num(same.mean).any()
    assert "no difference in any of 2 worlds" in sentence(same, "wau")
    with pytest.raises(ValueError, match="the same scenario and seed"):
        differences(one, Timeline(one.base, SEED + 1))


def made(value: float, half: float, here: float = -3.0, worlds: int = 20) -> Difference:
    """A difference of so much in each outcome, on the one day that there is."""
    number = np.full((len(OUTCOMES), 1), value)
    ends = (number - half, number + half)
    return Difference(0, worlds, np.full_like(number, here), number, *ends, *ends)


@pytest.mark.parametrize("outcome,difference,en,zh", [
    ("wau", made(-120, 40), "120 weekly members fewer [80, 160]", "周活成员少 120 人 [80, 160]"),
    ("wau", made(120, 40), "120 weekly members more [80, 160]", "周活成员多 120 人 [80, 160]"),
    ("wau", made(-20, 40), "20 weekly members fewer [−60, +20]", "还分不出两者"),
    ("trust", made(-0.052, 0.01), "trust 0.052 lower [0.042, 0.062]", "信任低 0.052 [0.042"),
    ("profit", made(1234.5, 34.5), "profit 1,234 higher [1,200, 1,269]", "利润多 1,234"),
    ("wau", made(np.nan, 0, worlds=0), "3 weekly members fewer. Other worlds", "其他世界"),
    ("trust", made(np.nan, 0, here=np.nan), "nothing to compare", "无可比较"),
    ("wau", made(0.2, 0.1), "as many weekly members [0, 0]", "周活成员一样多"),
])  # fmt: skip
def test_it_is_told_in_both_languages(outcome, difference, en, zh):
    assert en in sentence(difference, outcome)
    assert zh in sentence(difference, outcome, "zh")


def test_the_luck_of_the_page_is_told_besides():
    assert "nine of ten worlds: −160 to −80" in sentence(made(-120, 40), "wau")
    told = sentence(replace(made(-120, 40), here=np.full((3, 1), 7.0)), "wau", day=0)
    assert told.startswith("After 1 day: ") and "in this world: 7 weekly members more" in told
