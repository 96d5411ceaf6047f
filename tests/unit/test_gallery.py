"""The gallery of scenarios: contrasts are pairs of medians over the same worlds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import comsim
from comsim.present.figures.small import small_pair

from .comparisons import GIFT, NOW

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "scripts" / "scenarios.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_pair_comes_once_and_every_contrast_is_in_one(gallery):
    paths = sorted((ROOT / "scenarios" / "contrasts").glob("*.toml"))
    found = gallery.pairs(paths)
    assert len({frozenset(pair) for pair in found}) == len(found)
    assert {path for pair in found for path in pair} >= set(paths)
    assert all(path.is_file() for pair in found for path in pair)


def test_a_picture_shows_the_medians_over_worlds(gallery):
    found = comsim.compare(NOW, GIFT, worlds=6, sample="independent")
    table = gallery.medians(found)
    assert list(table) == ["As now", "Gift"] and len(table) == 120
    seeds = found.worlds[found.worlds["policy"] == "Gift"]
    assert table["Gift"].iloc[-1] == pytest.approx(np.median(seeds["wau"]))
    figure = small_pair(table)
    first, second = (line.get_ydata() for line in figure.axes[0].lines)
    assert (first == table["As now"]).all() and (second == table["Gift"]).all()


def test_the_page_has_a_picture_of_each_pair_and_of_no_contrast_alone(gallery):
    """After a change: python scripts/scenarios.py."""
    page = (ROOT / "docs" / "scenarios.md").read_text("utf-8")
    pairs = gallery.pairs(sorted((ROOT / "scenarios" / "contrasts").glob("*.toml")))
    contrasts = page.partition("## Contrasts")[2]
    assert contrasts.count("](scenarios/") == len(pairs)
    for one, other in pairs:
        assert f"](scenarios/{other.stem}.png)" in contrasts
        assert f"`{one.relative_to(ROOT).as_posix()}`" in contrasts
        assert (ROOT / "docs" / "scenarios" / f"{other.stem}.png").is_file()


@pytest.mark.parametrize("share,words", [
    (0.0163, "+1.6%"), (-0.0163, "−1.6%"), (0.163, "+16%"), (-0.996, "−100%"), (0.0, "+0.0%"),
])  # fmt: skip
def test_a_change_has_two_digits(gallery, share, words):
    assert gallery.signed_percent(share) == words
