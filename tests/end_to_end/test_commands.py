"""The commands, as a user types them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import comsim as library
from comsim.measure.describe import describe
from comsim.measure.metrics import activity
from comsim.run.simulation import THREADS_PAY_FROM
from comsim.scenario import Scenario

from .command import FILES, comsim, files, small

TABLES = ("daily.parquet", "members.parquet", "cohorts.parquet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a scenario, and its run with seed 1 as `one`."""
    folder = tmp_path_factory.mktemp("runs")
    done = comsim("run", small(folder), "--seed", 1, "--out", folder / "one", "--events")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


def test_a_run_writes_its_folder(folder):
    one = folder / "one"
    assert files(one) == FILES | {"events.parquet"}
    daily = pd.read_parquet(one / "daily.parquet")
    assert len(daily) == 60
    assert {
        "day", "members", "joined", "left", "dormant", "muted", "dau", "wau", "mau", "posters",
        "official_posts", "posts", "replies", "ad_impressions", "interest_mean", "trust_mean",
        "novelty", "stage", "revenue", "cost", "profit_cumulative",
    } <= set(daily)  # fmt: skip
    assert (daily["members"] == (daily["joined"] - daily["left"]).cumsum()).all()
    assert len(pd.read_parquet(one / "members.parquet")) == daily["joined"].sum()
    assert (one / "figures" / "lifecycle.png").read_bytes().startswith(b"\x89PNG")


def test_events_agree_with_the_daily_counts(folder):
    daily = pd.read_parquet(folder / "one" / "daily.parquet")
    events = pd.read_parquet(folder / "one" / "events.parquet")
    assert events.attrs["days"] == 60
    assert (activity.dau(events) == daily["dau"]).all()
    assert (activity.wau(events) == daily["wau"]).all()
    assert len(describe(events)) > 5


def test_summary_is_strict_json_with_the_numbers_of_the_tables(folder):
    def refuse(constant):
        raise AssertionError(constant)

    text = (folder / "one" / "summary.json").read_text()
    summary = json.loads(text, parse_constant=refuse)
    daily = pd.read_parquet(folder / "one" / "daily.parquet")
    assert summary["peak"]["wau"]["value"] == daily["wau"].max()
    assert summary["end"]["members"] == daily["members"].iloc[-1]
    assert summary["totals"]["posts"] == daily["posts"].sum()
    assert summary["money"]["profit"] == pytest.approx(daily["profit_cumulative"].iloc[-1])
    assert sum(stage["days"] for stage in summary["stages"]) == 60
    assert summary["intervals"] is None


def test_provenance_is_enough_to_make_the_run_again(folder, tmp_path):
    record = json.loads((folder / "one" / "provenance.json").read_text())
    assert record["comsim"] == library.__version__
    again = library.simulate(Scenario.from_dict(record["scenario"]), seed=record["seed"])
    assert again.parameters == record["parameters"]
    again.save(tmp_path / "again")
    for table in TABLES:
        assert (tmp_path / "again" / table).read_bytes() == (folder / "one" / table).read_bytes()


def test_same_seed_same_bytes_and_another_seed_differs(folder, here):
    scenario = folder / "small.toml"
    # In this process, where `one` had another.
    assert here("run", scenario, "--seed", 1, "--out", folder / "same").returncode == 0
    assert here("run", scenario, "--seed", 2, "--out", folder / "other").returncode == 0
    for table in TABLES[:2]:
        first = (folder / "one" / table).read_bytes()
        assert (folder / "same" / table).read_bytes() == first
        assert (folder / "other" / table).read_bytes() != first


@pytest.mark.long
def test_threads_change_no_byte(tmp_path, here):
    # Large enough for threads to be used.
    scenario = tmp_path / "large.toml"
    scenario.write_text(
        'name = "Large"\ndays = 2\n[community]\nmarket = 270000\n[policy]\nseed_group = 260000\n'
        "[parameters]\nfounder_days = 1\n"
    )
    done = comsim("run", scenario, "--out", tmp_path / "2", env={"NUMBA_NUM_THREADS": "2"})
    assert done.returncode == 0, done.stderr
    assert here("run", scenario, "--out", tmp_path / "1", "--threads", 1).returncode == 0
    assert pd.read_parquet(tmp_path / "2" / "daily.parquet")["members"].min() > THREADS_PAY_FROM
    for table in TABLES:
        assert (tmp_path / "1" / table).read_bytes() == (tmp_path / "2" / table).read_bytes()


def test_force_replaces_a_result_and_nothing_else(folder, tmp_path, here):
    scenario, out = folder / "small.toml", tmp_path / "out"
    assert here("run", scenario, "--out", out).returncode == 0
    first = (out / "daily.parquet").read_bytes()
    refused = here("run", scenario, "--out", out, "--seed", 2)
    assert refused.returncode == 2
    assert "--force" in refused.stderr and refused.stderr.count("\n") == 1
    assert (out / "daily.parquet").read_bytes() == first
    assert here("run", scenario, "--out", out, "--seed", 2, "--force").returncode == 0
    assert (out / "daily.parquet").read_bytes() != first
    assert files(out) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]

    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "novel.txt").write_text("chapter one")
    assert here("run", scenario, "--out", mine, "--force").returncode == 2
    assert files(mine) == {"novel.txt"}


def test_real_series_are_laid_over(tmp_path, here, monkeypatch):
    days = range(60)
    real = pd.DataFrame({"day": days, "people": [50, *[3] * 59], "active": np.arange(60) + 10})
    real.to_csv(tmp_path / "real.csv", index=False)
    scenario = small(tmp_path)
    with scenario.open("a") as file:
        file.write(
            '[policy]\nseed_group = 0\n[intake]\ncolumn = "people"\n'
            '[observed]\ncolumns = { wau = "active" }\n'
        )
    monkeypatch.chdir(tmp_path)
    done = here("run", scenario, "--intake", "real.csv")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "results" / "small-seed1"
    daily = pd.read_parquet(out / "daily.parquet")
    assert daily["joined"][0] >= 50
    summary = json.loads((out / "summary.json").read_text())
    error = abs(daily["wau"] - real["active"]).mean()
    assert summary["observed"]["wau"]["mean_absolute_error"] == pytest.approx(error)
    assert f"{error / real['active'].mean():.0%} of the observed mean" in done.stdout


def test_what_it_prints(folder, tmp_path, here):
    scenario = folder / "small.toml"
    quiet = here("run", scenario, "--out", tmp_path / "a", "--quiet", "--days", 9)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert len(pd.read_parquet(tmp_path / "a" / "daily.parquet")) == 9
    told = here("run", scenario, "--out", tmp_path / "b")
    summary = json.loads((tmp_path / "b" / "summary.json").read_text())
    assert told.stdout.startswith(f"Small, seed 1: {summary['finding']}\n")
    assert str(tmp_path / "b" / "figures" / "lifecycle.png") in told.stdout


@pytest.mark.parametrize("command", [(), ("run",), ("describe",), ("schema",)])
def test_every_help_has_an_example(command, here):
    done = here(*command, "--help")
    assert done.returncode == 0
    assert "Example: comsim" in done.stdout


def test_version_and_schema(here):
    assert here("--version").stdout == f"comsim {library.__version__}\n"
    assert "policy" in json.loads(comsim("schema").stdout)["properties"]
