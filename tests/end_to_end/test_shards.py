"""Works carried out by each engine, and by workers that die."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from multiprocessing import Pipe

import psutil
import pytest

from comsim.common.errors import InputError
from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.engines import Dask, Processes, Serial, _Worker
from comsim.studies.shards.state import progress_of

from ..works import ROOT, Elsewhere, Nothing, contents
from .carried_out import CARRY_OUT, PATIENCE, WORK, alive, children_of, python, wait_for

pytestmark = pytest.mark.usefixtures("workers_find_tests")


@pytest.mark.parametrize("engine", [Serial(), Processes(1), Processes(2), Dask(jobs=2)])
def test_engines_give_the_same_bytes(tmp_path, expected, engine):
    told = []
    carry_out(WORK, tmp_path / "out", engine, progress=lambda *numbers: told.append(numbers))
    assert contents(tmp_path / "out") == expected
    assert told[-1] == (40, 40, 7)
    assert progress_of(tmp_path / "out").engine == engine.name


@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_only_few_shards_are_under_way(monkeypatch, engine):
    """However many there are."""
    asked = []

    def shards():
        for number in range(60):
            asked.append(number)
            yield number

    most = 2 if engine == "processes" else 6
    engine = Processes(2) if engine == "processes" else Dask(jobs=2)
    for count, _ in enumerate(engine.each(Nothing(), shards()), 1):
        assert len(asked) <= count + most
    assert count == 60


def test_dask_in_process_listens_to_nobody_outside():
    for _ in Dask(jobs=1).each(Nothing(), [0]):
        ports = [one.laddr.ip for one in psutil.Process().net_connections("inet")
                 if one.status == psutil.CONN_LISTEN]  # fmt: skip
    assert set(ports) == {"127.0.0.1"}


def test_a_worker_that_dies_is_replaced_and_a_shard_that_kills_each_is_named(tmp_path, expected):
    (tmp_path / "marks").mkdir()
    work = replace(WORK, deadly=14, deaths=4, marks=str(tmp_path / "marks"))
    said = r"shard 2 \(runs 14 to 20\) lost its worker 3 times \(SIGKILL\)"
    with pytest.raises(ChildProcessError, match=said):
        carry_out(work, tmp_path / "out", Processes(1))
    assert progress_of(tmp_path / "out").done == 14
    carry_out(work, tmp_path / "out", Processes(1), resume=True)
    assert len(list((tmp_path / "marks").iterdir())) == 4
    assert contents(tmp_path / "out") == expected


def test_a_worker_with_other_packages_does_nothing(tmp_path):
    said = (
        r"worker on .*: found a different sweep \(packages.numpy was \d+, now \d+\); allowed: the"
    )
    with pytest.raises(InputError, match=said):
        carry_out(Elsewhere(), tmp_path / "out", Processes(1))
    assert not (tmp_path / "out").exists()


def test_workers_have_one_thread_and_come_from_no_script(tmp_path):
    """A script without `if __name__ == "__main__"` can ask for processes."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "print('begun')\n"
        "from comsim.studies.shards.engines import Processes\n"
        "from tests.works import Threads\n"
        "print(list(Processes(1).each(Threads(), [1, 2])))\n"
    )
    path = os.pathsep.join([str(ROOT), *sys.path])
    done = subprocess.run([sys.executable, script], capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": path})  # fmt: skip
    assert (done.stdout, done.stderr) == ("begun\n[1, 1]\n", "")


def test_workers_end_with_who_started_them(tmp_path):
    child = python(CARRY_OUT, tmp_path / "out", "processes", json.dumps({"pause": 30}))
    workers = wait_for(lambda: (found := children_of(child.pid))[1:] and found, "workers")
    child.kill()
    child.communicate()
    wait_for(lambda: not any(map(alive, workers)), "the end of the workers")


def test_a_worker_that_nobody_waits_for_says_nothing():
    ours, theirs = Pipe()
    worker = python(_Worker.START, theirs.fileno(), pass_fds=[theirs.fileno()])
    theirs.close()
    ours.close()
    assert worker.communicate(timeout=PATIENCE) == ("", "")
