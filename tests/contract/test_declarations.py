"""What is declared of a lever, parameter, column or shock turns up wherever it is shown."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from comsim.lab.page.controls import lever_groups
from comsim.lab.phrasebook import LabPhrases
from comsim.model.catalogue import (
    ACTS,
    COLUMNS,
    COST_OF,
    COSTS,
    LEVERS,
    LEVERS_BY_GROUP,
    PARAMETERS,
    SHOCKS,
    TRAITS,
    UNITS,
)
from comsim.model.declare import GROUPS
from comsim.present.odd import levers_by_group, odd
from comsim.present.report.moves import move_in_words
from comsim.scenario import schema
from comsim.scenario.changes import ScheduledMove, ValueChange

README = Path(__file__).parents[2] / "README.md"
CHINESE = re.compile("[\u4e00-\u9fff]")

document = cache(odd)
keys_of = cache(schema)


@cache
def controls(language: str) -> dict[str, dict]:
    """The lab's control of each lever."""
    groups = lever_groups(LabPhrases(language))
    return {lever["name"]: lever for group in groups for lever in group["levers"]}


def table_of(name: str) -> str:
    """The row of the ODD document about a name."""
    return next(line for line in document().splitlines() if line.startswith(f"| `{name}` |"))


@pytest.mark.parametrize("lever", LEVERS.values(), ids=lambda lever: lever.name)
def test_a_lever_turns_up_everywhere(lever):
    name = lever.name
    keys = keys_of()["$defs"]["Policy"]["properties"]
    assert lever.meaning in keys[name]["description"]
    assert lever.evidence in keys[name]["description"] and lever.evidence in table_of(name)

    assert lever.group in GROUPS and lever in LEVERS_BY_GROUP[lever.group]
    english, chinese = controls("en")[name], controls("zh")[name]
    for shown, meaning in ((english, lever.meaning), (chinese, lever.meaning_zh)):
        first, evidence = shown["help"].split("\n")
        assert first == meaning and all(source in evidence for source in lever.sources)
    assert CHINESE.search(chinese["title"]) and CHINESE.search(chinese["help"])
    assert CHINESE.search(chinese["unit"]), f"{lever.unit}: declare a Unit"
    assert english["low"] < english["top"] <= english["high"]
    assert english["once"] == lever.act

    move = ScheduledMove(name, "", ValueChange(3, 0.0, 1.0, 3, 0))
    for language in ("en", "zh"):
        words = LabPhrases(language)
        assert words.label(LEVERS, name) in move_in_words(move, words)

    assert lever.meaning in table_of(name) and lever.price in table_of(name)

    assert lever.low <= lever.idle <= lever.high and lever.low <= lever.default <= lever.high
    assert lever.act or not lever.once


def test_the_lab_and_the_readme_show_each_lever_once():
    """If the README does not: replace its table by the output of `comsim odd --levers`."""
    assert sorted(controls("en")) == sorted(LEVERS)
    assert sorted(re.findall(r"`(\w+)`", levers_by_group())) == sorted(LEVERS)
    assert levers_by_group() + "\n\n" in README.read_text(encoding="utf-8")


def test_paid_levers_name_a_cost_column_and_a_price():
    for lever in LEVERS.values():
        assert bool(lever.paid_from) == bool(lever.price), lever.name
        if lever.paid_from:
            assert COST_OF[lever.name] in COSTS
            assert lever.price.split()[0] in {"its", *PARAMETERS}, lever.name
    assert set(ACTS) < set(LEVERS)


@pytest.mark.parametrize("items", [LEVERS, PARAMETERS, TRAITS, COLUMNS, SHOCKS, UNITS, GROUPS])
def test_everything_declared_has_a_chinese_label(items):
    for item in items.values():
        assert CHINESE.search(item.called("zh")), item.name
        assert item.called("en") and not CHINESE.search(item.called("en"))


def test_parameters_and_columns_are_in_the_odd_document():
    for name in (*PARAMETERS, *TRAITS, *COLUMNS):
        assert table_of(name)
