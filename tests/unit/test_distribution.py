"""The distance of two distributions with groups of equal weight, worked out by hand."""

import numpy as np
import pytest

from comsim.statistics.distribution import Sample, distance, median


def sample(*groups):
    """Values by group."""
    sizes = [len(group) for group in groups]
    return Sample(np.concatenate(groups).astype(float), np.repeat(np.arange(len(groups)), sizes))


def test_one_group_is_the_usual_distance():
    assert distance(sample([1, 2, 3, 4]), sample([3, 4, 5, 6])).value == pytest.approx(0.5)
    assert distance(sample([1, 1, 2]), sample([1, 2, 2])).value == pytest.approx(1 / 3)


def test_groups_weigh_equally_whatever_their_size():
    # At 0: all of group 0 (half of the weight) against a third of it. At 5: the same and all of
    # group 1, against the whole.
    a, b = sample([0], [5, 5, 5, 5]), sample([0, 9, 9], [5])
    assert distance(a, b).value == pytest.approx(0.5 - 0.5 / 3)


def test_what_does_not_exist_and_a_group_without_a_counterpart_are_left_out():
    a = sample([1, np.nan, 2], [7, 8])
    assert distance(a, sample([1, 2])).value == 0
    assert np.isnan(distance(sample([np.nan]), sample([1.0])).value)


def test_the_interval_contains_the_distance_and_tells_near_from_far():
    rng = np.random.default_rng(5)
    a, same, far = (sample(*(rng.normal(at, 1, (3, 20)))) for at in (0, 0, 2))
    near, apart = distance(a, same), distance(a, far)
    for one in (near, apart):
        assert 0 <= one.low <= one.value <= one.high <= 1
    assert near.high < apart.low
    assert distance(a, same) == near


def test_median_by_weight():
    assert median(sample([1, 2, 3])) == 2
    assert median(sample([1, 2, 3, 4, 5, 6], [9], [9])) == 9
    assert np.isnan(median(sample([np.nan])))
