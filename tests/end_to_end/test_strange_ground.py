"""Terminals of other encodings, closed streams, broken pipes, and Python without docstrings."""

from __future__ import annotations

import inspect
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout

import pytest

from comsim.cli import app, main

from .command import COMMAND

SCENARIO = 'name = "Café 社区 🙂"\ndays = 20\n[community]\nmarket = 60\n'
LOG = "member,time\na,1700000000\nb,1700000100\na,1700090000\n"
NAMES = [command.callback.__name__ for command in app.registered_commands]


@pytest.fixture
def ground(tmp_path, monkeypatch):
    (tmp_path / "社区.toml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "log.csv").write_text(LOG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return end.value.code


COMMANDS = (
    ["describe", "log.csv"], ["odd"], ["run", "社区.toml", "--out", "社区", "--force"],
    ["report", "社区", "--lang", "zh"], ["run", "别的.toml"],
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "gbk"])
def test_any_terminal_shows_every_command(encoding, ground, monkeypatch):
    for command in COMMANDS if encoding == "latin-1" else COMMANDS[:2]:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        wrong = command[-1] == "别的.toml"
        assert code_of(*command) == (2 if wrong else 0)
        stream = err if wrong else out
        stream.flush()
        # Click takes ASCII for a mistake, and writes UTF-8.
        assert stream.buffer.getvalue().decode(encoding.replace("ascii", "utf-8")).strip()
    assert (ground / "社区" / "report.html").exists() == (encoding == "latin-1")


def test_closed_streams_lead_nowhere(ground, monkeypatch):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert code_of("run", "社区.toml", "--out", "out") == 0
    assert code_of("run", "none.toml") == 2
    assert (ground / "out" / "report.html").exists()


@pytest.mark.parametrize("streams", [["stdout"], ["stdout", "stderr"]])
def test_a_reader_that_went_away(streams, ground):
    reading, writing = os.pipe()
    os.close(reading)
    where = {"stdout": writing, "stderr": subprocess.PIPE} | dict.fromkeys(streams, writing)
    command = "parameters" if streams == ["stdout"] else "nothing"
    done = subprocess.run([*COMMAND, command], **where, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr or b"") == (1 if command == "parameters" else 2, b"")


def test_a_full_device_is_one_line(ground):
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "parameters"], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, b"standard output: No space left on device\n")


def said(commands: list[list[str]]) -> list[tuple[int, str]]:
    """Exit code and output of each command."""
    found = []
    for command in commands:
        out, code = io.StringIO(), 0
        with redirect_stdout(out):
            try:
                main(command)
            except SystemExit as end:
                code = end.code
        found.append([code, out.getvalue()])
    return found


# The same function, in a Python that has forgotten all docstrings.
ELSEWHERE = f"""
import io, json, sys
from contextlib import redirect_stdout
from comsim.cli import main
{inspect.getsource(said)}
print(json.dumps(said(json.loads(sys.argv[1]))))
"""


def test_python_without_docstrings_says_the_same(ground):
    commands = [
        ["--help"], *([name, "--help"] for name in NAMES), ["odd"], ["schema"],
        ["schema", "--experiment"], ["parameters", "--csv"], ["describe", "log.csv"],
        ["describe", "log.csv", "--json"], ["run", "社区.toml", "--out", "out", "--force"],
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-OO", "-c", ELSEWHERE, json.dumps(commands)], capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for command, bare, whole in zip(commands, json.loads(done.stdout), said(commands), strict=True):
        assert (command, bare) == (command, whole) and bare[0] == 0
