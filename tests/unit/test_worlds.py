"""Worlds: what nobody knows is drawn around the defaults; what somebody knows is not."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest

from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.declare import Parameter, doubt
from comsim.model.rng import Purpose, uniform_from, words
from comsim.scenario import Scenario, parameter_values
from comsim.scenario.listing import parameter_list
from comsim.scenario.worlds import (
    DOUBTS,
    FIRST_SAMPLE,
    NULL,
    Uncertain,
    around_default,
    drawn,
    make_worlds,
    parameters_in,
    traits_in,
    uncertain,
)

KNOWN = {"recruit_cost", "post_cost", "order_value", "margin", "ad_price", "staff_cost",
         "platform_cost", "power", "volunteer_cost", "benefit_cost", "greeting_cost", "kol_cost",
         "nudge_cost",
         "online_cost", "offline_cost",
         "matching_cost", "moderation_cost", "staff_reply_cost", "interactive_cost"}  # fmt: skip


def scenario(**tables) -> Scenario:
    return Scenario.from_dict({"name": "one", **tables})


def test_only_what_the_operator_knows_is_not_drawn():
    """Prices and costs are known, and zero stays zero; all else may be off."""
    numbers = uncertain(scenario())
    zero = {n for n, p in (PARAMETERS | TRAITS).items() if p.value == 0}
    # 1 by definition: `forgetting` is what may be off
    scale = {"forgetfulness"}
    assert set(numbers) == (set(PARAMETERS) | set(TRAITS)) - KNOWN - zero - scale


def test_names_of_draws_are_all_different():
    assert not set(PARAMETERS) & set(TRAITS)


def test_ranges_are_the_default_times_a_factor_or_its_odds():
    assert around_default(Parameter("x", 3.0, "", 0, 10, "", doubt=1.5))[:3] == (2.0, 3.0, 4.5)
    low, _, high, *_ = around_default(Parameter("x", 0.8, "", 0, 1, "", doubt=2))
    assert (low, high) == pytest.approx((2 / 3, 8 / 9))  # odds of 4: 2 and 8
    assert around_default(Parameter("x", 9.0, "", 0, 10, "", doubt=1.5)).high == 10
    assert around_default(Parameter("x", 14, "", 0, 200, "", whole=True, doubt=1.25))[:3] == (
        11, 14, 18,
    )  # fmt: skip


def test_what_a_lever_does_is_known_least():
    """A factor of 3 for a lever's effect, 2 for other assumptions, 1.25 for fitted values."""
    factors = {name: doubt(PARAMETERS[name]) for name in PARAMETERS}
    assert factors["gift_warmth"] == factors["push_mute"] == factors["detection"] == 3
    assert factors["value_trust"] == factors["recovery"] == doubt(TRAITS["taste"]) == 2
    assert factors["learning"] == factors["official_half"] == doubt(TRAITS["activity"]) == 1.25
    assert {1.0, 1.25, 2.0, 3.0} == set(factors.values())
    listed = {row["name"]: row["effect"] for row in parameter_list()}
    assert listed["gift_warmth"] == "welcome_gift" and not listed["value_trust"] + listed["taste"]


def test_draws_have_the_distribution_that_is_documented():
    """Triangular in the logarithm: median at the default, an eighth beyond half way."""
    number = Uncertain(2.0, 4.0, 8.0, "log", 2.0)
    u = (np.arange(1000) + 0.5) / 1000
    x = np.array([number.at(v) for v in u])
    assert 2 < x.min() < 2.1 and 7.8 < x.max() < 8
    assert np.median(x) == pytest.approx(4, rel=0.01)
    assert np.mean(x > 4 * np.sqrt(2)) == pytest.approx(1 / 8, abs=0.002)
    assert np.all(np.diff(x) > 0)


def test_an_effect_without_evidence_is_uniform_in_its_range():
    number = around_default(PARAMETERS["newcomer_half"])  # a factor of 3 around its default
    u = (np.arange(1000) + 0.5) / 1000
    x = np.log([number.at(v) / number.value for v in u]) / np.log(3)
    assert np.allclose(x, 2 * u - 1)
    assert not around_default(PARAMETERS["greeting_trust"]).flat  # its sign is known


def test_a_lever_that_nobody_has_measured_may_have_no_effect():
    """All parts of an effect are absent together, in as many samples as documented."""
    samples = [drawn(DOUBTS, 1, draw) for draw in range(400)]
    online = [(x["online_warmth"] == 0, x["online_meetings"] == 0) for x in samples]
    assert all(warmth <= meetings for warmth, meetings in online)
    assert np.mean([warmth for warmth, _ in online]) == pytest.approx(NULL, abs=0.05)
    rewards = [x["newcomer_pull"] == 0 for x in samples]
    assert np.mean(rewards) == pytest.approx(NULL, abs=0.05)
    assert np.corrcoef(rewards, [warmth for warmth, _ in online])[0, 1] < 0.15
    assert all(x["gift_warmth"] > 0 for x in samples)  # measured elsewhere


def test_a_number_in_the_file_is_known_and_a_range_replaces_the_default_one():
    form = scenario(
        parameters={"invitation_rate": 0.5, "word_of_mouth": {"low": 1, "high": 9}},
        segments=[{"name": "all", "activity": 0.2}],
    )
    numbers = uncertain(form)
    assert not {"invitation_rate", "activity"} & set(numbers)
    assert numbers["word_of_mouth"][:4] == (1, 5, 9, "even")
    values = drawn(numbers, 1, 0)
    assert parameters_in(form, values)["invitation_rate"] == 0.5
    assert traits_in(form, values)[0, list(TRAITS).index("activity")] == 0.2


def test_a_draw_is_keyed_by_its_name():
    """What one scenario knows changes nothing of what is drawn for the rest."""
    here = drawn(uncertain(scenario()), 5, 3)
    there = drawn(uncertain(scenario(parameters={"learning": 0.4})), 5, 3)
    assert here.pop("learning") != 0.4
    assert here == there
    assert here != drawn(uncertain(scenario()), 5, 4)
    assert here != drawn(uncertain(scenario()), 6, 3)


def test_a_draw_is_the_first_word_of_its_key():
    numbers = uncertain(scenario(parameters={"word_of_mouth": {"low": 1, "high": 9}}))
    here = drawn(numbers, 5, 3)
    for name in ("word_of_mouth", "learning", "activity"):
        word, *_ = words(5, Purpose.WORLD, FIRST_SAMPLE + 3, crc32(name.encode()), 0)
        assert here[name] == numbers[name].at(uniform_from(word))


def test_worlds_come_in_pairs_of_a_draw_and_all_have_their_own_luck():
    worlds = make_worlds(1, 10)
    assert [world.draw for world in worlds] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    seeds = [world.seed for world in worlds]
    assert len(set(seeds)) == 10 and all(0 <= seed < 2**63 for seed in seeds)
    assert make_worlds(1, 4) == worlds[:4]
    assert not set(seeds) & {world.seed for world in make_worlds(2, 10)}


def test_in_a_fixed_world_every_parameter_has_its_default():
    form = scenario(parameters={"word_of_mouth": {"low": 1, "high": 4}})
    worlds = make_worlds(1, 3, fixed=True)
    assert {world.draw for world in worlds} == {None}
    values = parameters_in(form, drawn(uncertain(form), 1, None))
    defaults = {name: p.value for name, p in PARAMETERS.items()}
    assert values == defaults | {"word_of_mouth": 2.5}


def test_a_run_of_its_own_draws_no_default():
    assert parameter_values(scenario(), 7) == {n: p.value for n, p in PARAMETERS.items()}


def test_the_list_says_of_each_number_what_it_is():
    rows = parameter_list()
    assert [row["name"] for row in rows] == [*PARAMETERS, *TRAITS]
    for row in rows:
        assert row["low"] <= row["value"] <= row["high"] and row["source"] and row["meaning"]
        known = row["distribution"] == "known"
        assert known == (row["low"] == row["high"])
        assert known == (row["factor"] == 1)
    assert all(doubt(number) >= 1 for number in (*PARAMETERS.values(), *TRAITS.values()))
