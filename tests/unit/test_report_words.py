"""The words of reports: every phrase in both languages, and numbers as they are written."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from string import Formatter

import pytest

from comsim.language.phrases import LANGUAGES, Words, catalogue
from comsim.model.catalogue import COLUMNS, LEVERS, PARAMETERS, TRAITS
from comsim.model.stages import STAGES

PHRASES = [(room, key) for room, keys in catalogue().items() for key in keys]


def blanks(text: str) -> set[str]:
    """The names of the values that a phrase takes."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("room,key", PHRASES, ids=lambda part: part)
def test_every_phrase_has_its_pair(room, key):
    phrase = catalogue()[room][key]
    assert set(phrase) == set(LANGUAGES)
    assert all(text.strip() for text in phrase.values())
    assert blanks(phrase["en"]) == blanks(phrase["zh"])


def test_every_phrase_that_the_page_asks_for_is_there():
    asked = set()
    for file in files("comsim.present.report").iterdir():
        if file.name.endswith(".py"):
            asked |= set(re.findall(r'words\(\s*"(\w+\.\w+)"', file.read_text("utf-8")))
    for file in files("comsim.present.report").joinpath("templates").iterdir():
        asked |= set(re.findall(r't\([\'"](\w+\.\w+)[\'"]', file.read_text("utf-8")))
    assert len(asked) > 100
    assert asked <= {f"{room}.{key}" for room, key in PHRASES}


def test_what_a_reader_meets_on_every_page_has_a_chinese_name():
    assert set(STAGES) <= set(catalogue()["stage"])
    # What a table of daily counts or of levers names; a new one falls back to English.
    zh = Words("zh")
    for room, name in (("lever", "ad_pressure"), ("column", "wau"), ("trait", "power")):
        assert re.search("[\u4e00-\u9fff]", zh.name(room, name))


def test_a_new_name_falls_back_to_english():
    zh = Words("zh")
    assert zh.name("lever", "shiny_new_lever") == "shiny new lever"
    assert zh.name("parameter", "unheard_of", "what it means") == "what it means"


@pytest.mark.parametrize("room,known", [
    ("lever", LEVERS), ("column", {*COLUMNS, "interest_mean", "trust_mean"}), ("trait", TRAITS),
    ("parameter", PARAMETERS),
])  # fmt: skip
def test_no_name_is_of_something_that_is_gone(room, known):
    assert set(catalogue()[room]) <= set(known)


def test_numbers_and_dates():
    en, zh = Words("en", date(2024, 2, 28)), Words("zh", date(2024, 2, 28))
    assert en.number(-1234.5, 1) == "−1,234.5"
    assert en.number(-0.001) == "0"
    assert en.short(0.012345) == "0.0123"
    assert en.short(99.96) == "100"
    assert en.short(0.00001234) == "0.000012"
    assert [en.short(x) for x in (None, float("nan"), float("inf"))] == ["–"] * 3
    assert en.signed(2.0) == "+2" and en.signed(-2.0) == "−2" and en.signed(0.0) == "0"
    assert en.percent(0.123) == "12%" and en.percent(None) == "–"
    assert (en.tick(250_000), zh.tick(250_000), en.tick(-5_000)) == ("250k", "25万", "−5,000")
    assert en.date(2) == "1 Mar 2024" and zh.date(2) == "2024年3月1日"
    assert en.days(1) == "1 day" and en.days(2) == "2 days"
    assert en.iso("2024-03-01") == "1 Mar 2024" and en.iso("no date") == "no date"
    with pytest.raises(ValueError, match="en, zh"):
        Words("fr")
