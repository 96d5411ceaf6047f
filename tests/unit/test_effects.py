"""The published effects: each has its texts in both languages, and its source."""

import re

import pytest

from comsim.evidence.data import data

EFFECTS = data("effects.toml")
LONGEST_TITLE = 60


@pytest.mark.parametrize("id", EFFECTS)
def test_an_effect_has_its_texts_in_both_languages_and_a_source(id):
    effect = EFFECTS[id]
    varied = [] if effect["design"] == "measurement" else ["varied"]
    for name in ["title", "population", "outcome", *varied]:
        assert effect[name].keys() == {"en", "zh"}, name
        assert all(text.strip() for text in effect[name].values()), name
        assert re.search(r"[一-鿿]", effect[name]["zh"]), name
    assert len(effect["title"]["en"]) <= LONGEST_TITLE
    assert effect["citation"]
    assert effect["url"].startswith("http")


def test_titles_have_no_figures_and_tell_the_effects_apart():
    titles = [(e["title"]["en"], e["title"]["zh"]) for e in EFFECTS.values()]
    assert not [title for title in titles if re.search(r"\d", "".join(title))]
    assert len({en for en, _ in titles}) == len({zh for _, zh in titles}) == len(titles)


def test_a_figure_that_was_only_recalled_stays_out():
    recalled = {id: e["published"] for id, e in EFFECTS.items() if e["seen"] == "R"}
    assert recalled
    assert all(published == {"unit": "sign"} for published in recalled.values())
