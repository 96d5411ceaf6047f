"""Shared by the tests of the whole."""

from __future__ import annotations

import subprocess

import pytest

from comsim.cli import main
from comsim.shards.carry_out import carry_out

from ..works import ROOT, contents
from .carried_out import WORK


@pytest.fixture
def here(capfd):
    """The command in this process, which saves the start of another."""

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(argument) for argument in arguments]
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main(command)
        return subprocess.CompletedProcess(command, end.value.code, *capfd.readouterr())

    return call


@pytest.fixture
def workers_find_tests(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.fixture(scope="session")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "out"
    carry_out(WORK, folder)
    return contents(folder)
