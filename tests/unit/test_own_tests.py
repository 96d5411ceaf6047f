"""A test of one's own, in a comparison: it narrows, moves or contradicts the answer."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import comsim
from comsim.common.errors import InputError
from comsim.language.phrases import Words
from comsim.results.comparison import load
from comsim.scenario.own_tests import TESTED, OwnTest
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.basis import own_tests
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES
from comsim.studies.comparison.basis.own_tests import (
    Learned,
    answers,
    judged,
    learned,
    word,
)
from comsim.studies.comparison.basis.settling import explained
from comsim.studies.comparison.basis.split import by_lot, in_two_arms
from comsim.studies.comparison.basis.trials import Design
from comsim.studies.comparison.basis.trials import test_effects as effects_of_test
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.words.answer import lead_sentences
from comsim.studies.comparison.words.basis_sentences import answer_sentence

from .comparisons import NOW, scenario

ADS = {"lever": "ad_pressure", "value": 12, "share": 0.5, "from": 40, "until": 110,
       "outcome": "visits", "effect": -0.3, "interval": [-0.35, -0.25]}  # fmt: skip
EVERY = np.ones(len(ARM_OUTCOMES))
BIG = {"community": {"market": 4000}}
MANY = scenario("Ads", policy={"ad_pressure": {"steps": [{"day": 60, "value": 12}]}}, **BIG)


def reported(**changes) -> OwnTest:
    return OwnTest.model_validate(ADS | changes)


def with_test(**changes) -> comsim.Scenario:
    return scenario(tests=[ADS | changes], **BIG)


@pytest.mark.parametrize("wrong,message", [
    ({"lever": "gretting"}, r"tests\[0\].lever: found lever 'gretting'; allowed: greeting"),
    ({"lever": "release", "value": 0.1}, r"tests\[0\].lever: .* whole community"),
    ({"value": -1}, r"tests\[0\].value: found -1; allowed: a number from 0"),
    ({"share": 1}, r"tests\[0\].share: found 1; "),
    ({"until": 20}, r"tests\[0\].until: found 20; allowed: a day after the first, 40"),
    ({"until": 500}, r"tests\[0\].until: found 500; allowed: days 0 to 119"),
    ({"outcome": "likes"}, r"tests\[0\].outcome: found outcome 'likes'; allowed: "),
    ({"effect": 0.1}, r"tests\[0\].interval: found \[-0.35, -0.25\]; allowed: .* the effect 0.1"),
    ({"effect": 4}, r"tests\[0\].effect: found 4; allowed: a number from -1 to 1"),
    ({"interval": [0.1]}, r"tests\[0\].interval: "),
])  # fmt: skip
def test_an_impossible_test_is_one_line(wrong, message):
    with pytest.raises(InputError, match=message) as error:
        with_test(**wrong)
    assert "\n" not in str(error.value)


def test_a_test_of_what_everybody_has_is_refused():
    now = with_test(lever="welcome_gift", value=0, effect=0.1, interval=[0, 0.2])
    with pytest.raises(InputError, match=r"tests\[0\].value: found 0, which everybody has"):
        comsim.compare(now, scenario("Gift", policy={"welcome_gift": 40}, **BIG), worlds=4)


def test_an_experiment_has_one_outcome(tmp_path):
    again = ADS | {"outcome": "posts", "from": 110, "until": 115}
    message = r"tests\[1\]: found a test of ad_pressure on days of tests\[0\]; allowed: one outcome"
    with pytest.raises(InputError, match=message) as error:
        scenario(tests=[ADS, again], **BIG)
    assert "\n" not in str(error.value)
    later, other = again | {"from": 111}, again | {"lever": "offers", "value": 0.5}
    assert len(scenario(tests=[ADS, later, other], **BIG).tests) == 3
    apart = scenario("Ads", tests=[again], **BIG)  # the same in two files
    with pytest.raises(InputError, match=r"days of tests\[0\] in As now.toml; allowed: one"):
        comsim.compare(with_test(), apart, worlds=4)


def test_outcomes_of_tests_are_those_of_arms():
    assert set(TESTED) == {outcome.name for outcome in ARM_OUTCOMES}


def test_a_test_is_simulated_between_its_days_and_on_those_who_were_drawn():
    worlds, first = make_worlds(1, 4), Policy.of(NOW)
    design = Design("ad_pressure", 12.0, 0.5, 40, 110)
    visits = [one.name for one in ARM_OUTCOMES].index("visits")
    effects = effects_of_test(first, design, worlds, 1, [60, 110])[:, :, visits]
    assert (effects[:, 1] < 0).all() and (effects[:, 1] < effects[:, 0]).all()
    for nothing in (design._replace(value=1.0), design._replace(first=119, last=119)):
        none = effects_of_test(first, nothing, worlds, 1, [118])
        assert not none[np.isfinite(none)].any()  # as everybody has it, or not yet


def test_an_event_takes_place_once():
    assert Design("offline_event", 0.3, 0.5, 40, 95).days == slice(40, 41)
    assert Design("offers", 0.3, 0.5, 40, 95).days == slice(40, 96)


def test_two_arms_with_the_same_policy_are_the_same_community():
    from comsim.studies.comparison.runs import run_all

    worlds = make_worlds(1, 4)
    rule = {"name": "r", "when": [{"metric": "wau", "above": 1}], "days": 9,
            "do": [{"lever": "official_posts", "set": 9, "group": "newcomers"}]}  # fmt: skip
    policy = Policy.of(scenario(rules=[rule]))
    one, two = (run_all([x], worlds, 1) for x in (policy, in_two_arms(policy, 0.3)))
    assert np.array_equal(one.outcomes, two.outcomes, equal_nan=True)
    assert two.arms.shape[2] == 2 and np.array_equal(one.series, two.series, equal_nan=True)


def test_the_effect_by_lot_leaves_out_who_was_drawn():
    twin, treated = np.array([30.0, 10.0]), np.array([33.0, 10.0])
    assert by_lot(twin, treated) == pytest.approx(0.1)
    assert np.isnan(by_lot(np.array([0.0, 1.0]), treated))


def test_likelihood_by_hand():
    """Three worlds with the effects 0, 0.1 and 0.2."""
    effects = np.array([0.0, 0.1, 0.2])
    test = reported(effect=0.1, interval=[0.1 - 0.196, 0.1 + 0.196])
    row, log = judged(test, effects)
    assert test.error == pytest.approx(0.1)
    assert log == pytest.approx([-0.5, 0.0, -0.5])  # (0.1)^2 / (2 x 0.01)
    assert not row["contradicts"] and row["simulated"] == pytest.approx(0.1)
    far, _ = judged(reported(effect=0.9, interval=[0.8, 1.0]), effects)
    assert far["contradicts"]
    _, log = judged(test, np.append(effects, np.nan))
    assert log[-1] == -np.inf  # nobody was there to be tested


def answered(weights: list[float], contradicts: bool = False, used: bool = True) -> dict:
    """The answer on a policy whose effects in five samples are 0 to 0.4."""
    first = np.ones((2, 5, 1))
    outcomes = np.stack([first[0], 1 + np.array([0, 0.1, 0.2, 0.3, 0.4])[:, None]])
    runs = SimpleNamespace(first=first, outcomes=outcomes)
    tests = pd.DataFrame({"contradicts": [contradicts], "used": [used], "left": [9.0]})
    tests = Learned(None, np.array(weights), tests)
    policies = [SimpleNamespace(name=name) for name in ("A", "B")]
    return answers(policies, runs, tests, 0.15).iloc[0].to_dict()


def test_answers_before_and_after():
    same = answered([0.2] * 5)
    assert same["word"] == "leaves" and same["before_chance"] == pytest.approx(0.6)
    narrow = answered([0.0, 0.3, 0.4, 0.3, 0.0])
    assert narrow["word"] == "narrows" and narrow["after_q50"] == pytest.approx(0.2)
    assert narrow["after_q05"] > narrow["before_q05"] and narrow["after_chance"] == pytest.approx(
        0.7
    )
    moved = answered([0.0, 0.0, 0.0, 0.1, 0.9])
    assert moved["word"] == "moves" and moved["after_chance"] == 1
    assert answered([0.2] * 5, contradicts=True)["word"] == "contradicts"
    assert answered([0.2] * 5, used=False)["word"] == "too few"


def test_a_range_that_grows_is_widened():
    row = {"before_q05": -0.01, "before_q95": 0.02, "after_q05": -0.3, "after_q95": 0.4,
           "after_q50": 0.005}  # fmt: skip
    quartiles = np.array([0.0, 0.01])
    assert word(row, quartiles, False, False) == "widens"
    near = row | {"after_q05": -0.01, "after_q95": 0.021}
    assert word(near, quartiles, False, False) == "leaves"
    for language, told in (("en", "widen the range"), ("zh", "扩大")):
        shown = row | {"policy": "B", "word": "widens", "before_q50": 0.005,
                       "before_chance": 0.0, "after_chance": 0.3}  # fmt: skip
        assert told in answer_sentence(shown, 0.05, Words(language))


def test_only_a_test_that_tells_something_is_evidence():
    def levers(**changes) -> frozenset[str]:
        row = {"lever": "offers", "used": True, "tells": True, "contradicts": False, "left": 20.0}
        return Learned(None, None, pd.DataFrame([row | changes])).levers

    assert levers() == {"offers"} and Learned(None, None, pd.DataFrame()).levers == frozenset()
    for told_nothing in ({"used": False}, {"tells": False}, {"contradicts": True}):
        assert levers(**told_nothing) == frozenset()


def learned_from(monkeypatch, simulated: list[np.ndarray], *tests: dict, before=None) -> Learned:
    """The result of `learned` with given effects in each world, for all random seeds."""
    given, known = iter(simulated), {}

    def test_effects(first, design, some, *_) -> np.ndarray:
        if design not in known:
            known[design] = next(given)
        return known[design][: len(some), None, None] * EVERY

    monkeypatch.setattr(own_tests, "test_effects", test_effects)
    worlds = make_worlds(1, len(simulated[0]))
    now = scenario(tests=list(tests), **BIG)
    return learned([now], Policy.of(now), worlds, 1, before)


def test_what_tells_nothing_and_what_leaves_too_few(monkeypatch):
    effects = np.linspace(-0.4, 0.4, 40)
    close = learned_from(monkeypatch, [effects], ADS | {"effect": 0.1, "interval": [-0.1, 0.3]})
    assert close.levers == {"ad_pressure"} and close.tests["used"].all() and not close.kept
    assert close.tests["left"].iloc[0] == pytest.approx(1 / (close.weights**2).sum())
    vague = learned_from(monkeypatch, [effects], ADS | {"effect": 0.1, "interval": [-0.9, 10.0]})
    assert vague.levers == frozenset() and vague.tests["used"].all()
    sharp = learned_from(monkeypatch, [effects], ADS | {"effect": 0.1, "interval": [0.09, 0.11]})
    assert sharp.kept and sharp.weights is None and 0 < sharp.tests["left"].iloc[0] < 10
    assert sharp.levers == frozenset() and not sharp.tests["contradicts"].any()
    former = np.full(40, 1 / 40)
    assert learned_from(monkeypatch, [effects], ADS, before=former).weights is former


def test_tests_that_no_world_can_have_had_together(monkeypatch):
    first, second = np.full(40, 0.1), np.full(40, 0.1)
    first[:20], second[20:] = np.nan, np.nan
    other = ADS | {"lever": "offers", "value": 0.5}
    with pytest.raises(InputError, match=r"tests\[1\]: found a test that is possible only in"):
        learned_from(monkeypatch, [first, second], ADS, other)


def test_what_a_result_explains():
    rng = np.random.Generator(np.random.Philox(1))
    parameter, luck, same = rng.normal(size=400), rng.normal(size=400), np.ones(400)
    share, clear = explained(parameter, parameter + 0.1 * luck, same)
    assert share > 0.9 and clear
    share, clear = explained(parameter, luck, same)
    assert share < 0.05 and not clear and explained(parameter, 0 * luck, same) == (0, False)
    # Only the samples that still count are asked, and nine of them are too few.
    first = np.arange(400) < 200
    mixed = np.where(first, parameter, luck)
    assert explained(mixed, parameter, 1.0 * first)[0] == pytest.approx(1)
    assert not explained(parameter, parameter, 1.0 * (np.arange(400) < 9))[1]


@pytest.mark.parametrize("alike", [True, False])
def test_a_test_is_rarely_called_clear_by_chance(monkeypatch, alike):
    """Results that have nothing to do with effects are called clear in about 5 %."""
    from comsim.studies.comparison.basis import settling
    from comsim.studies.comparison.basis.own_tests import OUTCOME
    from comsim.studies.comparison.basis.word_of_mouth import MEAN_WAU

    number, times = 60, 300
    rng = np.random.Generator(np.random.Philox(7))
    policies = [Policy.of(NOW), Policy.of(scenario("Offers", policy={"offers": 0.5}))]
    grades = pd.DataFrame({"policy": ["Offers"], "lever": ["offers"], "grade": ["none"],
                           "share": [1.0]})  # fmt: skip
    worlds = make_worlds(1, number)
    weights = None if alike else rng.random(number)

    def look_at(_, some, seed, looks, *rest) -> np.ndarray:
        found = np.ones((1, len(some), len(looks), 2, len(ARM_OUTCOMES)))
        for name in settling.READ:
            for look in range(len(looks)):
                result = np.exp(rng.normal(size=len(some)))
                found[0, :, look, 0, OUTCOME[name]] = result * (look + 1)
                found[0, :, look, 1, OUTCOME[name]] = look + 1
        return found

    monkeypatch.setattr(settling, "look_at", look_at)
    called = 0
    for _ in range(times):
        first = np.ones((2, number, MEAN_WAU + 1))
        outcomes = first.copy()
        outcomes[1, :, MEAN_WAU] = np.exp(rng.normal(size=number))
        runs = SimpleNamespace(first=first, outcomes=outcomes, starts=(0, 0))
        table = settling.settling_table(
            policies, runs, grades, worlds, weights, 1, policies[0].scenario.start
        )
        assert table["samples"].tolist() == [number // 2]
        called += int(table["clear"].iloc[0])
    assert called / times < 0.1


@pytest.fixture(scope="module")
def tested():
    """The effect of ads as simulated, in three comparisons: without a test, with one that says what
    the model says, and with one that contradicts it."""
    options = {"worlds": 60, "sample": "independent", "evidence": False}
    probe = comsim.compare(with_test(), MANY, **options)
    effect = float(probe.tests["simulated"].iloc[0])
    agrees = {"effect": effect, "interval": [effect - 0.015, effect + 0.015]}
    opposes = {"effect": 0.4, "interval": [0.35, 0.45]}
    return (
        comsim.compare(scenario(**BIG), MANY, **options),
        *(comsim.compare(with_test(**test), MANY, **options) for test in (agrees, opposes)),
    )


@pytest.mark.long
def test_a_test_that_says_what_the_model_says_narrows_the_range(tested):
    without, agrees, _ = tested
    assert not len(without.tests) and len(set(without.weights)) == 1
    row = agrees.answers.iloc[0]
    assert row["word"] == "narrows" and not agrees.tests["contradicts"].any()
    for end in ("q05", "q50", "q95"):  # before: as without the test; after: the verdict
        assert row[f"before_{end}"] == pytest.approx(without.of("wau_mean")[f"relative_{end}"])
        assert row[f"after_{end}"] == pytest.approx(agrees.of("wau_mean")[f"relative_{end}"])
    assert sum(agrees.weights) == pytest.approx(1) and 10 <= agrees.effective_worlds < 60
    assert any("narrow" in line for line in agrees.grounds_of())
    assert "compatible" in " ".join(agrees.tests_in_words())
    page = agrees.report()  # before and after, at the beginning of page two
    told = [page.index(text) for text in ("Your tests narrow", "Random half: half of the people")]
    assert told == sorted(told) and page.count("Your tests narrow") == 1
    assert 'id="tests"' in page and 'id="tests"' not in without.report()


@pytest.mark.long
def test_one_that_contradicts_it_says_so_and_its_few_worlds_are_not_used(tested, tmp_path):
    without, _, opposes = tested
    row = opposes.answers.iloc[0]
    assert opposes.tests["contradicts"].all() and row["word"] == "contradicts"
    assert (opposes.tests["left"] < 10).all() and not opposes.tests["used"].any()
    assert opposes.weights == without.weights
    pd.testing.assert_frame_equal(opposes.verdicts, without.verdicts)
    text = " ".join([*opposes.grounds_of(), *opposes.tests_in_words()])
    assert "contradict" in text and "too few worlds agree" in text and "{" not in text
    assert opposes.tests_in_words()[-1].startswith("Your tests contradict the model, so all")
    assert "All figures are those before the tests" in text and "chance" not in text
    assert "矛盾" in " ".join([*opposes.grounds_of(None, "zh"), *opposes.tests_in_words("zh")])
    again, _ = load(opposes.save(tmp_path / "out"))
    assert again.weights == opposes.weights and again.tests_in_words() == opposes.tests_in_words()


@pytest.mark.long
def test_estimates_of_other_policies_change_without_a_sentence_each(tested):
    _, agrees, _ = tested
    both = replace(
        agrees,
        answers=pd.concat([agrees.answers, agrees.answers.assign(policy="Posts")]),
        grades=pd.DataFrame({"policy": ["Ads", "Posts"], "lever": ["ad_pressure", "posts"]}),
    )
    lines = both.tests_in_words()
    assert sum("“Ads”" in line for line in lines) == 1 and "“Posts”" not in " ".join(lines)
    assert lines[-1].startswith("The other estimates change, too")
    assert any("Your tests are included" in line for line in lead_sentences(agrees, agrees.words()))


def test_default_parameters_have_nothing_to_weigh():
    found = comsim.compare(with_test(), MANY, worlds=5, sample="default", evidence=False)
    assert len(set(found.weights)) == 1 and len(found.tests) == 1
    assert "tests change nothing" in " ".join(found.tests_in_words())
    assert not found.tests[["tells", "used"]].any().any()
