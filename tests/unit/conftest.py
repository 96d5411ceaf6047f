"""Shared by the tests of comparisons, of shards and of logs."""

import pandas as pd
import pytest

import comsim.results.analysis  # noqa: F401 (attaches Answer.draw)
from comsim.logs.events import read_log
from comsim.studies.comparison.compare import compare
from comsim.studies.shards.carry_out import carry_out

from .comparisons import ADS, GIFT, NOW
from .stopping import WORK


@pytest.fixture(scope="session")
def three():
    """As now, with a gift, with more ads."""
    return compare(NOW, GIFT, ADS, worlds=12, jobs=2, sample="independent")


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """The folder of a work carried out without a stop."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    carry_out(WORK, folder)
    return folder


@pytest.fixture
def read(tmp_path):
    """Read rows (member, time) or the bytes of a whole file."""

    def read(rows, header="member,time", name="log.csv", **how):
        path = tmp_path / name
        if isinstance(rows, pd.DataFrame):
            path = tmp_path / "log.parquet"
            rows.to_parquet(path)
        elif isinstance(rows, bytes):
            path.write_bytes(rows)
        else:
            lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
            path.write_text("\n".join([header, *lines]) + "\n")
        return read_log(path, **how)

    return read
