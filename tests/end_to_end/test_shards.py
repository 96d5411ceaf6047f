"""Works carried out by real processes, which are killed, refused and short of room."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path

import psutil
import pytest

from comsim.errors import InputError
from comsim.shards.carry_out import carry_out
from comsim.shards.engines import Dask, Processes, Serial, _Worker
from comsim.shards.state import progress_of

from ..works import ROOT, Elsewhere, Ishigami, Nothing, contents

WORK = Ishigami(fails=6)
PATIENCE = 120  # seconds

# Carries out a work, with sys.argv = folder, engine, keywords of the work as JSON.
CARRY_OUT = """
import json, sys
from comsim.shards.carry_out import carry_out
from comsim.shards.engines import engine_of
from tests.works import Ishigami
folder, engine, options = sys.argv[1:]
try:
    carry_out(Ishigami(**json.loads(options)), folder, engine_of(engine, 2), resume=True)
except KeyboardInterrupt:
    sys.exit(130)
except (OSError, ValueError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""

# Kills children that carry out a work at ten random moments, and goes on in another engine each
# time; a child that was quicker has finished its folder, and the next one begins a new one.
AT_TEN_MOMENTS = """
import os, random, signal, sys, time
from dataclasses import replace
from pathlib import Path
from comsim.shards.carry_out import carry_out
from comsim.shards.engines import engine_of
from tests.works import Ishigami, contents
place = Path(sys.argv[1])
work = Ishigami(fails=6, runs_a_shard=1, pause=0.05)
carry_out(replace(work, pause=0.0), place / "whole")
expected = contents(place / "whole")
moments, kills, finished = random.Random(5), 0, 0
while kills < 10:
    folder, engine = place / f"out{finished}", engine_of(["serial", "processes"][kills % 2], 2)
    if (child := os.fork()) == 0:
        carry_out(work, folder, engine, resume=True)
        os._exit(0)
    time.sleep(moments.uniform(0, [0.5, 1.2][kills % 2]))  # processes begin later
    os.kill(child, signal.SIGKILL)
    how = os.waitpid(child, 0)[1]
    if how == signal.SIGKILL:
        kills += 1
    else:
        assert how == 0 and contents(folder) == expected
        finished += 1
carry_out(work, place / f"out{finished}", resume=True)
assert contents(place / f"out{finished}") == expected
print(kills)
"""

# Kills a process that carries out a work at each of its steps in turn (files opened, folders
# made, renames, removals), in children of one that has imported all. After each, resumes.
AT_EACH_STEP = """
import os, shutil, signal, sys
from pathlib import Path
from comsim.shards.carry_out import carry_out
from tests.works import Ishigami, contents
folder, how = Path(sys.argv[1]), sys.argv[2]
work = Ishigami(runs=10, fails=4)
carry_out(work, folder)
expected = contents(folder)
left = 0

def hook(event, arguments):
    global left
    named = any(folder.name in str(a) for a in arguments)
    if left and named and event in ("open", "os.mkdir", "os.rename", "os.rmdir", "os.remove"):
        left -= 1
        if left == 0:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise KeyboardInterrupt

sys.addaudithook(hook)
os.fsync = lambda file: None  # it takes long, and a kill does not need it
step, stopped = 0, True
while stopped:
    step += 1
    shutil.rmtree(folder, ignore_errors=True)
    if (child := os.fork()) == 0:
        left = step
        try:
            carry_out(work, folder)
        except KeyboardInterrupt:
            os._exit(130)
        os._exit(0)
    stopped = os.waitpid(child, 0)[1] != 0
    carry_out(work, folder, resume=True)
    assert contents(folder) == expected, step
    others = {p.name for p in folder.rglob("*")} - {p.name for p in folder.rglob("*.parquet")}
    assert others == {"manifest.json", "series"}, others
    assert list(folder.parent.iterdir()) == [folder]
print(step)
"""


@pytest.fixture(autouse=True)
def _workers_find_this_module(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "out"
    carry_out(WORK, folder)
    return contents(folder)


def python(script: str, *arguments: object, **options) -> subprocess.Popen[str]:
    """A Python process that finds the tests; in a session of its own, to kill it as one."""
    path = os.pathsep.join([str(ROOT), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], text=True, stderr=subprocess.PIPE,
        stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path}, **options,
    )  # fmt: skip


def wait_for(condition, what: str):
    until = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.02)
    return found


def shards_done(folder: Path) -> int:
    return len(list((folder / "parts" / "runs").glob("*.parquet")))


def children_of(process: int) -> list[int]:
    found = subprocess.run(["ps", "--ppid", str(process), "-o", "pid="], capture_output=True)
    return [int(line) for line in found.stdout.split()]


def alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    return False


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


@pytest.mark.parametrize("engine", [Serial(), Processes(1), Processes(2), Dask(jobs=2)])
def test_engines_give_the_same_bytes(tmp_path, expected, engine):
    told = []
    carry_out(WORK, tmp_path / "out", engine, progress=lambda *numbers: told.append(numbers))
    assert contents(tmp_path / "out") == expected
    assert told[-1] == (40, 40, 7)
    assert progress_of(tmp_path / "out").engine == engine.name


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

        monkeypatch.setattr("comsim.shards.engines.ALONE", 0.5)
        with pytest.raises(ConnectionError, match="no worker for"):
            for _ in Dask(address).each(Nothing(), range(1000)):
                workers[1].kill()


class Divides:
    def __call__(self, shard):
        return 1 / shard


@pytest.mark.long
def test_a_cluster_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr("comsim.shards.engines.PATIENCE", 0.5)
    for address in ("tcp://127.0.0.1:9", "nothing://x", "x"):
        with pytest.raises(InputError, match=r"--cluster: .*: found .*; allowed: the address"):
            carry_out(WORK, tmp_path / "out", Dask(address), resume=True)
    with (
        cluster(tmp_path, workers=0) as (address, *_),
        pytest.raises(InputError, match="a scheduler without workers"),
    ):
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
    work = replace(WORK, deadly=14, deaths=5, marks=str(tmp_path / "marks"))
    said = r"shard 2 \(runs 14 to 20\) lost its worker 3 times \(SIGKILL\)"
    with pytest.raises(ChildProcessError, match=said):
        carry_out(work, tmp_path / "out", Processes(1))
    assert progress_of(tmp_path / "out").done == 14
    carry_out(work, tmp_path / "out", Processes(1), resume=True)
    assert len(list((tmp_path / "marks").iterdir())) == 5
    assert contents(tmp_path / "out") == expected


def test_a_worker_with_other_packages_does_nothing(tmp_path):
    said = (
        r"worker on .*: found another work \(packages.numpy was \d+, now \d+\); allowed: the same"
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
        "from comsim.shards.engines import Processes\n"
        "from tests.works import Threads\n"
        "print(list(Processes(1).each(Threads(), [1, 2])))\n"
    )
    path = os.pathsep.join([str(ROOT), *sys.path])
    done = subprocess.run([sys.executable, script], capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": path})  # fmt: skip
    assert (done.stdout, done.stderr) == ("begun\n[1, 1]\n", "")


@pytest.mark.long
def test_killed_at_ten_moments(tmp_path):
    """Some of them before it has begun; and another engine goes on."""
    child = python(AT_TEN_MOMENTS, tmp_path)
    assert child.communicate(timeout=PATIENCE) == ("10\n", "")


@pytest.mark.long
@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_stopped_at_each_step(tmp_path, how):
    child = python(AT_EACH_STEP, tmp_path / "the_folder", how)
    said, wrong = child.communicate(timeout=PATIENCE)
    assert not wrong
    assert int(said) > 20


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


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_ctrl_c_keeps_what_is_done(tmp_path, engine):
    options = json.dumps({"runs_a_shard": 1, "pause": 0.3})
    out = tmp_path / "out"
    child = python(CARRY_OUT, out, engine, options)
    wait_for(lambda: shards_done(out) >= 2, "two shards")
    assert progress_of(out).state == "running"
    workers = children_of(child.pid)
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=PATIENCE) == ("", "")
    assert child.returncode == 130
    assert not any(map(alive, workers))
    state = progress_of(out)
    assert state.state == "stopped" and 2 <= state.done < 40
    carry_out(Ishigami(runs_a_shard=1), out, resume=True)
    carry_out(Ishigami(runs_a_shard=1), tmp_path / "whole")
    assert contents(out) == contents(tmp_path / "whole")


def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path, expected):
    out = tmp_path / "out"
    first = python(CARRY_OUT, out, "serial", json.dumps({"fails": 6, "pause": 30}))
    wait_for(lambda: out.exists() and progress_of(out).state == "running", "the first")
    second = python(CARRY_OUT, out, "serial", json.dumps({"fails": 6}))
    said = second.communicate(timeout=PATIENCE)[1]
    assert said.count("\n") == 1
    assert f"output folder: found process {first.pid} on" in said
    first.kill()
    first.communicate()
    assert progress_of(out).state == "killed"
    carry_out(WORK, out, resume=True)
    assert contents(out) == expected


def test_two_that_begin_at_once(tmp_path, expected):
    """One does it, the other one is refused."""
    out, options = tmp_path / "out", json.dumps({"fails": 6, "pause": 30})
    both = [python(CARRY_OUT, out, "serial", options) for _ in range(2)]
    refused = wait_for(lambda: next((one for one in both if one.poll()), None), "the refusal")
    assert refused.returncode == 1 and refused.communicate()[1].count("\n") == 1
    working = both[1 - both.index(refused)]
    assert working.poll() is None
    working.kill()
    working.communicate()
    carry_out(WORK, out, resume=True)
    assert contents(out) == expected


@pytest.mark.parametrize("engine,size", [("processes", 2_000), ("serial", 4_000)])
def test_full_disk(tmp_path, engine, size):
    """No file may grow beyond a size: a shard's fails, or only that of all runs."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    out, options = tmp_path / "out", json.dumps({"runs": 100})
    child = python(CARRY_OUT, out, engine, options, preexec_fn=limit)
    said = child.communicate(timeout=PATIENCE)[1]
    assert said.count("\n") == 1 and "File too large" in said, said
    if size == 2_000:
        assert not list(tmp_path.iterdir())
    else:
        assert f"{out}" in said and "100 of 100 runs are kept, --resume goes on with them" in said
        assert shards_done(out) == 15 and progress_of(out).state == "stopped"
        assert not list((out / "parts").glob(".*"))
    carry_out(Ishigami(runs=100), out, resume=True)
    carry_out(Ishigami(runs=100), tmp_path / "whole")
    assert contents(out) == contents(tmp_path / "whole")
