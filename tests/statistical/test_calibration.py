"""Verdicts are calibrated: 95 % intervals hold the answer of many worlds about 95 % of the time."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from comsim.statistics import intervals as statistics

REPETITIONS, DRAWS = 2000, 10


def held(found, truth: float) -> bool:
    return bool(found.low <= truth <= found.high)


@pytest.mark.parametrize("luck", [0.2, 1.0, 5.0])
def test_of_a_mean_however_much_is_luck(luck):
    rng = np.random.Generator(np.random.Philox(1))
    draw = rng.normal(0, 1, (REPETITIONS, DRAWS, 1))
    values = 3 + draw + rng.normal(0, luck, (REPETITIONS, DRAWS, 2))
    share = np.mean([held(statistics.mean(v), 3) for v in values])
    assert share == pytest.approx(0.95, abs=0.015)  # three standard errors


def test_of_a_skewed_mean():
    """Half of the worlds do not differ, the others by very different amounts."""
    rng = np.random.Generator(np.random.Philox(2))
    size = (REPETITIONS, DRAWS, 1)
    values = np.where(rng.random(size) < 0.7, rng.exponential(10, size), 0.0)
    found = [statistics.skewed_mean(v) for v in values]
    given = [f for f in found if np.isfinite(f.low)]
    assert len(given) > 0.9 * REPETITIONS
    bent = np.mean([held(f, 7) for f in given])
    plain = np.mean([held(statistics.mean(v), 7) for v in values])
    assert 0.92 <= bent <= 0.98 and plain < 0.92


def test_of_a_share():
    rng = np.random.Generator(np.random.Philox(3))
    p = stats.beta.ppf(rng.random((REPETITIONS, DRAWS, 1)), 4, 2)  # 2/3 on average
    values = (rng.random((REPETITIONS, DRAWS, 2)) < p).astype(float)
    share = np.mean([held(statistics.share(v), 2 / 3) for v in values])
    assert 0.93 <= share <= 0.98


@pytest.mark.long
def test_of_verdicts_on_the_model(monkeypatch):
    """The experiment at a reduced size: all three kinds of intervals, and each outcome by itself.

    The communities are small too, which saves time: how often an interval misses by chance hangs on
    the numbers of repetitions and worlds.

    The outcomes of a repetition hang together: the mean of a kind is taken as worth as many
    repetitions as one outcome, so three standard errors of 20 (0.049) stand below 0.95; a mean
    above 0.995 would be an interval that is too wide to be of use.
    """
    from comsim.evidence import calibration

    monkeypatch.setattr(calibration, "SMALL", {"days": 100, "community": {"market": 200}})
    repetitions = 20
    table = calibration.coverage(repetitions, worlds=20, truth=400)
    for kind, least in (("difference", 20), ("relative", 10), ("better", 20)):
        often = table[table[f"{kind} given"] == 1][kind]
        assert len(often) >= least
        assert 0.95 - 3 * 0.049 <= often.mean() <= 0.995
        # One outcome of twenty repetitions: below 14 held is rarer than one in a thousand at 92 %.
        assert often.min() >= 14 / repetitions


@pytest.mark.parametrize("at", [0.05, 0.95])
def test_of_the_ends_of_a_range(at):
    """A hundred worlds with a long upper tail."""
    rng = np.random.Generator(np.random.Philox(5))
    truth = float(np.exp(stats.norm.ppf(at)))
    values = np.exp(rng.normal(size=(REPETITIONS, 100, 1)))
    found = [statistics.quantile_interval(one, at) for one in values]
    assert np.mean([low <= truth <= high for low, high in found]) == pytest.approx(0.95, abs=0.02)
    assert found[0][0] < statistics.quantiles(values[0], [at])[0] < found[0][1]


def test_the_ends_of_a_weighted_range():
    """Unequal weights reduce the effective number of worlds."""
    rng = np.random.Generator(np.random.Philox(6))
    values, weights = rng.normal(size=(400, 1)), rng.random(400) ** 3
    weighted = statistics.quantile_interval(values, 0.5, weights / weights.sum())
    even = statistics.quantile_interval(values, 0.5, np.full(400, 1 / 400))
    assert even == pytest.approx(statistics.quantile_interval(values, 0.5))
    assert weighted[1] - weighted[0] > even[1] - even[0]
