"""Intervals, shares of variance and numbers of worlds, against values made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from comsim.statistics import intervals as statistics


def nested(seed: int, draws: int, between: float, within: float, shift: float = 0.0):
    """(draws, 2) normal values with these standard deviations."""
    rng = np.random.Generator(np.random.Philox(seed))
    draw = rng.normal(0, 1, (draws, 1)) * between
    return shift + draw + rng.normal(0, 1, (draws, 2)) * within


def test_the_mean_has_students_interval_over_draws():
    values = np.array([[1.0, 3.0], [2.0, 2.0], [5.0, 7.0]])
    found = statistics.mean(values)
    expected = stats.ttest_1samp([2, 2, 6], 0).confidence_interval()
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.value == pytest.approx(10 / 3)


def test_a_second_luck_is_no_independent_witness():
    """Copying every world does not narrow the interval."""
    once = nested(1, 10, 1, 1)[:, :1]
    twice = np.repeat(once, 2, axis=1)
    assert statistics.mean(once) == pytest.approx(statistics.mean(twice))
    alike = np.repeat(np.array([[1.0], [1], [0], [1], [1], [0]]), 2, axis=1)
    assert statistics.share(alike) == pytest.approx(statistics.share(alike[:, :1]))


def test_skewness_bends_the_interval_to_the_long_side():
    values = np.array([[0.1], [0.2], [0.3], [0.4], [5.0]])
    plain, bent = statistics.mean(values), statistics.skewed_mean(values)
    assert bent.value == plain.value
    assert bent.low > plain.low and bent.high > plain.high
    even = np.array([[-1.0], [0.5], [-0.5], [1.0]])
    assert statistics.skewed_mean(even) == pytest.approx(statistics.mean(even))


def test_there_is_no_interval_where_hardly_any_world_differs():
    values = np.zeros((10, 2))
    values[0] = 30
    found = statistics.skewed_mean(values)
    assert found.value == 3 and np.isnan(found.low) and np.isnan(found.high)


def test_a_share_has_wilsons_interval_of_as_many_worlds_as_it_is_worth():
    apart = np.array([[1.0, 0.0]] * 20)  # worlds of a draw are not alike: 40 worlds
    expected = stats.binomtest(20, 40).proportion_ci(method="wilson")
    found = statistics.share(apart)
    assert found.low < expected.low  # nothing varies between draws: 20 draws are sure, no more
    sure = statistics.share(np.ones((50, 2)))
    expected = stats.binomtest(50, 50).proportion_ci(method="wilson")
    assert sure.low == pytest.approx(expected.low) and sure.high == 1


def test_relative_differences():
    a = np.array([[1.0, 1], [2, 2], [3, 3]])
    exact = statistics.relative(a, 1.5 * a)
    assert exact == pytest.approx((0.5, 0.5, 0.5))
    assert np.isnan(statistics.relative(a, -a).value)
    wide = statistics.relative(a, np.array([[2.0, 2], [1, 1], [3, 3]]))
    assert wide.value == 0 and wide.low < 0 < wide.high
    assert (1 + wide.low) * (1 + wide.high) == pytest.approx(1)


def test_shares_of_variance_are_those_that_were_put_in():
    a, b = nested(1, 20_000, 2, 1), nested(2, 20_000, 2, 1, shift=4)
    parts = statistics.parts(a, b)  # 1 of luck, 4 of parameters, 16 / 4 of the policy
    assert parts == pytest.approx((1 / 9, 4 / 9, 4 / 9), abs=0.01)
    assert sum(parts) == pytest.approx(1)
    assert statistics.share_of_draws(a).value == pytest.approx(0.8, abs=0.01)


def test_a_share_of_draws_has_an_interval_that_holds_it():
    """Two lucks for each of 10 draws, which make 4 of 5 parts, or none."""
    for between, true in ((2.0, 0.8), (0.0, 0.0)):
        found = [statistics.share_of_draws(nested(seed, 10, between, 1)) for seed in range(2000)]
        held = np.mean([one.low <= true <= one.high for one in found])
        assert 0.93 <= held <= (0.97 if between else 0.99)  # of two sides, one is below zero
        assert all(one.low <= one.value <= one.high for one in found if one.value > 0)
    assert np.isnan(statistics.share_of_draws(nested(1, 10, 1, 1)[:, :1]).low)


def test_draws_in_which_nothing_exists_are_left_out():
    values = np.array([[[1.0, np.nan]], [[3.0, 5.0]], [[8.0, 7.0]], [[2.0, np.nan]]])
    found = statistics.mean(values)
    alone = statistics.mean(np.array([[5.0], [7.0]]))
    assert found.value == pytest.approx([3.5, 6.0])
    assert (found.low[1], found.high[1]) == pytest.approx((alone.low, alone.high))
    ties = statistics.share(np.array([[1.0], [np.nan], [0.5], [1.0]]))
    assert ties == pytest.approx(statistics.share(np.array([[1.0], [0.5], [1.0]])))


def test_shares_of_variance_without_any():
    same = np.ones((5, 2))
    assert np.isnan(statistics.parts(same, same)).all()
    a = nested(1, 10, 1, 1)
    assert statistics.parts(a, a).policy == 0
    assert statistics.parts(a[:, :1], a[:, :1]) == (1, 0, 0)  # luck alone


def test_pairing_factor():
    rng = np.random.Generator(np.random.Philox(3))
    world, a, b = rng.normal(size=(3, 4000))
    factor = statistics.pairing((3 * world + a)[:, None], (3 * world + b)[:, None])
    assert factor == pytest.approx(10, rel=0.1)  # (10 + 10) / 2
    x = world[:, None]
    assert statistics.pairing(x, x) == np.inf
    assert np.isnan(statistics.pairing(0 * x, 0 * x))


def test_worlds_for_an_interval():
    d = nested(4, 40, 1, 0.5, shift=0.2)
    needed = statistics.worlds_for(d, 0.2)
    spread, n = d.mean(axis=1).std(ddof=1), needed / 2
    assert stats.t.ppf(0.975, n - 1) * spread / np.sqrt(n) <= 0.2
    assert stats.t.ppf(0.975, n - 2) * spread / np.sqrt(n - 1) > 0.2
    assert np.isnan(statistics.worlds_for(d, 0.0))
    assert statistics.worlds_for(d, 1e-9) == np.inf


@pytest.mark.parametrize("draws", [4, 5, 6, 8, 10, 12, 25])
def test_chance_is_seldom_called_clear(draws):
    """Sixty parameters, none of which matters: an error anywhere in one list of twenty."""
    rng = np.random.Generator(np.random.Philox(draws))
    found = [
        statistics.correlations(rng.normal(size=draws), rng.random((draws, 60))) for _ in range(400)
    ]
    assert np.mean([one.clear.any() for one in found]) <= 0.05 + 2 * 0.011
    inside = np.mean([((one.low <= 0) & (one.high >= 0)).mean() for one in found])
    assert inside >= 0.94
    assert all((one.low < one.high).all() for one in found)  # not even one of 1 is sure


def test_correlations_find_what_matters_and_doubt_the_rest():
    rng = np.random.Generator(np.random.Philox(5))
    causes = rng.normal(size=(50, 60))
    outcome = causes[:, 7] ** 3 + 0.3 * rng.normal(size=50)
    found = statistics.correlations(outcome, causes)
    assert np.flatnonzero(found.clear).tolist() == [7]
    expected = [stats.spearmanr(outcome, cause).statistic for cause in causes.T]
    assert found.value == pytest.approx(expected)
    assert np.all((found.low < found.value) & (found.value < found.high))
    same = statistics.correlations(np.ones(50), causes)
    assert not same.clear.any() and not same.value.any()


def test_weighted_correlations_count_a_sample_as_often_as_its_weight():
    rng = np.random.Generator(np.random.Philox(3))
    causes, times = rng.random((40, 3)), rng.integers(0, 4, 40)
    outcome = causes[:, 0] + rng.random(40)
    weighted = statistics.correlations(outcome, causes, times / times.sum())
    repeated = statistics.correlations(outcome.repeat(times), causes.repeat(times, axis=0))
    assert weighted.value == pytest.approx(repeated.value)
    assert (weighted.low < repeated.low).all()  # repeating a sample tells nothing new
    same = statistics.correlations(outcome, causes, np.full(40, 1 / 40))
    for one, other in zip(same, statistics.correlations(outcome, causes), strict=True):
        assert one == pytest.approx(other)
    few = np.where(np.arange(40) < 4, 0.24, 0.04 / 36)  # about four effective samples
    assert not statistics.correlations(causes[:, 0], causes, few).clear.any()
