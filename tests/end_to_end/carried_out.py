"""Works carried out by processes that tests can kill."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from ..works import ROOT, Ishigami

WORK = Ishigami(fails=6)
PATIENCE = 120  # seconds

# Carries out a work, with sys.argv = folder, engine, keywords of the work as JSON.
CARRY_OUT = """
import json, sys
from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.engines import engine_of
from tests.works import Ishigami
folder, engine, options = sys.argv[1:]
try:
    chosen = engine_of(engine, None if engine == "serial" else 2)
    carry_out(Ishigami(**json.loads(options)), folder, chosen, resume=True)
except KeyboardInterrupt:
    sys.exit(130)
except (OSError, ValueError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


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
