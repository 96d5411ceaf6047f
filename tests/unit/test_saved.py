"""What is taken away from the lab gives the same life again; what a stranger brings is checked."""

from __future__ import annotations

import tomllib
import zipfile
from io import BytesIO

import numpy as np
import pytest

from comsim.common.errors import InputError
from comsim.lab.saved import (
    Branch,
    as_toml,
    branches_as_toml,
    branches_from,
    data,
    is_branches,
    name_of,
)
from comsim.lab.timeline import Timeline
from comsim.run.simulation import simulate
from comsim.scenario import Scenario, load_scenario

from ..reference.busy import BUSY

SMALL = BUSY | {"days": 120, "community": {"market": 200}}


def moved(said: dict = SMALL) -> Timeline:
    life = Timeline(Scenario.from_dict({"name": "any"} | said), seed=7)
    for day, lever, value in [(30, "ad_pressure", 0.1), (60, "official_posts", 2),
                              (60, "release", 0.3), (90, "ad_pressure", 4)]:  # fmt: skip
        life.go_to(day)
        life.set(lever, value)
    life.go_to(100)
    return life


def test_the_scenario_that_is_taken_away_gives_the_same_bits(tmp_path):
    life = moved()
    path = tmp_path / "taken.toml"
    path.write_text(as_toml(life.scenario, life.seed), encoding="utf-8")
    again = simulate(path)
    life.go_to(life.days)
    assert np.array_equal(again.world.daily_table, life.world.daily_table)
    assert again.world.m.own.tobytes() == life.world.m.own.tobytes()
    assert again.scenario.to_dict() == life.scenario.to_dict() | {"seed": 7}


@pytest.mark.parametrize("name,called", [
    ("Brand launch", "brand-launch-seed-7-scenario.toml"),
    ("品牌 发布", "品牌-发布-seed-7-scenario.toml"),
    ("../a\\b:*?<c>_é", "a-b-c-é-seed-7-scenario.toml"),
    ("…", "community-seed-7-scenario.toml"),
])  # fmt: skip
def test_a_file_is_called_after_its_community_and_seed(name, called):
    life = Timeline(Scenario.from_dict({"name": name, "days": 2}), seed=7)
    assert name_of(life, "scenario.toml") == called
    of = called.replace("scenario", "更多-ads-scenario")
    assert name_of(life, "scenario.toml", "../更多 Ads") == of


def test_dates_numbers_and_text_stay_as_they_were_written():
    said = r"""
name = "a \"quoted\" 名字"
description = "one\ntwo \\ \"\"\""
days = 50
start = 2024-03-01
[parameters]
contacts = 12
invitation_rate = { low = 0.5, high = 0.9 }
[policy]
welcome_gift = 5
official_posts = { base = 1, steps = [{ day = 2024-03-09, value = 2 }], groups = { newcomers = 3 } }
"""
    text = as_toml(Scenario.from_dict(tomllib.loads(said)), 1)
    assert tomllib.loads(text) == tomllib.loads(said) | {"seed": 1}


def test_a_scenario_that_reads_a_csv_runs_from_another_folder(tmp_path):
    (tmp_path / "joiners.csv").write_text("day,joiners\n0,40\n1,2\n")
    (tmp_path / "here.toml").write_text('name = "x"\ndays = 9\n[intake]\ncsv = "joiners.csv"\n')
    life = Timeline(known := load_scenario(tmp_path / "here.toml"))
    branches = branches_as_toml([Branch("as it was", "#4477aa", life)])
    assert branches_from(branches, known=known)[0].timeline.base is known
    with pytest.raises(InputError, match="found a CSV file"):
        branches_from(branches)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "taken.toml").write_text(as_toml(life.scenario, life.seed))
    joined = simulate(tmp_path / "there" / "taken.toml").world.daily["joined"]
    assert joined[0] >= 40


def test_report_and_data_are_those_of_the_moved_life_to_its_end():
    life = moved()
    with zipfile.ZipFile(BytesIO(data(life.scenario, life.seed, "zh"))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert {"daily.parquet", "members.parquet", "report.html", "summary.json",
            "scenario.toml"} <= set(files)  # fmt: skip
    assert tomllib.loads(files["scenario.toml"].decode()) == tomllib.loads(
        as_toml(life.scenario, life.seed)
    )
    assert 'lang="zh' in files["report.html"].decode()


def test_branches_come_back_as_they_were():
    life = moved()
    life.go_to(70)
    other = life.fork()
    other.set("ad_pressure", 9)
    other.go_to(80)
    saved = [Branch("as it is", "#4477aa", life), Branch("更多广告", "#EE6677", other)]
    text = branches_as_toml(saved)
    assert is_branches(tomllib.loads(text)) and not is_branches(
        tomllib.loads(as_toml(life.scenario, life.seed))
    )
    back = branches_from(text.encode())
    assert [(b.name, b.colour) for b in back] == [(b.name, b.colour) for b in saved]
    for one, again in zip(saved, back, strict=True):
        assert again.timeline.moves == one.timeline.moves
        assert (again.timeline.day, again.day) == (0, one.timeline.day)
        again.timeline.go_to(again.day)
        assert np.array_equal(again.timeline.daily, one.timeline.daily)
    assert branches_as_toml(back) == text
    with pytest.raises(ValueError, match="the same scenario"):
        branches_as_toml([saved[0], Branch("x", "#000000", Timeline(life.base, 8))])


def test_of_two_moves_of_a_lever_on_one_day_the_latter_holds():
    set_ = '{{day = 2, lever = "ad_pressure", value = {}}}'.format
    lives = [
        branches_from(file_of(branches=f"{BRANCH}moves = [{', '.join(map(set_, values))}]\n"))[0]
        for values in ((1, 2), (2, 1), (2,))
    ]
    assert [len(life.timeline.moves) for life in lives] == [1, 1, 1]
    assert [life.timeline.moves[0].value for life in lives] == [2, 1, 2]


BRANCH = '[[branches]]\nname = "a"\ncolour = "#112233"\nday = 5\n'


def file_of(scenario: str = 'name = "x"\ndays = 10\n', branches: str = BRANCH) -> str:
    return f"seed = 1\n{branches}[scenario]\n{scenario}"


@pytest.mark.parametrize("text,words", [
    ("seed = 1\n" + BRANCH, "scenario: found nothing"),
    (file_of(branches="branches = []\n"), "branches: found 0 items; allowed: at least 1"),
    (file_of(branches=BRANCH * 5), "branches: found 5 items; allowed: at most 4"),
    (file_of(branches=BRANCH.replace('"a"', '"a\\nb"')), "branches[0].name: found 'a"),
    (file_of(branches=BRANCH.replace('"a"', '" "')), "allowed: a name of one line"),
    (file_of(branches=BRANCH.replace("#112233", "red;background:url(//x)")), "branches[0].colour"),
    (file_of(branches=BRANCH.replace("day = 5", "day = 11")), "from 0 to 10"),
    (file_of(branches=BRANCH.replace("day = 5", "day = 1e300")), "branches[0].day"),
    (file_of(branches=BRANCH + 'code = "import os"\n'), "branches[0].code: found an unknown key"),
    (file_of(branches=BRANCH + 'moves = [{day = 10, lever = "ad_pressure", value = 1}]\n'),
     "branches[0].moves[0].day: found 10; allowed: a whole number from 0 to 9"),
    (file_of(branches=BRANCH + 'moves = [{day = 1, lever = "__class__", value = 1}]\n'),
     "branches[0].moves[0].lever"),
    (file_of(branches=BRANCH + 'moves = [{day = 1, lever = "ad_pressure", value = 99}]\n'),
     "found 99; allowed: a number from 0 to 20"),
    (file_of(branches=BRANCH + "moves = [" + '{day=1,lever="release",value=1},' * 1001 + "]\n"),
     "found 1001 items; allowed: at most 1000"),
    (file_of(branches=BRANCH + 'moves = [{day = 1, lever = "release", value = nan}]\n'),
     "branches[0].moves[0].value: found nan"),
    (file_of('name = "x"\n[scenario.community]\nmarket = 400001\n'), "scenario.community.market"),
    (file_of('name = "x"\ndays = 7301\n'), "scenario.days: found 7301"),
    (file_of('name = "x"\n[scenario.observed]\ncsv="/etc/passwd"\ncolumns={wau="x"}\n'),
     "scenario.observed: found a CSV file"),
    (b"\xff\xfe", "UTF-8"),
    ("#" * 1_000_001, "1,000,001 bytes"),
    ("a = " + "[" * 5000, "nesting"),
])  # fmt: skip
def test_bad_branches_are_refused_in_one_line(text, words):
    with pytest.raises(InputError) as error:
        branches_from(text, "branches.toml")
    line = str(error.value)
    assert words in line and "\n" not in line and line.startswith("branches.toml: ")
    assert len(line) < 600
