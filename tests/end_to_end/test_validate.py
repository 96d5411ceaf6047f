"""`comsim validate`, as a user types it."""

from __future__ import annotations

import json

from .command import files


def test_a_validation(tmp_path, here):
    out = tmp_path / "out"
    done = here("validate", "--only", "F3,F4", "--worlds", 2, "--out", out, "--lang", "zh")
    assert done.returncode == 0 and done.stderr == ""  # no bar where nobody watches
    assert "F3 Stickiness" in done.stdout and "DAU/WAU" in done.stdout and str(out) in done.stdout
    assert files(out) == {
        "validation.html", "validation.csv", "validation.json", "provenance.json"
    }  # fmt: skip
    numbers = json.loads((out / "validation.json").read_text("utf-8"))
    assert numbers["worlds"] == 2
    assert [row["fact"] for row in numbers["figures"]] == ["F3", "F3", "F4", "F4"]
    assert "验证报告" in (out / "validation.html").read_text("utf-8")
    assert {row["kind"] for row in numbers["figures"]} == {"F"}
    assert {row["mark"] for row in numbers["figures"]} == {"used", "shown"}
    again = here("validate", "--only", "F3", "--worlds", 2, "--out", out)
    assert again.returncode == 2 and "--force" in again.stderr


def test_what_cannot_be_asked_for(tmp_path, here):
    for arguments in (
        ["--only", "F33"],
        ["--worlds", "1"],
        ["--only", ""],
        ["--only", "F1", "--held"],
    ):
        done = here("validate", *arguments, "--out", tmp_path / "out")
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_nearest_name_is_given(here):
    done = here("validate", "--only", "greting")
    assert done.returncode == 2 and "'greting'" in done.stderr
    assert "greeting (the nearest)" in done.stderr
