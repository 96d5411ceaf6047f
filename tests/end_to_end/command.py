"""The real command line, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from comsim.run.ready import ready

SMALL = 'name = "Small"\ndays = 60\n[community]\nmarket = 500\n'
FILES = {
    "daily.parquet", "members.parquet", "cohorts.parquet", "summary.json", "provenance.json",
    "figures/lifecycle.png", "report.html",
}  # fmt: skip
COMMAND = [sys.executable, "-m", "comsim.cli"]
PATIENCE = 600  # seconds


def small(folder: Path) -> Path:
    """A scenario file that runs in no time."""
    path = folder / "small.toml"
    path.write_text(SMALL)
    return path


@cache
def compiled() -> None:
    """The model is compiled, which a command would speak of."""
    ready(quiet=True)


def comsim(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    """Run `comsim` with arguments; `env` adds to the environment."""
    compiled()
    options["env"] = os.environ | options.get("env", {})
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
