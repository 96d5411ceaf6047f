"""Every design gets answers, or the reasons why not; what can't be asked is said in one line."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import comsim
from comsim.studies.analysis.query import parsed
from comsim.studies.experiments.experiment import Experiment

from .page import Page

QUESTIONS = {
    "tipping", "boxes", "core", "robust", "effects", "pairs", "sensitivity", "stochastic",
    "warning",
}  # fmt: skip
NAME = "Ads & <b>posts</b>"
ADS = {"path": "policy.ad_pressure", "name": "ads", "kind": "lever"}
CORE = {"path": "policy.seed_group", "kind": "lever"}
WEAR = {"path": "parameters.forgetting", "kind": "uncertainty"}
DESIGNS = {
    "grid": {"kind": "grid", "levels": 3},
    "list": {"kind": "list", "rows": [
        {"ads": ads, "seed_group": core, "forgetting": 0.04} for ads in (0, 4, 8)
        for core in (5, 20, 60)]},
    "csv": {"kind": "csv", "csv": "points.csv"},
    "latin_hypercube": {"kind": "latin_hypercube", "points": 24},
    "sobol": {"kind": "sobol", "points": 8, "second_order": True},
    "morris": {"kind": "morris", "trajectories": 4},
}  # fmt: skip
# What each design can't answer, whatever came out.
OPEN = {
    "grid": {"sensitivity"},
    "list": {"sensitivity"},
    "csv": {"sensitivity", "robust"},
    "latin_hypercube": {"sensitivity", "robust"},
    "sobol": {"robust"},
    "morris": {"robust", "tipping", "boxes", "core", "effects", "pairs"},
}  # fmt: skip


def experiment(folder: Path, design: str, factors: list[dict], **more: object) -> Experiment:
    rows = [f"{k},{5 + 7 * k},{0.036 + k / 4000}\n" for k in range(9)]
    (folder / "points.csv").write_text("ads,seed_group,forgetting\n" + "".join(rows))
    (folder / "base.toml").write_text('name = "Base"\ndays = 150\n[community]\nmarket = 120\n')
    return Experiment.from_dict(
        {
            "name": NAME, "scenario": "base.toml",
            "outcomes": ["wau_mean", "decline", "dormancy"], "factors": factors,
            "design": DESIGNS[design], "worlds": {"number": 4},
            "series": {"metrics": ["wau", "posts"], "every": 7},
        } | more,
        "experiment", folder,
    )  # fmt: skip


def swept(folder: Path, design: str, factors: list[dict], **more: object) -> comsim.Sweep:
    return comsim.sweep(experiment(folder, design, factors, **more), folder / "out",
                        engine="serial")  # fmt: skip


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    """A small sweep of each design, made when it is asked for."""
    made: dict[str, comsim.Sweep] = {}

    def of(design: str) -> comsim.Sweep:
        if design not in made:
            folder = tmp_path_factory.mktemp(design)
            ranges = [ADS | {"range": [0, 8]}, CORE | {"range": [5, 80]}, WEAR]
            made[design] = swept(folder, design, ranges)
        return made[design]

    return of


@pytest.fixture(scope="module")
def found_in(sweeps):
    """What each of these sweeps says, asked once."""
    return cache(lambda design: comsim.analyse(sweeps(design)))


@pytest.mark.parametrize("design", DESIGNS)
def test_each_design_gets_answers_or_reasons(design, found_in):
    found = found_in(design)
    names = [answer.name for answer in found.answers]
    asked = {name.split("_")[0] for name in names} | {one.name for one in found.skipped}
    if asked & {"sobol", "morris"}:
        asked = asked - {"sobol", "morris"} | {"sensitivity"}
    assert asked == QUESTIONS
    assert {one.name for one in found.skipped} >= OPEN[design]
    assert len(set(names)) == len(names) > 1
    for one in found.skipped:
        assert one.why and "\n" not in one.why and "nan" not in one.why
    for answer in found.answers:
        assert answer.title and answer.sentence.endswith(".")
        assert (answer.draw() is not None) == bool(answer.figure)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("design", ["grid", "morris"])
def test_the_folder_holds_all_that_is_said(design, language, found_in, tmp_path):
    found = found_in(design)
    folder = found.save(tmp_path / "out", language=language)
    said = json.loads((folder / "answers.json").read_text("utf-8"))
    assert [one["title"] for one in said["answers"]] == [one.title for one in found.answers]
    page = Page((folder / "analysis.html").read_text("utf-8"))
    page.check(pictures=True)
    assert NAME in page.words
    for one, answer in zip(said["answers"], found.answers, strict=True):
        assert page.words.count(answer.title) >= 2  # at the top, and over its picture
        assert answer.sentence in page.words
        table = (folder / one["table"]).read_text("utf-8").splitlines()
        assert table[0].split(",") == list(answer.table.columns) or not len(answer.table.columns)
        if one["figure"]:
            assert (folder / one["figure"]).read_bytes().startswith(b"\x89PNG")
    for one in found.skipped:
        assert one.why in page.words
    with pytest.raises(comsim.InputError, match="--force"):
        found.save(tmp_path / "out")


def test_a_notebook_shows_answers(sweeps):
    found = comsim.analyse(sweeps("grid"))
    html = found._repr_html_()
    shown = Page(html)
    drawn = sum(bool(answer.figure) for answer in found.answers)
    assert html.count('src="data:image/png;base64,') == drawn > 3
    for answer in found.answers:
        assert answer.title in shown.words and answer.sentence in shown.words
    assert all(one.why in shown.words for one in found.skipped)
    assert NAME in repr(found) and len(repr(found)) < 500
    tipping = found["tipping"]
    assert tipping is found["tipping_ads_seed_group"] and tipping.title in repr(tipping)
    assert found["stochastic"].title in found["stochastic"]._repr_html_()
    with pytest.warns(DeprecationWarning, match="stochastic"):
        assert found["luck"].name == "stochastic"
    assert found["stochastic"].draw()._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(KeyError, match="use sobol or morris; available: tipping_ads_seed_group, "):
        found["sensitivity"]


@pytest.mark.parametrize("text,words", [
    ("", "OUTCOME exists"),
    ("dormancy", "OUTCOME exists"),
    ("dormancy dies", "OUTCOME exists"),
    ("dormancy exists now", "OUTCOME exists"),
    ("wau_mean under 5", "OUTCOME below NUMBER"),
    ("wau_mean below", "OUTCOME"),
    ("wau_mean below many", "found 'many'; allowed: a number"),
    ("wau_mean below nan", "a number"),
    ("wau_mean below inf", "a number"),
    ("wau_mean below 5 people", "OUTCOME below NUMBER"),
    ("dormacy exists", "dormancy (the nearest)"),
])  # fmt: skip
def test_bad_conditions_get_one_line(text, words, sweeps):
    with pytest.raises(comsim.InputError) as error:
        comsim.analyse(sweeps("grid"), condition=text)
    assert words in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("asked,words", [
    ({"outcome": "wau_men"}, "wau_mean (the nearest)"),
    ({"across": "adds", "up": "seed_group"}, "ads (the nearest)"),
    ({"across": "ads", "up": "ads"}, "two factors"),
    ({"core": "nothing"}, "allowed: "),
])  # fmt: skip
def test_other_bad_questions_get_one_line(asked, words, sweeps):
    with pytest.raises(comsim.InputError) as error:
        comsim.analyse(sweeps("grid"), **asked)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_conditions_mean_what_they_say(sweeps):
    found = comsim.analyse(sweeps("grid"), outcome="decline", condition="wau_mean below 12.5")
    assert found.query.outcome.name == "decline" and found.query.defaults[1].startswith("The map")
    few = "Warning: 4 worlds give imprecise"
    assert found.query.defaults[0].startswith(few)
    runs = found.sweep.runs
    holds = parsed("wau_mean below 12.5", found.swept).holds(found.swept)
    assert holds.ravel().tolist() == (runs["wau_mean"] < 12.5).astype(float).tolist()
    never = parsed("decline never", found.swept).holds(found.swept)
    assert never.ravel().tolist() == runs["decline"].isna().astype(float).tolist()


def test_a_choice_alone_and_one_world_have_reasons(tmp_path):
    choice = {"path": "calendar.weekday", "values": [[1.0] * 7, [0.5] * 7], "labels": ["a", "b"],
              "kind": "lever"}  # fmt: skip
    sweep = swept(tmp_path, "grid", [choice], worlds={"number": 1}, outcomes=["wau_mean"],
                  series={"metrics": ["posts"]})  # fmt: skip
    found = comsim.analyse(sweep)
    reasons = {one.name: one.why for one in found.skipped}
    assert "two numeric factors" in reasons["tipping"] and "two factors" in reasons["pairs"]
    assert "series of wau" in reasons["warning"] and "seed_group" in reasons["core"]
    found.save()
    assert (sweep.folder / "analysis" / "analysis.html").exists()
    assert comsim.load_sweep(sweep.folder).runs.equals(sweep.runs)  # still a sweep


def test_runs_that_failed_are_said_and_left_out(tmp_path):
    sweep = swept(tmp_path, "grid", [ADS | {"range": [0, 8]}, CORE | {"range": [5, 80]}])
    runs = vars(sweep)["runs"] = sweep.runs.copy()  # as if it had been read so
    some = runs["ads"] == 0
    runs.loc[some, "error"] = "no members"
    runs.loc[some, ["wau_mean", "decline", "dormancy"]] = float("nan")
    found = comsim.analyse(sweep)
    failed = f"{some.sum()} of {len(runs)} runs failed"
    assert all(any(failed in text for text in found[name].warnings)
               for name in ("effects_wau_mean", "robust_wau_mean"))  # fmt: skip
    runs["error"] = "no members"
    with pytest.raises(comsim.InputError, match="only failed ones"):
        comsim.analyse(sweep)


def test_boxes_are_checked_on_fresh_seeds(tmp_path):
    from comsim.studies.analysis.fresh import checked_again, fresh_experiment

    sweep = swept(tmp_path, "grid", [ADS | {"values": [0, 8]}, CORE | {"range": [5, 80]}],
                  worlds={"number": 16})  # fmt: skip
    again = fresh_experiment(sweep)
    assert again.worlds.seed != sweep.experiment.worlds.seed and again.series is None
    bound = float(sweep.runs["wau_mean"].quantile(0.4))
    found = comsim.analyse(sweep, condition=f"wau_mean below {bound}")
    assert found.boxes
    checked = checked_again(found, jobs=1)
    assert "Checked on 96 new runs with other random seeds" in checked["boxes"].sentence
    table = checked["boxes"].table
    assert (table["fresh_density_low"] <= table["fresh_density"]).all()
    assert abs(table["fresh_density"][0] - table["density"][0]) < 0.3
    pd.testing.assert_frame_equal(table[found["boxes"].table.columns], found["boxes"].table)
