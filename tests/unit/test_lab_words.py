"""The lab's page says everything in both languages, and about everything there is."""

import tomllib
from importlib.resources import files

import pytest

from comsim import lab
from comsim.lab.page.controls import GROUPS, lever_groups
from comsim.lab.phrasebook import LANGUAGES, LabPhrases, catalogue
from comsim.lab.view import KINDS
from comsim.language import phrases as report_words
from comsim.model.catalogue import COST_OF, LEVERS

TEXTS = ("text.toml", "stories.toml")


def test_every_phrase_has_both_languages():
    for name in TEXTS:
        for room, phrases in tomllib.loads(files(lab).joinpath(name).read_text("utf-8")).items():
            assert room not in report_words.catalogue(), room
            for key, phrase in phrases.items():
                # What a lever is for is said in English by the model.
                wanted = {"zh"} if room in ("lever_help", "lever_unit") else set(LANGUAGES)
                assert set(phrase) == wanted, (room, key)


def test_each_lever_is_on_the_page_once_with_its_words():
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(LEVERS)
    assert set(catalogue()["lever_help"]) == set(LEVERS)
    assert {lever.unit for lever in LEVERS.values()} == set(catalogue()["lever_unit"])
    assert set(COST_OF) <= set(LEVERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sliders_lie_within_their_levers(language):
    for group in lever_groups(LabPhrases(language)):
        for lever in group["levers"]:
            assert lever["low"] < lever["top"] <= lever["high"]
            assert lever["title"] and lever["help"] and lever["unit"]


def test_every_kind_of_member_has_a_name_and_a_tip():
    assert list(catalogue()["kind"]) == list(catalogue()["kind_tip"]) == list(KINDS)
