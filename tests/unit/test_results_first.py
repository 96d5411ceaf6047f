"""`comsim run` prints its results before anything that draws or writes tables is imported."""

from __future__ import annotations

import subprocess
import sys

from comsim.run.ready import ready

STOPPED_BY_A_FULL_DISK = """
import errno, sys
from comsim.results import run as results
from comsim.cli import main

def save(*_):
    print("loaded:", *sorted({"pandas", "matplotlib", "seaborn"} & set(sys.modules)))
    raise OSError(errno.ENOSPC, "no space left", "out")

results.save = save
main(["run", "small.toml", "--out", "out"])
"""


def test_results_come_before_the_folder(tmp_path):
    ready(quiet=True)
    (tmp_path / "small.toml").write_text('name = "S"\ndays = 60\n[community]\nmarket = 300\n')
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_BY_A_FULL_DISK], cwd=tmp_path, capture_output=True, text=True
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and done.stderr == "out: no space left\n"
    assert lines[0].startswith("S, seed 1: never takes off") and lines[-1] == "loaded:"
    assert not (tmp_path / "out").exists()
