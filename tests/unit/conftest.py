"""Shared by the tests of comparisons and of shards."""

import pytest

from comsim.comparison.compare import compare
from comsim.shards.carry_out import carry_out

from .comparisons import ADS, GIFT, NOW
from .stopping import WORK


@pytest.fixture(scope="session")
def three():
    """As now, with a gift, with more ads."""
    return compare(NOW, GIFT, ADS, worlds=12, jobs=2)


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """The folder of a work carried out without a stop."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    carry_out(WORK, folder)
    return folder
