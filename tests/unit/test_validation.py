"""Facts as data, the rules of the verdict, and the worlds in which facts are measured."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from math import inf, isfinite, nan
from pathlib import Path

import numpy as np
import pytest

import comsim
from comsim.evidence import findings as module
from comsim.evidence import stepping
from comsim.evidence.collection import facts
from comsim.evidence.fact import Check, Coverage, Effect, Fact, Finding, Measurement, idle
from comsim.evidence.facts import MEASURES
from comsim.evidence.november import as_toml, from_folder, stored
from comsim.evidence.runner import (
    BATCH,
    FEWEST,
    FEWEST_WITH_SIDE,
    MOST,
    QUICK,
    Runner,
    fewest,
    measurement,
    precise,
)
from comsim.evidence.selection import chosen
from comsim.evidence.summary import (
    by_kind,
    cannot_fail,
    counted,
    interval,
    not_switched_off,
    not_yet,
    total,
    without_rival,
)
from comsim.evidence.tables import as_frame
from comsim.evidence.terminal import for_terminal, notes
from comsim.evidence.validate import Validation, run_validation
from comsim.evidence.world import FactWorld, communities, community, worlds
from comsim.files.strict import as_json
from comsim.language.phrases import Words
from comsim.model.catalogue import LEVERS
from comsim.present.report import LANGUAGES
from comsim.results.validation import numbers, save
from comsim.statistics.intervals import Interval

from ..contract.page import Page

LAUNCH = Path(__file__).parents[2] / "scenarios" / "brand_launch.toml"

# The charter's criteria, figure by figure. They are fixed: a line here changes only with section 5.
BANDS = {
    ("F1", "gini"): (0.65, 0.90), ("F1", "top_tenth"): (0.50, 0.90),
    ("F2", "of_visitors"): (0.10, 0.35), ("F2", "of_accounts"): (-inf, 0.10),
    ("F3", "of_week"): (0.30, 0.50),
    ("F5", "F5.m1"): (-inf, 0.35), ("F5", "F5.m3_of_m1"): (-inf, 0.35),
    ("F6", "visitors"): (35, 60), ("F6", "messages_sooner"): (0, inf),
    ("F7", "difference"): (8, 16), ("F7", "effect"): (0, inf),
    ("F8", "effect"): (-4, -1), ("F8", "patience"): (2, 4),
    ("F9", "early"): (0, inf), ("F9", "late"): (-inf, 0),
    ("F10", "while_paid"): (0, inf), ("F10", "after"): (-inf, 0),
    ("F11", "rise"): (0, inf), ("F11", "bend"): (-inf, 0),
    ("F12", "on"): (1, inf), ("F12", "off"): (-inf, 1),
    ("F13", "slope"): (-0.5, 0.5),
    ("F14", "joiners"): (0, inf), ("F14", "loss"): (0, inf),
    ("F15", "jump"): (0, inf), ("F15", "steepens"): (0, inf),
    ("F16", "retention"): (-inf, 0), ("F16", "members"): (-inf, 0),
    ("F17", "over_community"): (20, 60), ("F17", "over_none"): (20, 60),
    ("F17", "community"): (-10, 10),
    ("F18", "slope"): (-1.6, -0.5), ("F18", "lead"): (0, inf),
    ("F19", "decline"): (400, 730), ("F19", "renewed"): (0, 0),
    ("F20", "billboard"): (0.5, 1), ("F20", "mixed"): (-inf, 0.25),
}  # fmt: skip


TEXT = {"en": "–"}


def fact(*checks: Check, **given) -> Fact:
    return Fact(**{"id": "F0", "kind": "F", "mark": "used", "title": TEXT} | given, checks=checks)


def effect(**given) -> Check:
    """The check of an effect of a lever."""
    return Check("effect", TEXT, **{"of_mean": True} | given)


def check(**given) -> Check:
    return Check("x", TEXT, **given)


def measured(check: Check, low: float, high: float, absent: int = 0) -> Measurement:
    middle = Interval((low + high) / 2, low, high)
    return Measurement({check.figure: middle}, {check.figure: absent}, 20)


def found(check: Check, low: float, high: float, absent: int = 0, **given) -> Finding:
    return Finding(fact(check, **given), measured(check, low, high, absent))


def test_every_fact_of_the_charter_is_there():
    some = [id for id, one in facts().items() if one.kind == "F"]
    assert some == [f"F{n}" for n in range(1, 22)]
    assert {id for id in some if facts()[id].mark == "shown"} == {"F4", "F17"}


def test_facts_of_all_kinds_have_their_marks():
    assert {one.kind for one in facts().values()} == set("FEBV")
    held = {id for id, one in facts().items() if one.mark == "held"}
    assert {"data_breach", "movielens_entry_work", "ac1", "burst"} <= held
    assert all(one.before_look for one in facts().values() if one.mark == "held")


def test_a_fact_is_measured_or_says_what_is_missing():
    some = [one for one in facts().values() if one.kind == "F"]
    assert list(MEASURES) == [one.id for one in some if not one.of_distributions]
    for one in some:
        assert (one.missing is not None) == any(lever not in LEVERS for lever in one.needs)
        assert bool(one.deciding) == (one.id != "F4")


def test_a_published_effect_becomes_a_check_in_the_unit_of_its_band():
    one = facts()["thanks_four_wikipedias"]
    (only,) = one.checks
    assert (only.low, only.high, only.unit, only.side) == (0.8, 6.0, "points", 1)
    assert only.published == pytest.approx([2.0])
    assert only.published_span == pytest.approx((0.8, 3.2))
    assert only.published_error == pytest.approx(2.4 / 3.92)
    assert one.effect == Effect(0.02, "share", 0.008, 0.032, sign=1)
    assert one.transfer == 0.5 and one.horizon_days == 14 and one.population["zh"]


def test_the_sign_is_demanded_where_the_whole_band_lies_on_its_side():
    sides = {id: one.checks[0].side for id, one in facts().items() if one.kind == "E"}
    assert sides["thanks_four_wikipedias"] == 1 and sides["data_breach"] == -1
    assert sides["hide_toxic"] == 0  # less is published; the band lies on both sides of 0
    assert sides["movielens_entry_work"] == 0  # fewer enter; who does, tags more
    assert facts()["dau_mau"].checks[0].side == 0  # a level


@pytest.mark.parametrize("id", [f"F{n}" for n in range(1, 22)])
def test_no_criterion_has_been_moved(id):
    bands = {
        (id, one.figure): (one.low, one.high)
        for one in facts()[id].checks
        if one.decides and one.contains is None
    }
    fixed = {key: band for key, band in BANDS.items() if key[0] == id}
    if id == "F21":
        fixed = {key: (-inf, 0.6) for key in bands}
    assert bands == fixed
    contains = {("F8", "bend"), ("F15", "alone")}
    assert {key for key in contains if key[0] == id} == {
        (id, one.figure) for one in facts()[id].checks if one.contains == 0
    }


def test_texts_of_facts_are_there_in_both_languages():
    for one in facts().values():
        texts = [one.title, *(check.label for check in one.checks)]
        texts += [text for text in (one.published, one.criterion, one.why, one.scenario,
                                    one.population, one.outcome, one.varied, one.missing, one.note)
                  if text is not None]  # fmt: skip
        assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in texts), one.id
        assert set(one.seen.split(", ")) <= set("VRDSM")


def test_an_interval_passes_inside_its_band_ends_included():
    band = check(low=0.2, high=0.4)
    assert found(band, 0.2, 0.4).verdict == "pass"
    assert found(band, 0.19, 0.3).verdict == "fail"  # though the mean lies inside
    assert found(band, 0.3, 0.41).verdict == "fail"
    assert found(band, nan, nan).verdict == "fail"
    assert found(check(low=0), 0.1, 99).verdict == "pass"
    assert found(check(low=0), 0, 0).verdict == "fail"  # no effect is not above 0
    assert found(check(low=0, high=0), 0, 0).verdict == "pass"
    assert found(check(contains=0), -1, 2).verdict == "pass"
    assert found(check(contains=0), 1, 2).verdict == "fail"


def test_the_mean_of_an_effect_lies_in_its_band_and_its_interval_on_one_side_of_0():
    more = effect(low=-1, high=10, side=1)
    assert found(more, 1, 17).verdict == "pass"  # a wide interval, but the mean is 9
    assert found(more, 1, 21).verdict == "fail"
    assert found(more, -0.1, 5).verdict == "fail"
    assert found(effect(low=-10, high=0, side=-1), -8, -1).verdict == "pass"
    assert found(effect(low=-3, high=3), -1, 2).verdict == "pass"  # no effect is expected


def test_a_figure_that_is_missing_in_a_world_fails():
    assert found(check(low=0.2, high=0.4), 0.25, 0.35, absent=1).verdict == "fail"


def test_a_distance_over_too_few_communities_fails():
    near = check(high=0.35, unit="distance")
    for enough, verdict in ((True, "pass"), (False, "fail")):
        coverage = {"x": Coverage((1.0, 2.0), {"git": (5, 25), "mail": (10, 10)}, 30, enough)}
        one = Finding(fact(near), replace(measured(near, 0.1, 0.3), coverage=coverage))
        assert one.verdict == verdict
        row = as_frame([one], "").iloc[0]
        assert (row["matched"], row["to_match"], row["simulated"]) == (15, 35, 30)
        assert (row["median_real"], row["median_simulated"]) == (1, 2)
        assert row["matched_by_type"] == "git 5 of 25, mail 10 of 10"
        (line,) = for_terminal(Validation((one,), 20, 1, True, 0.5)).columns[5].cells
        assert ("too few matched" in line) is not enough


def test_what_is_not_judged():
    assert found(check(published=(0.7,)), 1, 2).verdict == "shown"
    assert found(check(low=0), 1, 2, mark="shown").verdict == "shown"
    assert found(check(low=0), 1, 2, missing={"en": "a lever"}).verdict == "not yet"


def test_a_lever_at_idle_has_no_effect():
    one = fact(check(low=0), Check("r", TEXT, ratio=("a", "b"), low=2), idle=True)
    nothing = idle(one)
    assert nothing.figures["x"] == (0, 0, 0) and nothing.worlds == 0
    assert nothing.absent == {"x": 0, "r": 1} and not nothing.passes(one)


def test_only_what_is_drawn_by_lot_is_idle():
    assert facts()["data_breach"].idle
    assert not facts()["friends_defect"].idle and facts()["friends_defect"].off
    referred = facts()["referred_stay"]  # observed inside one run, with nothing to switch off
    assert not referred.idle and referred.off is None


def test_without_the_simulated_rivals_the_others_are_there(monkeypatch):
    some = [fact(effect(low=1), id="lot", kind="E", idle=True),
            fact(effect(low=1), id="on", kind="E", off={"parameters": {"loss_grief": 0}}),
            fact(effect(low=1), id="shape", kind="E")]  # fmt: skip
    before = measured(effect(low=1), 0, 0.5)
    monkeypatch.setattr(module, "TRIALS", {one.id: normal(0.1) for one in some})
    monkeypatch.setattr(module, "november", lambda: {one.id: before for one in some})
    lot, on, shape = module.findings(some, QUICK, 1, rivals=False, jobs=1)
    assert lot.off == idle(some[0]) and shape.rival == before
    assert on.rival is None and on.november == before


def test_a_held_fact_counts_only_if_it_can_fail():
    above = check(low=1)
    passing, failing = measured(above, 2, 3), measured(above, 0, 0.5)
    held = found(above, 2, 3, mark="held")
    assert not held.counts  # no rival is known
    assert replace(held, off=failing).counts
    assert not replace(held, off=passing, november=failing).counts  # the mechanism does nothing
    assert replace(held, november=failing).counts  # nothing to switch off
    assert not replace(held, november=passing).counts
    assert not replace(found(above, 2, 3), off=failing).counts  # used
    mechanism = found(above, 2, 3, mark="held", off={"parameters": {"loss_grief": 0}})
    assert replace(mechanism, off=failing).counts
    assert not replace(mechanism, november=failing).counts  # it was not switched off
    untested = found(above, 2, 3, mark="held", missing={"en": "a lever"})
    assert not replace(untested, off=failing).counts


def test_the_headline_counts_held_facts_that_can_fail():
    above = check(low=1)
    off = measured(above, 0, 0.5)
    hold, fail = (replace(found(above, *ends, mark="held"), off=off) for ends in ((2, 3), (0, 3)))
    free = replace(found(above, 2, 3, mark="held", kind="V", id="ac1"), off=measured(above, 2, 3))
    unknown = found(above, 2, 3, mark="held", kind="V", id="kurt")
    on = found(above, 2, 3, mark="held", id="on", off={"parameters": {"loss_grief": 0}})
    lacks = found(above, 2, 3, mark="held", id="lacks", missing={"en": "a lever", "zh": "杠杆"})
    lacks = replace(lacks, off=off)
    findings = (hold, fail, fail, free, unknown, on, found(above, 2, 3), found(above, 0, 3), lacks)
    count = counted(findings)
    assert (count.hold, count.of) == (1, 3)
    # Wilson 1927 by hand: centre (1/3 + 1.92/3) / (1 + 3.84/3), half width 0.366
    assert interval(count) == pytest.approx((1 / 3, 0.0615, 0.7923), abs=1e-3)
    assert [one.fact.id for one in cannot_fail(findings)] == ["ac1"]
    assert [one.fact.id for one in without_rival(findings)] == ["kurt"]
    assert [one.fact.id for one in not_switched_off(findings)] == ["on"]
    assert [one.fact.id for one in not_yet(findings)] == ["lacks"]
    used = by_kind(findings, "used")
    assert (total(used).hold, total(used).of) == (1, 2) and list(used) == ["F"]
    whole = Validation(findings, 20, 1, True, 0.5)
    holds = "1 of 3 held facts hold (95% interval 6% to 79%)"
    assert whole.headline == f"{holds}; 1 cannot be tested yet"
    assert replace(whole, findings=findings[:-1]).headline == holds
    assert replace(whole, findings=findings[6:8]).headline == "No held fact counts here"
    lines = " ".join(notes(whole))
    assert "cannot be tested yet, because the model lacks something: lacks." in lines
    assert "not switched off in this validation: on." in lines


def test_means_and_ratios_over_worlds():
    checks = (check(), Check("r", TEXT, ratio=("b", "a")), Check("y", TEXT))
    worlds = [{"x": 1.0, "a": 1.0, "b": 2.0, "y": None}, {"x": 3.0, "a": 3.0, "b": 10.0, "y": 5}]
    one = measurement(fact(*checks), worlds)
    # By hand: mean 2, standard error 1, t of one degree of freedom 12.706.
    assert one.figures["x"] == pytest.approx((2, 2 - 12.706, 2 + 12.706), abs=1e-3)
    assert one.figures["r"].value == pytest.approx(12 / 4)
    assert one.figures["y"].value == 5 and not isfinite(one.figures["y"].low)
    assert one.absent == {"x": 0, "r": 0, "y": 1} and one.worlds == 2


def normal(sd: float):
    """A stand-in for a measure: 2 in the mean, with a standard deviation."""
    return lambda world: {"effect": 2 + sd * np.random.default_rng(world.seed).normal()}


@pytest.mark.parametrize("jobs", [1, 3])
def test_worlds_are_added_until_the_error_is_small(jobs):
    band = effect(low=0, high=6)  # the half width must be under 2
    some = [fact(band, id=id, kind="E") for id in ("steady", "noisy", "never")]
    measures = {"steady": normal(0.1), "noisy": normal(4), "never": normal(50)}
    some.append(fact(effect(low=0, high=6, side=1), id="sided", kind="E"))
    measures["sided"] = normal(0.1)
    one = Runner(1, jobs).measured(some, measures, MOST, precise, at_least=fewest)
    assert one["steady"].worlds == FEWEST and one["sided"].worlds == FEWEST_WITH_SIDE
    assert FEWEST < one["noisy"].worlds < MOST and precise(some[1], one["noisy"])
    assert one["never"].worlds == MOST and not precise(some[2], one["never"])
    again = Runner(1, 2).measured(some, measures, MOST, precise, at_least=fewest)
    assert one["noisy"] == again["noisy"]
    quick = Runner(1, jobs).measured(some, measures, BATCH, precise, at_least=fewest)
    assert {one.worlds for one in quick.values()} == {BATCH}


def test_without_its_mechanism_a_fact_is_measured_until_the_verdict_is_clear():
    seen = []

    def measure(world):
        seen.append(world.overrides)
        return {"x": 0.5 + 0.01 * world.number}

    off = {"parameters": {"invitation_rate": 0}}
    some = [fact(check(low=1), id="clear", off=off), fact(check(low=0.6), id="unclear", off=off),
            fact(check(low=1), id="none")]  # fmt: skip
    one = Runner(1, 1).off(some, {"clear": measure, "unclear": measure}, 8)
    assert set(one) == {"clear", "unclear"}
    assert one["clear"].worlds == 4 and one["unclear"].worlds == 4
    assert not one["clear"].passes(some[0])
    assert seen == [off] * 8


def test_the_default_community_is_the_brand_launch():
    launch = comsim.load_scenario(LAUNCH).to_dict()
    del launch["description"]
    assert community("launch").to_dict() == launch


@pytest.mark.parametrize("name", communities())
def test_a_community_has_the_default_parameters(name):
    said = communities()[name].get("parameters", {})
    # Those that are not about joining are named in the table of facts.
    allowed = {"spike": {"first_expectation"}, "diverse": {"breadth", "off_topic"},
               "viral": {"word_of_mouth", "invitation_rate"}}  # fmt: skip
    nobody = ({"invitation_rate": 0}, {"invitation_rate": 0, "walk_in_rate": 0})
    assert set(said) == allowed.get(name, set()) or said in nobody


def test_a_day_in_steps_is_the_day():
    scenario = community("launch", days=60, community={"market": 2000})
    stepped = stepping.start(scenario, 3)
    for day in range(60):
        stepping.day(stepped, day, lambda _: None)
    run = comsim.simulate(scenario, seed=3)
    assert np.array_equal(stepped.daily_table, run.world.daily_table)


def test_a_lot_is_even_and_stays():
    lots = [stepping.lot(5, person) for person in range(2000)]
    assert lots[:3] == [stepping.lot(5, person) for person in range(3)]
    assert 0.45 < np.mean(np.array(lots) < 0.5) < 0.55


def test_worlds_differ_in_luck():
    assert len({world.seed for world in worlds(20)}) == 20


def test_the_overrides_of_a_world_have_the_last_word():
    without = FactWorld(0, 1, 5, {"parameters": {"reply_trust": 0}, "policy": {"greeting": 0}})
    here, plain = (
        world.scenario("launch", days=60, policy={"greeting": 1, "intake": 2}).to_dict()
        for world in (without, FactWorld(0, 1, 5))
    )
    assert here["policy"] == plain["policy"] | {"greeting": {"base": 0}}
    assert here["parameters"]["reply_trust"] == {"low": 0, "high": 0}
    again = community("launch", days=60, policy={"greeting": 1, "intake": 2})
    assert again.to_dict() == plain


def ids(*only, **given) -> list[str]:
    return [one.id for one in chosen(only or None, **given)]


def test_facts_are_selected_by_id_kind_and_lever():
    assert ids("f6", " F1") == ["F1", "F6"]
    assert set(ids("B")) == {id for id, one in facts().items() if one.kind == "B"}
    by_lever = ids("greeting", "F6")
    assert by_lever[0] == "F6" and {"teahouse", "retana_usage"} <= set(by_lever)
    assert ids("auto_greeting") == ["welcome_fr_wikipedia"]
    assert ids("pushes")[0] == "F9"
    assert {facts()[id].mark for id in ids(held=True)} == {"held"}
    assert {facts()[id].kind for id in ids("E", held=True)} == {"E"}
    assert set(ids(quick=True)) >= {"F1", "F6"} and "F8" not in ids(quick=True)


def test_what_cannot_be_selected():
    with pytest.raises(comsim.InputError, match="'greting'; allowed: greeting \\(the nearest\\)"):
        chosen(["greting"])
    with pytest.raises(comsim.InputError, match="'F99'"):
        chosen(["F99"])
    with pytest.raises(comsim.InputError, match="no held facts"):
        chosen(["F1"], held=True)
    with pytest.raises(comsim.InputError, match="worlds"):
        run_validation(["F1"], worlds=1)


def some() -> Validation:
    """A validation in which everything happens."""
    met = {one.figure: Interval(0.7, 0.68, 0.72) for one in facts()["F1"].checks}
    nothing = {one.figure: Interval(nan, nan, nan) for one in facts()["F6"].checks}
    low = Measurement({name: Interval(0.1, 0.1, 0.1) for name in met}, dict.fromkeys(met, 0), 4)
    by_lot = Measurement({"effect": Interval(40, 20, 60), "whole": Interval(300, 200, 400)},
                         {"effect": 0, "whole": 0}, 40)  # fmt: skip
    held = facts()["data_breach"]
    given = (
        Finding(facts()["F1"], Measurement(met, dict.fromkeys(met, 0), 3), off=low, november=low),
        Finding(facts()["F6"], Measurement(nothing, dict.fromkeys(nothing, 3), 3)),
        Finding(replace(held, missing=None), by_lot, precise=False, off=idle(held)),
        Finding(fact(effect(low=1), missing={"en": "<script>alert(1)</script>"}, id="x", kind="E")),
    )
    return Validation(given, 3, 1, True, 0.5)


def test_a_validation_as_a_table():
    table = some().table
    assert table["fact"].tolist() == ["F1"] * 2 + ["F6"] * 3 + ["data_breach", "x"]
    assert table["verdict"].tolist() == ["pass"] * 2 + ["fail"] * 4 + ["not yet"]
    assert table["kind"].tolist() == ["F"] * 5 + ["E"] * 2
    assert table["met"].tolist()[:3] == [True, True, False]
    assert table["off_passes"].tolist()[0] is False and table["november"].tolist()[0] == 0.1
    assert table["counts"].tolist() == [False] * 5 + [True, False]
    assert table.attrs["headline"] == "0 of 1 held facts hold (95% interval 0% to 79%)"
    assert for_terminal(some()).row_count == 1 + 2 + 1 + 3 + 1 + 1
    lines = " ".join(notes(some()))
    assert "Only 3 worlds" in lines and "Used facts that hold: 1 of 3 (F 1 of 2, E 0 of 1)" in lines
    assert "over a third of the band: data_breach" in lines
    assert "No fact here tests the level of trust or of money" in lines


def test_the_figures_of_november_are_written_and_read():
    rows = json.loads(as_json(numbers(some())))["figures"]
    tables = tomllib.loads(as_toml(rows))
    assert tables["data_breach"] == {"effect": {"mean": [40, 20, 60], "worlds": 40}}
    assert tables["F6"]["visitors"] == {"worlds": 3, "absent": 3} and "x" not in tables
    one = stored(tables["F6"])
    assert one.absent["visitors"] == 3 and not one.passes(facts()["F6"])
    assert stored(tables["F1"]).figures["gini"] == (0.7, 0.68, 0.72)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_validation_has_a_page(language, tmp_path):
    save(some(), tmp_path / "out", language=language)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "validation.html", "validation.csv", "validation.json", "provenance.json",
    }  # fmt: skip
    page = Page((tmp_path / "out" / "validation.html").read_text("utf-8"))
    page.check()
    assert "<script>alert(1)</script>" in page.words
    assert not any(word in page.words.split() for word in ("nan", "None", "inf"))
    words = Words(language)
    assert words("validation.legend_off") in page.words


def test_only_a_full_validation_is_stored(tmp_path):
    with pytest.raises(comsim.InputError, match=r"validation.json: file not found"):
        from_folder(tmp_path)
    save(some(), tmp_path / "out")
    with pytest.raises(comsim.InputError, match=r"worlds: found 3; allowed: 20: a full"):
        from_folder(tmp_path / "out")
    save(replace(some(), worlds=20, seed=2), tmp_path / "out", force=True)
    with pytest.raises(comsim.InputError, match=r"seed: found 2; allowed: 1: a full"):
        from_folder(tmp_path / "out")
    save(replace(some(), worlds=20), tmp_path / "out", force=True)
    with pytest.raises(comsim.InputError, match=r"facts missing \(F2"):
        from_folder(tmp_path / "out")
