"""Who comes: the chance of a visit, spells, weather and conversation, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.model.rng import Purpose, uniform32_from, uniform_from, words
from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms.conversation import is_called_back, listen, talking_back
from comsim.reference.mechanisms.spells import begin_spell, is_idle
from comsim.reference.mechanisms.weather import change_weather
from comsim.reference.member import MUTED, Post
from comsim.reference.publish import posting_rate
from comsim.reference.visit import (
    chance_to_visit,
    sleep,
    still_comes,
    visit,
    visit_number,
    would_come,
)
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

from ..calm import CALM


def community(days: int = 60, **parameters: float) -> ReferenceCommunity:
    """Five members on the evening of day 0."""
    scenario = Scenario.from_dict(
        {"name": "five", "days": days, "community": {"market": 5}, "parameters": CALM | parameters,
         "policy": {"seed_group": 5, "intake": 0}}
    )  # fmt: skip
    made = ReferenceCommunity(scenario, 1)
    made.step()
    return made


def test_the_chance_to_visit():
    here = community(interest_half=0.5, habit_floor=0.4, tie_pull=0.6, muted_visits=0.5)
    member = here.everyone[0]
    member.activity, member.interest, member.habit, member.fatigue = 0.5, 0.5, 0.25, 0.2
    member.lift, here.rhythm, bonds = 1.2, 0.9, member.bonds
    chance = 0.5 * 0.5 * (0.4 + 0.6 * 0.25) * (1 + 0.6 * bonds / 6) * 0.9 * 0.8 * 1.2
    assert chance_to_visit(member) == pytest.approx(chance, rel=1e-6)
    assert chance_to_visit(member).dtype == np.float32
    member.status = MUTED
    assert chance_to_visit(member) == pytest.approx(chance / 2, rel=1e-6)


def test_a_night():
    here = community(forgetting=0.25, habit_fading=0.5, recovery=0.125)
    member = here.everyone[0]
    member.forgetfulness, member.interest, member.habit, member.fatigue = 2, 0.5, 0.5, 1e-9
    sleep(member)
    assert (member.interest, member.habit, member.fatigue) == (0.25, 0.25, 0.0)


def test_four_days_share_a_draw():
    here = community()
    member = here.everyone[2]
    for day in range(4, 8):
        here.day = day
        word = words(here.seed, Purpose.VISIT, 1, member.person)[day - 4]
        assert visit_number(member) == uniform32_from(word)


def test_a_spell_begins_after_a_visit_and_ends():
    here = community(idle_chance=1.0, idle_days=10)
    for member in here.everyone:
        u = uniform_from(words(here.seed, Purpose.SPELL, 0, member.person)[1])
        v = u * 400 / 410
        days = int(10 * v / (1 - v))
        assert member.idle_until == 1 + days
        away = [is_idle(member) for here.day in range(1, days + 3)]
        assert away == days * [True] + 2 * [False]
        assert still_comes(member)
        here.day = 0


def test_spells_have_a_median_and_a_heavy_tail():
    here = community(idle_chance=0.5, idle_days=10)
    member, lengths = here.everyone[0], []
    for here.day in range(4000):
        member.idle_until = 0
        begin_spell(member)
        if member.idle_until:
            lengths.append(member.idle_until - here.day - 1)
    assert len(lengths) == pytest.approx(2000, abs=100)
    assert np.median(lengths) == pytest.approx(10, abs=1)  # days are whole
    assert np.mean(np.array(lengths) >= 90) == pytest.approx(0.08, abs=0.02)
    assert 300 < max(lengths) < 400


def test_who_is_idle_does_not_come_though_answered():
    here = community(recall=1.0)
    member = here.everyone[0]
    here.day, here.answered, member.idle_until = 1, {member}, 3
    assert would_come(member) and not still_comes(member)
    visit(here)
    assert member not in here.visitors


def test_the_weather_is_slow_and_neutral_in_the_mean():
    here = community(weather_spread=0.4, weather_memory=5, weather_posts=0.5)
    factors, moods = [], []
    for here.day in range(20_000):
        here.rhythm = 2.0
        change_weather(here)
        factors.append(here.rhythm / 2)
        moods.append(here.mood)
    x = np.log(factors) + 0.08
    assert x.mean() == pytest.approx(0, abs=0.03) and x.std() == pytest.approx(0.4, abs=0.02)
    assert np.mean(factors) == pytest.approx(1, abs=0.03)
    for lag in (1, 5):
        assert np.corrcoef(x[:-lag], x[lag:])[0, 1] == pytest.approx(np.exp(-lag / 5), abs=0.04)
    assert moods == pytest.approx(1 + 0.5 * (np.array(factors) - 1))


def test_the_mood_multiplies_posts():
    here = community()
    member = here.everyone[0]
    rate = posting_rate(member)
    here.mood = 1.3
    assert posting_rate(member) == pytest.approx(1.3 * rate)


def test_an_answer_brings_its_author_back_who_posts_more():
    here = community(recall=1.0, talk_back=0.5)
    author, muted, other, *_ = here.everyone
    here.posts = [Post(author, 0.5), Post(author, 0.5), Post(muted, 0.5), Post(other, 0.5)]
    here.posts[1].replies, here.posts[2].replies = 2, 1
    listen(here)
    assert here.answered == {author, muted}
    muted.status = MUTED
    here.day = 1
    assert [is_called_back(member) for member in here.everyone] == [True] + 4 * [False]
    for member in here.everyone:
        member.interest = 0.0
    visit(here)
    assert here.visitors == [author]
    assert talking_back(author, 0.25) == 0.375 and talking_back(other, 0.25) == 0.25


def test_some_answers_are_in_vain():
    here = community(recall=0.3)
    member, called = here.everyone[0], 0
    here.answered = {member}
    for here.day in range(2000):
        called += is_called_back(member)
    assert called == pytest.approx(600, abs=60)


@pytest.mark.parametrize("seed", range(3))
def test_a_talkative_community_does_not_explode(seed):
    """Even if every answer calls, and all replies are made."""
    scenario = Scenario.from_dict({
        "name": "talk", "days": 200, "community": {"market": 300},
        "parameters": CALM | {"recall": 1, "talk_back": 5, "reply_rate": 1},
        "policy": {"seed_group": 200, "intake": 0},
    })  # fmt: skip
    daily = simulate(scenario, seed, threads=1).world.daily
    assert (daily["dau"] <= daily["members"] + daily["left"]).all()
    assert (daily["posts"] <= 8 * daily["dau"]).all()
    assert (daily["replies"] <= 4 * daily["dau"]).all()
