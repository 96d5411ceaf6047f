"""What a comparison leaves on disk."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from comsim.common.errors import InputError
from comsim.files import origin
from comsim.results import comparison
from comsim.results.comparison import report_again


def test_the_folder_holds_what_the_tables_do(three, tmp_path):
    folder = three.save(tmp_path / "out")
    files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    pictures = {
        f"figures/{n}{k}.png" for n in ("futures", "difference", "ahead") for k in ("", "-2")
    }
    tables = "verdict", "worlds", "draws", "series", "key_drivers", "returns"
    tables = {f"{name}.parquet" for name in (*tables, "by_lot", "grades", "settling")}
    assert files == tables | pictures | {"summary.json", "provenance.json", "report.html"}
    read = pd.read_parquet(folder / "verdict.parquet")
    pd.testing.assert_frame_equal(read, three.verdicts, check_dtype=False)
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["sentence"] == three.sentence
    assert len(summary["verdicts"]) == len(three.verdicts)
    with pytest.raises(InputError):
        three.save(folder)
    replaced = replace(three, notes=("new",))
    replaced.save(folder, force=True)
    assert json.loads((folder / "summary.json").read_text())["notes"] == ["new"]


def test_a_saved_comparison_gives_the_same_page_again_or_in_chinese(three, tmp_path):
    folder = three.save(tmp_path / "out")
    assert report_again(folder) == (folder / "report.html").read_text("utf-8")
    assert 'lang="zh' in report_again(folder, "zh")
    (folder / "series.parquet").unlink()
    with pytest.raises(InputError, match=r"series.parquet: missing since it was written"):
        report_again(folder)


def test_a_folder_with_outcomes_of_earlier_definitions_is_refused(three, tmp_path, monkeypatch):
    """They have other numbers under the same names."""
    with monkeypatch.context() as patched:
        patched.setattr(origin, "DEFINITIONS", 1)
        three.save(tmp_path / "old")
    refused = "definitions: found activity as an earlier version defined it; allowed: "
    with pytest.raises(InputError, match=refused):
        comparison.load(tmp_path / "old")


def test_one_that_another_process_unpickles_has_its_methods(three):
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer).save.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(three), capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_comparison_that_cannot_be_drawn_leaves_no_folder(three, tmp_path):
    broken = replace(three, series=three.series.drop(columns="q50"))
    with pytest.raises(KeyError):
        broken.save(tmp_path / "out")
    assert not list(tmp_path.iterdir())
