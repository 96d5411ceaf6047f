"""`comsim analyse`, as a user types it."""

from __future__ import annotations

import json

import pytest

from comsim.studies.experiments.sweep import sweep

from .command import comsim, files
from .test_sweep import experiment

ALWAYS = {"answers.json", "analysis.html", "stochastic.csv", "effects_wau_mean.csv"}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """The folder of a small sweep."""
    folder = tmp_path_factory.mktemp("swept")
    path = experiment(folder, ads="[0, 4, 8]", worlds=4, days=60)
    return sweep(path, folder / "out", engine="serial").folder


@pytest.mark.long
def test_an_analysis_goes_into_the_folder_of_its_sweep(swept, here):
    before = files(swept)
    done = comsim("analyse", swept)
    assert (done.returncode, done.stderr) == (0, "")
    folder = swept / "analysis"
    assert done.stdout.splitlines()[-1] == f"Report: {folder / 'analysis.html'}"
    assert files(folder) >= ALWAYS and files(swept) >= before
    said = json.loads((folder / "answers.json").read_text("utf-8"))
    assert said["experiment"] == "Ads and posts" and said["outcome"] == "wau_mean"
    printed = " ".join(done.stdout.split())
    assert said["answers"] and all(one["title"] in printed for one in said["answers"])
    assert all(one["why"] in printed for one in said["skipped"])

    out = swept.with_name("published")
    done = here("export", swept, "--out", out, "--licence", "CC-BY-4.0", "--author", "Li Wei")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{out}: {len(files(out))} files, described in README.md\n"
    assert files(out / "analysis") == files(folder)
    text = (out / "README.md").read_text("utf-8")
    assert all(one["sentence"] in text for one in said["answers"]) and "Li Wei (20" in text

    again = here("analyse", swept)
    assert again.returncode == 2 and "--force" in again.stderr and again.stderr.count("\n") == 1
    asked = ["--outcome", "decline", "--condition", "wau_mean below 20", "--force", "--quiet"]
    other = here("analyse", swept, *asked)
    assert (other.returncode, other.stdout, other.stderr) == (0, "", "")
    assert "effects_decline.csv" in files(folder)
    assert "effects_wau_mean.csv" not in files(folder)  # an analysis is whole
    told = f"{swept}: finished, 12 of 12 runs (100%); all files are unchanged\n"
    assert here("status", swept).stdout == told


@pytest.mark.parametrize("arguments,words", [
    (["--condition", "alive below 60"], "--condition: found 'alive'; allowed: "),
    (["--condition", "decline"], "allowed: OUTCOME exists, "),
    (["--outcome", "wau"], "wau_mean (the nearest)"),
    (["--map", "ads"], "two factors, such as ads,posts"),
    (["--map", "ads,posts"], "--map: found 'posts'; allowed: ads"),
    (["--core", "nobody"], "--core: found 'nobody'; allowed: ads"),
])  # fmt: skip
def test_bad_questions_get_one_line_and_leave_nothing(swept, tmp_path, here, arguments, words):
    done = here("analyse", swept, "--out", tmp_path / "new", *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert words in done.stderr and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["analyse", "export"])
def test_what_is_no_sweep_is_refused(tmp_path, here, command):
    done = here(command, tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "allowed: the folder of a sweep" in done.stderr
