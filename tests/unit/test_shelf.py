"""The shelf has every scenario, with words and a picture that is still true; and a stranger's
scenario is read with care."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from comsim.common.errors import InputError
from comsim.lab.dropped import scenario_from, toml_from
from comsim.lab.shelf import CARDS, KINDS, POINTS, Outline, cards, picture_of, with_market
from comsim.model.stages import STAGES
from comsim.run.simulation import simulate

LEFT_OUT = {"learning_community", "coffee_brand"}  # need a file, or a past


def test_every_scenario_has_its_card_in_both_languages():
    files = (Path(__file__).parents[2] / "scenarios").rglob("*.toml")
    names = {card.id.rpartition("/")[2] for card in cards()}
    assert names == {path.stem for path in files} - LEFT_OUT
    assert [card.id for card in cards()] == list(tomllib.loads(CARDS.read_text("utf-8")))
    for card in cards():
        assert set(card.name) == set(card.line) == {"en", "zh"} and card.kind in KINDS.values()
        assert card.name["en"] == card.scenario().name
        assert (card.market, card.days) == (card.scenario().community.market, card.scenario().days)
        for language, words in card.line.items():
            assert 8 <= len(words) <= 100 and words[-1] in ".?。？", (card.id, language)


def test_each_picture_is_of_its_file_as_it_is():
    """After a change: python scripts/scenarios.py."""
    for card in cards():
        picture = card.picture
        assert picture is not None, card.id
        assert len(picture.weekly) == POINTS and picture.days == card.days
        assert picture.stages[0][1] == 0 and picture.stages[-1][2] == card.days - 1


def test_a_picture_is_of_the_model_as_it_is():
    card = next(card for card in cards() if card.id == "archetypes/partner")
    run = simulate(card.path)
    assert card.picture == picture_of(run.world.daily["wau"], card.market)
    assert list(card.picture.stages) == run.stages


def test_a_picture_as_svg():
    picture = Outline(10, (0, 50, 100, 50), (("seeding", 0, 4), ("growth", 5, 9)))
    assert picture.line(30, 20) == "M0.0,20.0 L10.0,10.0 L20.0,0.0 L30.0,10.0"
    assert picture.bands(30) == [("seeding", 0.0, 15.0), ("growth", 15.0, 15.0)]
    assert Outline(1, (0,), (("seeding", 0, 0),)).line(30, 20) == "M0.0,20.0"


def test_a_picture_of_a_handful_lies_low_and_has_no_stages():
    picture = Outline(2, (0, 5), (("seeding", 0, 0), ("growth", 1, 1)))
    assert picture.line(10, 20) == "M0.0,20.0 L10.0,18.0"
    assert picture.bands(10) == []


def test_a_folder_of_ones_own(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'name = "Mine"\ndescription = "Of my own. More."\ndays = 30\n[community]\nmarket = 50000\n'
    )
    (card,) = cards(tmp_path)
    assert (card.id, card.kind, card.name["zh"], card.line["en"]) == (
        "mine", "launch", "Mine", "Of my own.",
    )  # fmt: skip
    assert card.picture is None
    assert with_market(card.scenario(), 50_000) == card.scenario()
    assert with_market(card.scenario(), 700).community.market == 700
    drawn = picture_of(simulate(with_market(card.scenario(), 700)).world.daily["wau"], 700)
    assert drawn.days == 30 and max(drawn.weekly) > 10 and drawn.stages[0][0] in STAGES


@pytest.mark.parametrize("text,words", [
    ("name = '<script>alert(1)</script>'\ndays = 5", None),
    ("x" * 1_000_001, "file: found 1,000,001 bytes; allowed: at most 1,000,000 bytes"),
    (b"\xff\xfe\x00", "found byte 0xff in line 1; allowed: UTF-8"),
    ("a." * 100 + "a = 1", "very deep nesting"),
    ("name = 'x'\nseed = 1" + "0" * 5000, "thousands of digits"),
    ("name = 'x'\n[community]\nmarket = 1e300", "community.market"),
    ("name = 'x'\n[community]\nmarket = 400001", "at most 400,000 in the lab"),
    ("name = 'x'\n[intake]\ncsv = '/etc/passwd'", "intake: found a CSV file"),
    ("name = 'x'\n[intake]", "intake: found a series from a CSV file"),
    ("name = 'x'\n[observed]\ncsv = '../a.csv'\ncolumns = { wau = 'w' }", "observed: found a CSV"),
    ("\ud800", "UTF-8"),
    ("<html>", "TOML"),
    ("", "name: found nothing"),
])  # fmt: skip
def test_what_a_stranger_drops(text, words):
    def dropped():
        return scenario_from(toml_from(text))

    if words is None:
        assert dropped().name.startswith("<script>")
        return
    with pytest.raises(InputError) as error:
        dropped()
    line = str(error.value)
    assert words in line and "\n" not in line and line.startswith("your file: ") and len(line) < 400
