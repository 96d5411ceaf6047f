"""Nudges by friends, releases and stated rules, worked out by hand on a few members."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.model.kernel.visit import preset
from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms.nudge import lapsed_friends, nudge
from comsim.reference.mechanisms.release import release
from comsim.reference.mechanisms.stated_rules import conduct_under_rules, first_post_invited
from comsim.reference.member import LEFT, Tie
from comsim.reference.visit import visit
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

from ..calm import CALM


def community(parameters: dict | None = None, **policy: object) -> ReferenceCommunity:
    """Five members on the evening of day 0, as if it were day 40."""
    made = ReferenceCommunity(Scenario.from_dict({
        "name": "five", "days": 60, "community": {"market": 5, "newcomer_days": 50},
        "parameters": CALM | (parameters or {}), "policy": {"seed_group": 5, "intake": 0} | policy,
    }), 1)  # fmt: skip
    made.step()
    made.day = 40
    made.today.clear()
    for member in made.everyone:
        member.slots, member.last_visit = [None] * 6, 40
    return made


def test_a_friend_who_is_written_to_comes_tomorrow():
    here = community({"nudge_return": 1}, friend_nudges=1)
    asked, lapsed, present, other, gone = here.everyone
    asked.slots[1:4] = Tie(present), Tie(lapsed), Tie(gone)
    other.slots[0] = Tie(lapsed)
    lapsed.last_visit, gone.last_visit, gone.status = 12, 12, LEFT
    assert lapsed_friends(asked) == [lapsed]
    here.visitors = [asked, present, other]
    nudge(here)
    assert here.called == {lapsed}
    assert here.today["nudged"] == 2 and here.today["cost_nudges"] == 10
    lapsed.interest, here.day, here.rhythm = 0.0, 41, 0.0
    visit(here)
    assert here.visitors == [lapsed]  # nobody else on a day without rhythm
    nudge(here)
    assert not here.called


def test_who_left_writes_to_nobody_and_nobody_has_to_come():
    here = community({"nudge_return": 0}, friend_nudges=1)
    asked, lapsed, left, *_ = here.everyone
    lapsed.last_visit, left.status = 12, LEFT
    asked.slots[0] = left.slots[0] = Tie(lapsed)
    here.visitors = [asked, left]
    nudge(here)
    assert here.today["nudged"] == 1 and not here.called


def test_rows_of_a_block_are_preset():
    status = np.array([0, 0, LEFT, 1, 0, 0], np.uint8)
    marks = np.zeros(6, np.uint8)
    preset.py_func(np.array([0, 2, 3, 3, 5], np.int32), 1, 5, status, marks)
    assert marks.tolist() == [0, 0, 0, 1, 0, 0]


def test_nudges_bring_members_back():
    wau = []
    for share in 0, 1:
        scenario = Scenario.from_dict({
            "name": "nudged", "days": 200, "community": {"market": 2000},
            "parameters": {"nudge_return": 0.5},
            "policy": {"seed_group": 300, "friend_nudges": share},
        })  # fmt: skip
        daily = simulate(scenario, 1).world.daily
        assert (daily["nudged"].sum() > 100) == bool(share)
        wau.append(daily["dormant"][100:].sum())
    assert wau[1] < wau[0]


@pytest.mark.parametrize("size", [0.0, 0.4, 1.0])
def test_a_release_is_felt_by_all_and_grows_with_the_square(size):
    here = community({"release_interest": 0.3})
    here.levers[0].release, here.novelty = size, 0.5
    for member in here.everyone:
        member.novelty, member.interest, member.last_visit = 0.2, 0.1, 0
    release(here)
    assert here.novelty == pytest.approx(0.5 + size * size * 0.5)
    for member in here.everyone:
        assert member.novelty == pytest.approx(0.2 + size * size * 0.8)
        assert member.interest == pytest.approx(0.1 + 0.3 * size * size * 0.9)


def test_stated_rules_move_newcomers_only():
    here = community({"rules_conduct": 0.4, "rules_voice": 0.6}, stated_rules=0.5)
    newcomer, poster, old, *_ = here.everyone
    newcomer.last_post, poster.last_post, old.last_post, old.joined_day = -1, 3, -1, -20
    assert conduct_under_rules(newcomer) == conduct_under_rules(poster) == pytest.approx(0.8)
    assert conduct_under_rules(old) == 1.0
    assert first_post_invited(newcomer, 2.0) == pytest.approx(2 * 1.3)
    assert first_post_invited(poster, 2.0) == first_post_invited(old, 2.0) == 2.0
