"""`comsim compare` and `comsim parameters`, as a user types them."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import time
from io import StringIO
from pathlib import Path

import pytest

from .command import COMMAND, PATIENCE, comsim, files, small

TABLES = {"verdict", "worlds", "draws", "series", "key_drivers", "returns"}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    now = small(tmp_path)
    gift = tmp_path / "gift.toml"
    gift.write_text(now.read_text().replace("Small", "Gift") + "[policy]\nwelcome_gift = 20\n")
    return now, gift


def test_a_comparison(pair, tmp_path, here):
    out = tmp_path / "out"
    done = comsim("compare", *pair, "--worlds", 24, "--out", out)
    assert done.returncode == 0 and done.stderr == ""  # no bar where nobody watches
    assert done.stdout.startswith("Rough estimate: ")
    assert "not validated" in done.stdout and str(out) in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 120
    pictures = {f"figures/{name}.png" for name in ("futures", "difference", "ahead")}
    tables = {f"{name}.parquet" for name in (*TABLES, "by_lot", "grades", "settling")}
    assert files(out) == tables | pictures | {"summary.json", "provenance.json", "report.html"}
    again = here("compare", *pair, "--worlds", 24, "--out", out)
    assert again.returncode == 2 and "--force" in again.stderr


PROGRAMMES = """[[programmes]]
name = "greeter"
levers = { greeting = 0.9 }
fixed = 900
unit_cost = 0
from = 20

[[programmes]]
name = "ads"
levers = { ad_pressure = 3 }
"""


def test_programmes(tmp_path, here):
    now, out = small(tmp_path), tmp_path / "out"
    programmes = tmp_path / "programmes.toml"
    programmes.write_text(PROGRAMMES)
    asked = "compare", now, "--programmes", programmes, "--pairs", "--worlds", 4, "--out", out
    done = here(*asked)
    assert done.returncode == 0, done.stderr
    assert "greeter + ads" in done.stdout and "most profit" in done.stdout
    assert "“ads” changes ad_pressure, without a price in the model" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 130
    assert json.loads((out / "summary.json").read_text())["policies"][0] == "as now"
    assert here("report", out, "--lang", "zh").returncode == 0
    programmes.write_text(PROGRAMMES.replace("greeting", "greting"))
    wrong = here(*asked, "--force")
    assert wrong.returncode == 2 and len(wrong.stderr.splitlines()) == 1
    assert "programmes.toml: programmes[0].levers.greting: found an unknown key" in wrong.stderr
    alone = here("run", programmes)
    assert alone.returncode == 2 and "comsim compare takes this" in alone.stderr


def test_a_scenario_against_itself(pair, tmp_path, here):
    done = here(
        "compare", pair[0], pair[0], "--worlds", 4, "--worlds", "default", "--out", tmp_path / "o"
    )
    assert done.returncode == 0 and "in any of 4 worlds" in done.stdout


def test_files_with_long_names_have_a_folder(tmp_path, here, monkeypatch):
    long = [tmp_path / f"{letter * 83}.toml" for letter in ("长", "名")]
    for path in long:
        path.write_text(small(tmp_path).read_text())
    monkeypatch.chdir(tmp_path)
    done = here("compare", *long, "--worlds", 4, "--seed", 2**63 - 1)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.startswith("长长") and folder.name.endswith(f"seed{2**63 - 1}")


@pytest.mark.parametrize("arguments, said", [
    (["{0}"], "scenarios: found one without programmes"),
    (["{0}", "{1}", "--worlds", "3"], "worlds: found 3"),
    (["{0}", "nowhere.toml"], "nowhere.toml: file not found; expected"),
    (["{0}", "{1}", "--share", "2"], "share: found 2"),
    (["{0}", "{1}", "--days", "0"], "days: found 0"),
])  # fmt: skip
def test_bad_input_is_one_line(pair, tmp_path, here, monkeypatch, arguments, said):
    before = set(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    done = here("compare", *(a.format(*pair) for a in arguments))
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert set(tmp_path.rglob("*")) == before


def test_ctrl_c_stops_it_and_nothing_is_written(pair, tmp_path):
    out = tmp_path / "out"
    command = [*COMMAND, "compare", *map(str, pair), "--worlds", "10000", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert said == "stopped; nothing was written\n"
    assert time.monotonic() - began < 60
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in pair}


def test_parameters_in_three_forms(here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = here("parameters").stdout
    assert max(map(len, text.splitlines())) <= 80
    rows = json.loads(here("parameters", "--json").stdout)
    table = list(csv.DictReader(StringIO(here("parameters", "--csv").stdout)))
    assert [row["name"] for row in rows] == [row["name"] for row in table]
    for row in rows:
        assert row["name"] in text and row["source"]
    assert {"assumption"} <= {row["source"].split(";")[0] for row in rows}
