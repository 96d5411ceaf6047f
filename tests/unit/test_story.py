"""A member's story counts what happened, to the last digit of its trust."""

from __future__ import annotations

import re

import numpy as np
import pytest

from comsim.lab.story import story
from comsim.lab.timeline import Timeline
from comsim.lab.trace import trace
from comsim.scenario import Scenario

from ..reference.busy import BUSY

LIFE = BUSY | {"name": "any", "days": 120, "community": {"market": 300}}
SHOCKED = {
    "name": "any", "days": 90, "community": {"market": 300},
    "shocks": [{"kind": "broken_promise", "day": 60, "severity": 1}],
}  # fmt: skip


@pytest.fixture(scope="module")
def busy() -> Timeline:
    life = Timeline(Scenario.from_dict(LIFE), seed=7)
    life.go_to(50)
    life.set("ad_pressure", 5)
    life.go_to(120)
    return life


def rows(life: Timeline) -> range:
    return range(int(life.world.now["rows"][0]))


def test_all_that_moved_trust_is_told_and_adds_up(busy):
    seen = set()
    for row in rows(busy)[::12]:
        traced = trace(busy.fork(), row)
        mine = busy.world.m.own[row]
        assert traced.trust[-1] == mine["trust"]  # the life that is looked at is the same one
        total = sum(traced.causes.values())
        assert total == pytest.approx(traced.trust[-1] - traced.start, abs=1e-5)
        for _, change, causes in traced.moves:
            assert change == pytest.approx(sum(causes.values()), abs=1e-5)
        seen |= {name for names in traced.causes for name in names}
    assert seen >= {"worth", "replies", "ads", "offers", "answers", "removed", "thanks", "toxic"}
    assert "other" not in seen


def test_what_was_counted_is_what_the_record_has(busy):
    for row in rows(busy)[::40]:
        traced, mine = trace(busy.fork(), row), busy.world.m.own[row]
        assert traced.unanswered <= traced.wrote <= mine["posts"]
        assert (traced.wrote == 0) == (mine["posts"] == 0)
        left = [day for day, what in traced.turns if what == "left"]
        assert left == [mine["left_day"]] if mine["left_day"] >= 0 else not left


def test_how_members_came_is_what_the_days_counted(busy):
    told = [story(busy, row)[0] for row in rows(busy)]
    daily = busy.world.daily
    assert sum("brought by" in words for words in told) == daily["joined_invited"].sum()
    assert sum("KOL" in words for words in told) == daily["joined_kol"].sum()
    assert sum("seed group" in words for words in told) > 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_member_has_a_story(busy, language):
    for row in rows(busy)[::5]:
        traced = trace(busy.fork(), row) if row % 25 == 0 else None
        told = story(busy, row, language, traced)
        assert len(told) >= 4
        for sentence in told:
            assert not re.search(r"[{}]|nan|None|_", sentence), sentence
            assert sentence[-1] == ("。" if language == "zh" else ".")
            if language == "zh":
                assert re.search("[一-鿿]", sentence)


def test_a_broken_promise_is_the_greatest_fall():
    life = Timeline(Scenario.from_dict(SHOCKED), seed=2)
    life.go_to(90)
    trust = life.world.m.own["trust"][: rows(life).stop]
    row = int(np.argmin(trust))
    (fall,) = [words for words in story(life, row, "en", trace(life.fork(), row))
               if "greatest fall" in words]  # fmt: skip
    assert "on day 60: −0." in fall and "(a broken promise −0." in fall


def test_who_is_not_there_has_no_story_and_a_story_can_be_given_up(busy):
    for row in (-1, rows(busy).stop):
        with pytest.raises(ValueError, match="no member"):
            story(busy, row)
    life = busy.fork()
    assert trace(life, 0, wanted=lambda: False) is None
    assert life.day == busy.day  # not even the way back to its first day was gone
