"""`comsim sweep` and `comsim status`, as a user types them."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from comsim.studies.experiments.sweep import sweep

from .command import COMMAND, PATIENCE, comsim, files

EXPERIMENT = """
name = "Ads and posts"
scenario = "base.toml"
outcomes = ["wau_mean", "decline"]

[changes]
"days" = {days}

[[factors]]
path = "policy.ad_pressure"
name = "ads"
kind = "lever"
values = {ads}

[design]
kind = "grid"

[worlds]
number = {worlds}
"""


def experiment(
    folder: Path, ads: str = "[0, 4]", worlds: int = 3, days: int = 40, market: int = 300
) -> Path:
    """An experiment file, and its scenario beside it."""
    base = f'name = "Base"\ndays = {days}\n[community]\nmarket = {market}\n'
    (folder / "base.toml").write_text(base)
    path = folder / "ads.toml"
    path.write_text(EXPERIMENT.format(ads=ads, worlds=worlds, days=days))
    return path


@pytest.mark.long
def test_a_sweep_writes_its_folder(tmp_path, here):
    out = tmp_path / "out"
    done = comsim("sweep", experiment(tmp_path), "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    first, careful, last, table, what_next = done.stdout.splitlines()
    assert first.startswith("6 runs (2 points in 3 worlds): about ")
    assert careful.startswith("Warning: 3 worlds give imprecise estimates; 10 or more")
    assert last == f"{out}: finished, 6 of 6 runs (100%)"
    assert table == f"Runs: {out / 'runs.parquet'}"
    assert what_next == f"Next: comsim analyse {out}"
    assert files(out) == {"manifest.json", "runs.parquet"}
    runs = pd.read_parquet(out / "runs.parquet")
    assert runs["ads"].tolist() == [0, 0, 0, 4, 4, 4]
    assert runs["wau_mean"].notna().all()
    said = json.loads((out / "manifest.json").read_text())
    assert said["identity"]["experiment"]["name"] == "Ads and posts"

    assert here("status", out).stdout == f"{last}; all files are unchanged\n"
    again = here("sweep", tmp_path / "ads.toml", "--out", out)
    assert again.returncode == 2
    assert "allowed: a new folder, --resume" in again.stderr
    experiment(tmp_path, ads="[0, 5]")
    other = here("sweep", tmp_path / "ads.toml", "--out", out, "--resume")
    assert other.returncode == 2
    assert "experiment.factors[0].values[1] was 4" in other.stderr
    asked = ["--force", "--engine", "serial"]
    assert here("sweep", tmp_path / "ads.toml", "--out", out, *asked).returncode == 0
    assert pd.read_parquet(out / "runs.parquet")["ads"].max() == 5


def test_a_large_sweep_is_asked_about(tmp_path, here):
    path = experiment(tmp_path, worlds=1000)
    text = path.read_text().replace("values = [0, 4]", "range = [0, 8]")
    path.write_text(text.replace('"grid"', '"latin_hypercube"\npoints = 2000'))
    done = here("sweep", path, "--out", tmp_path / "out", "--jobs", 1)
    assert done.returncode == 2
    assert "found 2,000,000 runs" in done.stderr and "or --yes" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments,words", [
    (["--engine", "serial", "--cluster", "tcp://127.0.0.1:9"], "--engine: found serial with"),
    (["--cluster", "nowhere"], "--cluster: 'nowhere': found"),
    (["--resume", "--force"], "--resume: found --force as well"),
    (["--jobs", "0"], "--jobs"),
    (["--jobs", "2", "--engine", "serial"], "--jobs: found 2 with --engine serial"),
    (["--jobs", "2", "--cluster", "tcp://127.0.0.1:9"], "--jobs: found 2 with --cluster"),
    (["--engine", "magic"], "--engine"),
])  # fmt: skip
def test_bad_options(tmp_path, here, arguments, words):
    done = here("sweep", experiment(tmp_path), "--out", tmp_path / "out", *arguments)
    assert done.returncode == 2
    assert words in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_status_of_no_sweep(tmp_path, here):
    done = here("status", tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "allowed: the folder of a sweep" in done.stderr


@pytest.mark.long
def test_ctrl_c_says_how_to_go_on(tmp_path, here):
    path = experiment(tmp_path, "[0, 4, 8]", worlds=40, days=100, market=20_000)  # three shards
    out = tmp_path / "out"
    child = subprocess.Popen(
        [*COMMAND, "sweep", str(path), "--out", str(out), "--quiet", "--jobs", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + PATIENCE
    while not list(out.glob("parts/runs/*.parquet")):
        assert child.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    said = child.communicate(timeout=PATIENCE)[1]
    assert child.returncode == 130
    assert said.count("\n") == 1
    assert said.startswith(f"{out}: stopped, ") and "continue with --resume" in said
    assert "120 of 120" not in said
    assert here("status", out).stdout == said
    asked = ["--resume", "--quiet", "--engine", "serial"]
    assert here("sweep", path, "--out", out, *asked).stderr == ""
    whole = sweep(path, tmp_path / "whole", engine="serial")
    assert (whole.folder / "runs.parquet").read_bytes() == (out / "runs.parquet").read_bytes()
