"""Shared by the tests of works that processes carry out."""

from __future__ import annotations

import pytest

from comsim.shards.carry_out import carry_out

from ..works import ROOT, contents
from .carried_out import WORK


@pytest.fixture
def workers_find_tests(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.fixture(scope="session")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "out"
    carry_out(WORK, folder)
    return contents(folder)
