"""The words of reports: every phrase in both languages, and numbers as they are written."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from string import Formatter

import pytest

from comsim.language.dates import Dates
from comsim.language.phrases import LANGUAGES, Words, catalogue
from comsim.model.catalogue import DAILY, LEVERS, PARAMETERS
from comsim.model.stages import STAGES
from comsim.scenario import Scenario
from comsim.studies.comparison import outcomes
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES

OUTCOMES = {outcome.name: outcome.label for outcome in (*outcomes.OUTCOMES, *ARM_OUTCOMES)}
PHRASES = [(room, key) for room, keys in catalogue().items() for key in keys if room != "outcome"]


def blanks(text: str) -> set[str]:
    """The names of the values that a phrase takes."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("room,key", PHRASES, ids=lambda part: part)
def test_every_phrase_has_its_pair(room, key):
    phrase = catalogue()[room][key]
    assert set(phrase) == set(LANGUAGES)
    assert all(text.strip() for text in phrase.values())
    assert blanks(phrase["en"]) == blanks(phrase["zh"])


def test_every_outcome_has_a_chinese_name_and_its_own_english_one():
    assert catalogue()["outcome"].keys() == OUTCOMES.keys()
    for name, label in OUTCOMES.items():
        assert Words("en").name("outcome", name, label) == label
        assert Words("zh").name("outcome", name, label) == catalogue()["outcome"][name]["zh"]


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


def test_labels_come_from_the_declarations():
    en, zh = Words("en"), Words("zh")
    assert (en.label(LEVERS, "official_posts"), zh.label(LEVERS, "official_posts")) == (
        "content cadence", "内容节奏",
    )  # fmt: skip
    assert (en.label(DAILY, "interest_visitors"), zh.label(DAILY, "interest_visitors")) == (
        "interest", "兴趣",
    )  # fmt: skip
    assert (en.label(DAILY, "cost_goods"), zh.label(DAILY, "cost_goods")) == (
        "cost of goods", "货品成本",
    )  # fmt: skip
    assert en.label(PARAMETERS, "order_rate") == "order rate"


def test_an_unknown_name_is_its_own_label():
    assert Words("zh").label(LEVERS, "lever_of_another_version") == "lever of another version"


def test_numbers_and_dates():
    en, zh = (Words(language, Dates(date(2024, 2, 28))) for language in ("en", "zh"))
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


def test_days_have_numbers_only_if_dates_are_unknown():
    counted, dated = Dates(date(2024, 2, 28)), Dates(date(2024, 2, 28), known=True)
    texts = [
        (
            words.moment(2),
            words.when(1.7),
            words.about(2),
            words.counted(2),
            words.when(float("nan")),
        )
        for dates in (counted, dated)
        for words in (Words("en", dates), Words("zh", dates))
    ]
    assert texts == [
        ("1 Mar 2024 (day 2)", "day 2", "day 2", "day 2", "–"),
        ("2024年3月1日（第 2 天）", "第 2 天", "第 2 天", "第 2 天", "–"),
        ("1 Mar 2024", "1 Mar 2024", "Mar 2024", "", "–"),
        ("2024年3月1日", "2024年3月1日", "2024年3月", "", "–"),
    ]


def test_dates_are_known_with_a_start_or_a_past():
    assert not Scenario(name="A").dates.known
    assert Scenario(name="A", start="2026-12-01").dates == Dates(date(2026, 12, 1), True)
    assert Scenario(name="A", today=30).dates == Dates(date(2024, 1, 1), True, 30)
