"""Every scenario file loads, runs, has a report in every language, and says where its numbers
come from; pairs that are to be compared can be."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import comsim
from comsim.present.report import LANGUAGES
from comsim.scenario import Scenario

from .page import Page

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").rglob("*.toml"))
NAMES = [path.relative_to(ROOT / "scenarios").as_posix() for path in FILES]
SAID = [path for path in FILES if path.parent.name != "scenarios"]
CONTRASTS = [path for path in FILES if path.parent.name == "contrasts"]
ORIGIN = re.compile(r"assumption|\[00\d(, 00\d)*\]|R4DS|as the brand launch|20\d\d\)|20\d\d$")
PLAIN = ("name", "description", "metric", "kind")
MARKET = 200


def small(path: Path) -> Scenario:
    """The same community among few people, without files that are not here."""
    given = comsim.load_scenario(path)
    said = given.to_dict()
    market = min(given.community.market, MARKET)
    said["community"] = said.get("community", {}) | {"market": market}
    said["community"].pop("today", None)  # of more people than that
    for series in ("intake", "observed"):
        said.pop(series, None)
    return given.again(said)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_it_runs_and_has_a_report_in_every_language(path):
    run = comsim.simulate(small(path), seed=1)
    for language in LANGUAGES:
        page = Page(run.report(language))
        page.check()
        assert run.scenario.name in page.words
        assert not re.search(r"\b(nan|None|inf)\b", page.words)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_it_introduces_itself(path):
    form = comsim.load_scenario(path)
    words = " ".join(form.description.split())
    assert 20 < len(words) < 400
    assert len(re.findall(r"[.:](?=\s|$)", words)) >= 1


def test_no_two_have_one_name():
    names = [comsim.load_scenario(path).name for path in FILES]
    stems = [path.stem for path in FILES]
    assert len(set(names)) == len(names) and len(set(stems)) == len(stems)


@pytest.mark.parametrize("path", SAID, ids=lambda path: path.stem)
def test_every_number_says_where_it_comes_from(path):
    text = re.sub(r'""".*?"""', "", path.read_text("utf-8"), flags=re.S)
    silent = [
        line
        for line in text.splitlines()
        if (key := re.match(r"(\w+) = ", line))
        and key[1] not in PLAIN
        and re.search(r"\d", line.split("=", 1)[1].split("#")[0])
        and not ORIGIN.search(line.partition("#")[2])
    ]
    assert silent == []


@pytest.mark.parametrize("path", CONTRASTS, ids=lambda path: path.stem)
def test_a_pair_shares_what_is_not_policy(path):
    first = path.read_text("utf-8").splitlines()[0]
    named = re.fullmatch(r"# comsim compare (scenarios/\S+\.toml) (scenarios/\S+\.toml)", first)
    assert named, first
    pair = [ROOT / name for name in named.groups()]
    assert path in pair
    one, other = (comsim.load_scenario(name) for name in pair)
    for shared in ("days", "start", "community", "segments", "calendar"):
        assert getattr(one, shared) == getattr(other, shared), shared
    said = [tomllib.loads(name.read_text("utf-8")) for name in pair]
    assert said[0].get("parameters") == said[1].get("parameters")
