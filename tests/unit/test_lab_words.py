"""The lab's page says everything in both languages, and about everything there is."""

import tomllib
from importlib.resources import files

import pytest

from comsim import lab
from comsim.lab.page.controls import lever_groups
from comsim.lab.phrasebook import LANGUAGES, LabPhrases, catalogue
from comsim.lab.view import KINDS
from comsim.language import phrases as report_words

TEXTS = ("text.toml", "stories.toml")


def test_every_phrase_has_both_languages():
    for name in TEXTS:
        for room, phrases in tomllib.loads(files(lab).joinpath(name).read_text("utf-8")).items():
            assert room not in report_words.catalogue(), room
            for key, phrase in phrases.items():
                assert set(phrase) == set(LANGUAGES), (room, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sliders_lie_within_their_levers(language):
    for group in lever_groups(LabPhrases(language)):
        for lever in group["levers"]:
            assert lever["low"] < lever["top"] <= lever["high"]
            assert lever["title"] and lever["help"] and lever["unit"]


def test_every_kind_of_member_has_a_name_and_a_tip():
    assert list(catalogue()["kind"]) == list(catalogue()["kind_tip"]) == list(KINDS)
