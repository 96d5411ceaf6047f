"""Whatever stops a run, nothing that looks like a result is half a result."""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from comsim.run.simulation import simulate

from .command import COMMAND, FILES, PATIENCE, compiled, comsim, files, small

# Stops a save at each of its steps in turn (files opened, folders made, renames, flushes), in
# children of one process that has simulated once. Says how many steps there were.
AT_EACH_STEP = """
import os, signal, sys, tempfile
import matplotlib.figure
import comsim, comsim.present.figures.lifecycle, comsim.results.run
scenario, out, how, force = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4] == "force"
run = comsim.simulate(scenario, seed=2)
comsim.present.figures.lifecycle.lifecycle = lambda *_: matplotlib.figure.Figure((1, 1))
with tempfile.TemporaryDirectory() as elsewhere:
    run.save(elsewhere + "/once")  # so that the children need not import what it takes
left = 0

def hook(event, arguments):
    global left
    named = any(".out." in str(a) for a in arguments)
    if left and named and event in ("open", "os.mkdir", "os.rename", "os.rmdir", "os.remove"):
        left -= 1
        if left == 0:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise KeyboardInterrupt

def save_until(step):
    global left
    left = step
    try:
        run.save(out, force=force)
    except KeyboardInterrupt:
        os._exit(130)
    os._exit(0)

sys.addaudithook(hook)
os.fsync = lambda file: None  # it takes long, and a kill does not need it
step = 0
while True:
    step += 1
    if (child := os.fork()) == 0:
        save_until(step)
    stopped = os.waitpid(child, 0)[1] != 0
    print(step, stopped, flush=True)
    sys.stdin.readline()
    if not stopped:
        break
"""


def tables(folder: Path) -> tuple[pd.DataFrame, ...]:
    return tuple(pd.read_parquet(folder / f"{name}.parquet") for name in ("daily", "members"))


def whole(folder: Path) -> bool:
    """Whether all of a result is there and can be read."""
    json.loads((folder / "provenance.json").read_text())
    json.loads((folder / "summary.json").read_text())
    return files(folder) == FILES and len(tables(folder)[0]) == 60


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """A small scenario, with a run of it beside it."""
    path = small(tmp_path_factory.mktemp("scenario"))
    simulate(path).save(path.with_name("first"))
    return path


@pytest.fixture(scope="module")
def takes(scenario):
    """Seconds that the command takes to run the scenario."""
    compiled()
    began = time.monotonic()
    assert comsim("run", scenario, "--out", scenario.with_name("timed")).returncode == 0
    return time.monotonic() - began


@pytest.mark.long
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_stopped_at_any_moment(
    scenario: Path, takes: float, tmp_path: Path, sent: signal.Signals, here
):
    moment = random.Random(sent)
    out = tmp_path / "out"
    finished = 0
    for _ in range(3):
        child = subprocess.Popen(
            [*COMMAND, "run", str(scenario), "--out", str(out), "--force"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(moment.uniform(0.1, 0.8) * takes)
        child.send_signal(sent)
        said = child.communicate(timeout=PATIENCE)[1]
        if child.returncode == 130:
            assert said == "stopped; nothing was written\n"
        finished += child.returncode == 0
        left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".")}
        assert len(left) <= (sent == signal.SIGKILL) and all("unfinished" in n for n in left)
        assert not out.exists() or whole(out)
    assert finished < 3
    assert here("run", scenario, "--out", out, "--force").returncode == 0
    assert whole(out)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.long
@pytest.mark.parametrize(("how", "force"), [("kill", "force"), ("interrupt", "new")])
def test_stopped_at_each_step_of_saving(scenario: Path, tmp_path: Path, how: str, force: str):
    out, first = tmp_path / "out", scenario.with_name("first")
    if force == "force":
        shutil.copytree(first, out)
    child = subprocess.Popen(
        [sys.executable, "-c", AT_EACH_STEP, str(scenario), str(out), how, force],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    old = tables(first)[0]["dau"]
    steps = 0
    for line in child.stdout:
        steps, stopped = int(line.split()[0]), line.split()[1] == "True"
        names = {path.name for path in tmp_path.iterdir()} - {"out"}
        assert all(name.startswith(".out.") for name in names)
        if out.exists():
            assert whole(out)
        elif force == "force":
            # Only between two renames is there neither the old one nor the new.
            assert how == "kill" and any("replaced" in name for name in names)
        if how == "interrupt" and stopped:
            assert not names
        if not stopped:
            assert whole(out) and not names
        child.stdin.write("\n")
        child.stdin.flush()
    assert child.wait() == 0
    assert steps > 10
    assert not tables(out)[0]["dau"].equals(old)


@pytest.mark.parametrize("size", [30_000])
def test_full_disk(scenario: Path, tmp_path: Path, size: int, here):
    """No file may grow beyond a size: tables fail, or later the picture."""
    out = tmp_path / "out"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    done = comsim("run", scenario, "--out", out, preexec_fn=limit)
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
    assert here("run", scenario, "--out", out).returncode == 0
    assert whole(out)
