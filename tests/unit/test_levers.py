"""The effects of levers by lot and on the whole."""

import numpy as np
import pytest

from comsim.evidence.data import data
from comsim.evidence.levers import FIGURES, effects, stored
from comsim.evidence.world import FactWorld
from comsim.model.catalogue import LEVERS

QUIET = {"community": {"market": 2000}, "days": 60}


def test_every_lever_is_tried():
    assert set(data("levers.toml")) == set(LEVERS) == set(stored().index)


def test_a_lever_of_the_whole_community_has_no_effect_by_lot():
    found = effects("kol_reach", FactWorld(0, 1, 1, QUIET))
    assert found["whole"] > 0
    assert all(np.isnan(found[name]) for name in FIGURES if name != "whole")


def test_a_lever_that_nobody_notices_does_nothing():
    """Offers need official posts to be offers."""
    nobody_posts = QUIET | {"policy": {"official_posts": 0}}
    found = effects("offers", FactWorld(0, 1, 1, nobody_posts))
    assert {found["visits"], found["rest"], found["whole"]} == {0.0}


@pytest.mark.parametrize("world", [1, 2])
def test_a_reward_for_recruits_makes_those_recruit_who_are_offered_it(world):
    found = effects("referral_reward", FactWorld(0, 1, world, QUIET | {"days": 120}))
    assert found["recruits"] > 0
    assert found["whole"] > found["visits"]
