"""Effects and base rates with measures of their own."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pytest

from comsim.evidence.marks import data
from comsim.evidence.trials.own import OWN, orders, removals, replies, thanks
from comsim.evidence.trials.own.ratios import against_matched, against_twin
from comsim.evidence.trials.own.removals import follow_up
from comsim.evidence.world import FactWorld


@pytest.fixture
def brief(monkeypatch):
    """Experiments over fewer days."""
    monkeypatch.setattr(replies, "DAYS", 90)
    monkeypatch.setattr(removals, "DAYS", 120)


def world(**policy) -> FactWorld:
    """A world of small communities."""
    policy = {"seed_group": 500, "intake": 1} | policy
    return FactWorld(0, 1, 5, {"community": {"market": 5000}, "policy": policy})


def test_the_treated_are_compared_within_strata():
    outcome = np.array([4, 2, 2, 10, 5, 5, 99])
    treated = np.array([1, 0, 0, 1, 1, 0, 1], bool)
    stratum = np.array([0, 0, 0, 1, 1, 1, 2])  # nobody to compare with in the last
    # Weights 1 x 2 / 3 and 2 x 1 / 3; means 4 and 7.5 against 2 and 5.
    expected = 100 * ((4 + 7.5) / (2 + 5) - 1)
    assert against_matched(outcome, treated, stratum) == pytest.approx(expected)
    assert against_matched(outcome[-1:], treated[-1:], stratum[-1:]) is None
    twice = np.array([0, 0, 0, 0, 0, 0, 0])
    assert against_matched(outcome, treated, stratum, twice) == pytest.approx(expected)


def test_an_arm_is_compared_with_its_twin_and_with_the_rest():
    outcome, twin = np.array([6, 6, 9, 2]), np.array([5, 5, 5, 5])
    arm = np.array([1, 1, 0, 0], bool)
    # The arm does 12 in place of 10, the rest 11 in place of 10.
    got = against_twin(outcome, twin, arm)
    assert got == {"effect": pytest.approx(100 * (12 / 11 - 1)), "rest": pytest.approx(10)}
    assert against_twin(outcome, twin * 0, arm) == {"effect": None, "rest": None}


def test_authors_are_followed_from_their_first_removal():
    moderated = np.array([True, False, True])
    posts = [  # row, day, toxic, cut
        (0, 3, True, True), (1, 3, True, True), (0, 4, True, False), (2, 5, True, False),
        (0, 9, True, True), (0, 33, True, False), (1, 33, True, False), (0, 34, False, False),
        (1, 40, False, False), (1, 63, False, False), (1, 64, False, False),
    ]  # fmt: skip
    row, day, toxic, cut = (np.array(one) for one in zip(*posts, strict=True))
    # In days 1-30 three toxic posts against one; in days 31-60 one post against two.
    assert follow_up(row, day, toxic, cut, moderated) == (pytest.approx(200), pytest.approx(-50))


@pytest.mark.parametrize(
    "id", sorted(OWN.keys() - {"facebook_peer_feedback"})
)  # F7 is tested elsewhere
def test_every_measure_gives_an_effect(brief, id):
    effect = OWN[id](world())["effect"]
    assert effect is not None and isfinite(effect)


def test_an_effect_by_lot_is_zero_without_the_treatment(brief):
    untouched = {"effect": 0.0, "rest": 0.0, "whole": 0.0}
    assert thanks.contagion(world(recognition=0)) == untouched
    without_leak = world()
    without_leak.overrides["shocks"] = []
    breach = orders.breach(without_leak)
    assert breach == untouched | {"trusting": 0.0, "distrusting": 0.0}


def test_every_experiment_is_described():
    effects, described = data("effects.toml"), data("trials/own.toml")
    assert set(described) == set(OWN) <= set(effects)
    for one in described.values():
        assert set(one["scenario"]) == {"en", "zh"}
