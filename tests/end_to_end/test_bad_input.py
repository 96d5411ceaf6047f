"""Bad input: one line on stderr, exit code 2, nothing written, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from comsim.cli import main

from ..contract.bad_scenarios import CASES, NOBODY, Case, materialise, unprivileged
from .command import PATIENCE, comsim, small

REAL = ("huge", "deep", "csv_gap")  # beside those that are tried in this process


@pytest.fixture
def folder(monkeypatch):
    """The current folder, which everybody may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        monkeypatch.chdir(name)
        yield Path(name)
        monkeypatch.undo()


def names(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def check(code: int, out: str, err: str, *said: str) -> None:
    assert code == 2
    assert out == ""
    assert err.endswith("\n")
    line = err[:-1]
    assert line.isprintable()  # so it is one line
    assert "Traceback" not in line
    for part in said:
        assert part in line


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_scenario(case: Case, folder: Path, capsys):
    path = materialise(case, folder)
    before = names(folder)
    with unprivileged() if case.private else nullcontext(), pytest.raises(SystemExit) as end:
        main(["run", str(path)])
    check(end.value.code, *capsys.readouterr(), case.named, *case.said)
    assert names(folder) == before


@pytest.mark.parametrize("name", REAL)
def test_scenario_in_a_real_process(name: str, folder: Path):
    case = next(case for case in CASES if case.name == name)
    path = materialise(case, folder)
    before = names(folder)
    done = comsim("run", path)
    check(done.returncode, done.stdout, done.stderr, case.named, *case.said)
    assert names(folder) == before


def as_nobody(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command by somebody who may not read everything, which root may. What it needs is
    imported first, for Python itself may be root's own."""
    code = (
        "import os, sys, comsim.cli, comsim.results.run, comsim.today.run\n"
        "import concurrent.futures.thread\n"
        "if os.geteuid() == 0:\n"
        "    comsim.scenario.load_scenario(sys.argv[2])\n"
        f"    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "comsim.cli.main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


def test_no_permission(folder: Path):
    scenario = small(folder)
    scenario.chmod(0o644)
    locked = folder / "locked"
    locked.mkdir(mode=0o555)
    done = as_nobody("run", scenario, "--out", locked / "run")
    check(done.returncode, done.stdout, done.stderr, "locked", "no permission to write")
    scenario.chmod(0)
    done = as_nobody("run", scenario, "--out", folder / "run")
    check(done.returncode, done.stdout, done.stderr, "small.toml", "permission denied")
    assert names(folder) == {scenario, locked}


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("there", "something that is not a result"),
        ("file", "something that is not a result"),
        ("file/below", "not a directory"),
        ("x" * 250, "too long"),
        (".", "something that is not a result"),
        ("/", "empty name"),
    ],
)
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_output_folder(out: str, said: str, force: list[str], folder: Path, capsys):
    scenario = small(folder)
    (folder / "there").mkdir()
    (folder / "file").write_text("mine")
    before = names(folder)
    with pytest.raises(SystemExit) as end:
        main(["run", str(scenario), "--out", out, *force])
    check(end.value.code, *capsys.readouterr(), "output folder", said)
    assert names(folder) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ruin"], "ruin"),
        (["run"], "scenario"),
        (["run", "small.toml", "--sead", "1"], "--seed"),
        (["run", "small.toml", "--seed", "-1"], "--seed"),
        (["run", "small.toml", "--seed", str(2**63)], "--seed"),
        (["run", "small.toml", "--seed", "one"], "--seed"),
        (["run", "small.toml", "--threads", "0"], "--threads"),
        (["run", "small.toml", "--days", "0"], "days"),
        (["run", "small.toml", "--days", "99999"], "days"),
        (["run", "small.toml", "extra"], "extra"),
        (["run", "small.toml", "--intake", "none.csv"], "none.csv"),
        (["run", "small.toml", "--observed", "none.csv"], "observed.columns"),
        (["run", "observed.toml", "--observed", "none.csv"], "none.csv"),
        (["describe", "none.csv"], "none.csv"),
    ],
)
def test_arguments(arguments: list[str], said: str, folder: Path, capsys):
    small(folder)
    (folder / "observed.toml").write_text('name = "x"\n[observed]\ncolumns = { wau = "w" }\n')
    before = names(folder)
    with pytest.raises(SystemExit) as end:
        main(arguments)
    check(end.value.code, *capsys.readouterr(), said)
    assert names(folder) == before


def test_nobody_reads_the_output(folder: Path):
    """`comsim schema | head -1` ends without a word."""
    command = [sys.executable, "-m", "comsim.cli", "schema"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, timeout=PATIENCE)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
