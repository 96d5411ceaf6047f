"""Shared by the tests of comparisons."""

import pytest

from comsim.comparison.compare import compare

from .comparisons import ADS, GIFT, NOW


@pytest.fixture(scope="session")
def three():
    """As now, with a gift, with more ads."""
    return compare(NOW, GIFT, ADS, worlds=12, jobs=2)
