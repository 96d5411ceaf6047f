"""The grade of evidence of each lever, parameter and trait rests on what its sources allow."""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comsim.cli import app
from comsim.evidence.grades import effects, lever_table, page, published, study_table
from comsim.model.catalogue import LEVERS, PARAMETERS, TRAITS
from comsim.model.declare import ASSUMPTION, GRADES, LISTENERS, R4DS, TEXTBOOKS, grade_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "evidence.md"
NUMBERS = [*PARAMETERS.values(), *TRAITS.values()]
IDENTIFIED = ("randomised", "quasi-experiment")


def bearing(lever: str) -> list[dict]:
    """The published effects of a lever."""
    return [effect for effect in effects().values() if effect["lever"] == lever]


def sized(effect: dict) -> bool:
    """Whether the size of an effect was read, from a study that compares."""
    compares = effect["design"] not in ("company figure", "measurement")
    return effect["seen"] == "V" and "effect" in effect["published"] and compares


def in_a_community(effect: dict) -> bool:
    """Whether the study was made in an online community."""
    return effect["transfer"] <= 0.5


def cited(source: str) -> tuple[str, ...]:
    """The first name of a citation, and its year."""
    name, year = re.match(r"(?:de )?([\w-]+).*?(\d{4})", source).groups()
    return name, year


@pytest.mark.parametrize("lever", LEVERS.values(), ids=lambda lever: lever.name)
def test_a_lever_is_graded_as_its_studies_allow(lever):
    studies = bearing(lever.name)
    assert lever.grade in GRADES
    assert bool(lever.sources) == (lever.grade != "none")
    if lever.grade == "measured":
        assert any(sized(x) and in_a_community(x) and x["design"] in IDENTIFIED for x in studies)
    if lever.grade == "elsewhere":
        assert any(sized(x) for x in studies)
    if lever.grade == "none":
        assert not any(in_a_community(x) and x["design"] == "randomised" for x in studies)


@pytest.mark.parametrize("lever", [x for x in LEVERS.values() if x.sources], ids=lambda x: x.name)
def test_what_a_lever_cites_is_among_its_studies_or_a_source_of_its_parameters(lever):
    known = [effect["citation"] for effect in bearing(lever.name)]
    known += [p.sign for p in PARAMETERS.values() if p.sign and lever.grade == "sign only"]
    for source in lever.sources:
        assert any(all(part in text for part in cited(source)) for text in known), source


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.name)
def test_a_number_without_a_source_is_graded_none(number):
    assumed = number.source.startswith(ASSUMPTION)
    assert (number.grade is None) == assumed, "a citation needs a grade; an assumption has none"
    assert number.fitted in ("", R4DS, LISTENERS, TEXTBOOKS)
    if assumed and not number.sign and number.fitted in ("", TEXTBOOKS):
        assert grade_of(number) == "none"
    assert grade_of(number) != "measured" or not assumed


def test_levers_of_studies_exist():
    assert {effect["lever"] for effect in effects().values()} <= {*LEVERS, ""}


def test_a_size_that_was_not_read_is_not_printed():
    size = {"effect": 0.12, "unit": "relative", "low": -0.01, "high": 0.25}
    effect = {"published": size, "sign": 1, "seen": "V"}
    assert published(effect) == "+12 % [−1, +25]"
    assert published(effect | {"seen": "R"}) == "up"
    varied = {"effect": 0.3, "unit": "relative", "range": [-0.11, 0.49]}
    assert published(effect | {"published": varied}) == "−11 to +49 %"
    assert published(effect | {"published": {"unit": "sign"}, "sign": -1}) == "down"


def test_the_document_is_up_to_date():
    """If not: `python -m comsim.evidence.grades --write`."""
    assert DOCUMENT.read_text(encoding="utf-8") == page()
    assert sorted(lever_table()["lever"]) == sorted(LEVERS)
    assert set(study_table().index) == set(effects())


def test_parameters_are_listed_by_grade():
    def listed(*arguments: str) -> list[str]:
        output = CliRunner().invoke(app, ["parameters", "--json", *arguments]).stdout
        return [row["name"] for row in json.loads(output)]

    by_grade = {grade: listed("--grade", grade) for grade in GRADES}
    assert sorted(chain(*by_grade.values())) == sorted(listed())
    assert "greeting_trust" in by_grade["sign only"] and "push_pull" in by_grade["none"]
    assert "activity" in by_grade["elsewhere"]
