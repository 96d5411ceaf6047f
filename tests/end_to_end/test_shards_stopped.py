"""Works carried out by real processes, which are killed, refused and short of room."""

from __future__ import annotations

import json
import resource
import signal

import pytest

from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.state import progress_of

from ..works import Ishigami, contents
from .carried_out import (
    CARRY_OUT,
    PATIENCE,
    WORK,
    alive,
    children_of,
    python,
    shards_done,
    wait_for,
)

pytestmark = pytest.mark.usefixtures("workers_find_tests")

# Kills children that carry out a work at six random moments, and goes on in another engine each
# time; a child that was quicker has finished its folder, and the next one begins a new one.
AT_SIX_MOMENTS = """
import os, random, signal, sys, time
from dataclasses import replace
from pathlib import Path
from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.engines import Processes, Serial
from tests.works import Ishigami, contents
place = Path(sys.argv[1])
work = Ishigami(fails=6, runs_a_shard=1, pause=0.05)
carry_out(replace(work, pause=0.0), place / "whole")
expected = contents(place / "whole")
moments, kills, finished = random.Random(5), 0, 0
while kills < 6:
    folder, engine = place / f"out{finished}", [Serial(), Processes(2)][kills % 2]
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
from comsim.studies.shards.carry_out import carry_out
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


@pytest.mark.long
def test_killed_at_six_moments(tmp_path):
    """Some of them before it has begun; and another engine goes on."""
    child = python(AT_SIX_MOMENTS, tmp_path)
    assert child.communicate(timeout=PATIENCE) == ("6\n", "")


@pytest.mark.long
@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_stopped_at_each_step(tmp_path, how):
    child = python(AT_EACH_STEP, tmp_path / "the_folder", how)
    said, wrong = child.communicate(timeout=PATIENCE)
    assert not wrong
    assert int(said) > 20


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
        assert f"{out}" in said and "100 of 100 runs are kept; --resume continues" in said
        assert shards_done(out) == 15 and progress_of(out).state == "stopped"
        assert not list((out / "parts").glob(".*"))
    carry_out(Ishigami(runs=100), out, resume=True)
    carry_out(Ishigami(runs=100), tmp_path / "whole")
    assert contents(out) == contents(tmp_path / "whole")
