"""Works carried out by a Dask cluster of real processes, which are killed."""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from comsim.common.errors import InputError
from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.engines import Dask
from comsim.studies.shards.state import progress_of

from ..works import Nothing, contents
from .carried_out import WORK, python, wait_for

pytestmark = pytest.mark.usefixtures("workers_find_tests")


@contextmanager
def cluster(folder: Path, workers: int):
    """A Dask scheduler and workers as processes: its address, itself, and the workers."""
    path = folder / "scheduler.json"
    start = "import sys; from distributed.cli.dask_{} import main; main()"
    common = ["--no-dashboard", "--host", "127.0.0.1"]
    scheduler = python(start.format("scheduler"), "--port", 0, "--scheduler-file", path, *common)
    started = [scheduler]
    try:
        wait_for(lambda: path.exists() and path.read_text().endswith("}"), "the scheduler")
        address = json.loads(path.read_text())["address"]
        for _ in range(workers):
            options = ["--nthreads", 1, "--no-nanny", "--local-directory", folder, *common]
            started.append(python(start.format("worker"), address, *options))
        yield address, scheduler, started[1:]
    finally:
        for process in started:
            process.kill()
            process.communicate()


@pytest.mark.long
def test_a_cluster_gives_the_same_bytes_and_survives_a_lost_worker(tmp_path, expected, monkeypatch):
    with cluster(tmp_path, workers=2) as (address, _, workers):
        carry_out(WORK, tmp_path / "out", Dask(address))
        assert contents(tmp_path / "out") == expected
        killed = []

        def kill_one(done: int, *_) -> None:
            if done > 10 and not killed:
                workers[0].kill()
                killed.append(workers[0].wait())

        slow = replace(WORK, pause=0.1)
        carry_out(slow, tmp_path / "lost", Dask(address), progress=kill_one)
        assert contents(tmp_path / "lost") == expected
        assert killed == [-signal.SIGKILL]

        with pytest.raises(ZeroDivisionError):  # what goes wrong there is told here
            list(Dask(address).each(Divides(), [0]))

        monkeypatch.setattr("comsim.studies.shards.engines.ALONE", 0.5)
        with pytest.raises(ConnectionError, match="no worker for"):
            for _ in Dask(address).each(Nothing(), range(1000)):
                workers[1].kill()

        monkeypatch.setattr("comsim.studies.shards.engines.PATIENCE", 0.5)
        with pytest.raises(InputError, match="a scheduler without workers"):
            carry_out(WORK, tmp_path / "none", Dask(address), resume=True)
        assert not (tmp_path / "none").exists()


class Divides:
    def __call__(self, shard):
        return 1 / shard


def test_a_cluster_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr("comsim.studies.shards.engines.PATIENCE", 0.5)
    for address in ("tcp://127.0.0.1:9", "nothing://x", "x"):
        with pytest.raises(InputError, match=r"--cluster: .*: found .*; allowed: the address"):
            carry_out(WORK, tmp_path / "out", Dask(address), resume=True)
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_a_scheduler_that_is_killed(tmp_path, expected, capfd):
    with (
        cluster(tmp_path, workers=1) as (address, scheduler, _),
        pytest.raises(ConnectionError, match=f"{address}: the scheduler is gone"),
    ):
        carry_out(
            replace(WORK, pause=0.2), tmp_path / "out", Dask(address),
            progress=lambda done, *_: scheduler.kill() if done > 10 else None,
        )  # fmt: skip
    assert progress_of(tmp_path / "out").state == "stopped"
    assert capfd.readouterr().err == ""
    carry_out(WORK, tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == expected
