"""A full disk: whatever a command writes, it says so in one line, leaves nothing behind, and what
was there before stays."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

import comsim
from comsim.results.run import save

from .command import COMMAND, PATIENCE

SCENARIO = 'name = "Small"\ndays = 30\n[community]\nmarket = 100\n'
EXPERIMENT = """
name = "Ads"
scenario = "small.toml"
outcomes = ["wau_mean"]
series = { metrics = ["wau"] }
design = { kind = "grid" }
[[factors]]
path = "policy.ad_pressure"
kind = "lever"
values = [0, 4]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Results of each kind."""
    place = tmp_path_factory.mktemp("place")
    (place / "small.toml").write_text(SCENARIO)
    (place / "ads.toml").write_text(EXPERIMENT)
    scenario = comsim.load_scenario(place / "small.toml")
    save(comsim.simulate(scenario), place / "run", events=True)
    comsim.compare(scenario, scenario, worlds=4).save(place / "both")
    swept = comsim.sweep(place / "ads.toml", place / "sweep", engine="serial")
    comsim.analyse(swept).save()
    comsim.export(swept)
    (place / "told.json").write_text("old")
    return place


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command,written", [
    ("run small.toml --out run --force", "run"),
    ("run small.toml --out new", "new"),
    ("compare small.toml small.toml --worlds 4 --out both --force", "both"),
    ("sweep ads.toml --out new --engine serial", "new"),
    ("analyse sweep --force", "sweep/analysis"),
    ("export sweep --force", "sweep-published"),
    ("report run", "run/report.html"),
    ("report both --out new.html", "new.html"),
    ("describe run/events.parquet --out told.json --force", "told.json"),
])  # fmt: skip
def test_one_line_and_nothing_is_lost(here, place, monkeypatch, command, written):
    """Each writes aside and flushes, which is where many a disk first says that it is full."""

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.chdir(place)
    before = contents(place)
    monkeypatch.setattr(os, "fsync", full)
    done = here(*command.split())
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if "font" not in line]
    assert len(errors) == 1 and errors[0].startswith(f"{place / written}: No space left on device")
    assert contents(place) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("command", ["schema", "parameters --csv"])
def test_what_is_printed_into_a_full_disk(command):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, *command.split()], stdout=full, stderr=subprocess.PIPE, text=True,
            timeout=PATIENCE,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "standard output: No space left on device\n")
