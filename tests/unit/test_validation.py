"""Facts as data, how a verdict is passed, and the worlds they are looked for in."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite, nan
from pathlib import Path

import numpy as np
import pytest

import comsim
from comsim.evidence import stepping
from comsim.evidence.fact import Check, Fact, Finding, facts
from comsim.evidence.facts import MEASURES
from comsim.evidence.runner import finding
from comsim.evidence.terminal import for_terminal, notes
from comsim.evidence.validate import Validation, chosen, run_validation
from comsim.evidence.world import FactWorld, communities, community, worlds
from comsim.model.catalogue import LEVERS
from comsim.present.report import LANGUAGES
from comsim.results.validation import save
from comsim.statistics.intervals import Interval

from ..contract.page import Page

LAUNCH = Path(__file__).parents[2] / "scenarios" / "brand_launch.toml"

# The charter's criteria, figure by figure. They are fixed: a line here changes only with section 5.
BANDS = {
    ("F1", "gini"): (0.65, 0.90), ("F1", "top_tenth"): (0.50, 0.90),
    ("F2", "of_visitors"): (0.10, 0.35), ("F2", "of_accounts"): (-inf, 0.10),
    ("F3", "of_week"): (0.30, 0.50),
    ("F5", "month_1"): (0.15, 0.45), ("F5", "month_3_of_1"): (0.35, 0.60),
    ("F5", "hazard_falls_1"): (0, inf), ("F5", "hazard_falls_2"): (0, inf),
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
}  # fmt: skip


def fact(*checks: Check, **given) -> Fact:
    text = {"en": "–"}
    plain = dict(id="F0", title=text, published=text, status="D", criterion=text,
                 kind="predicted", why=text, scenario=text)  # fmt: skip
    return Fact(**plain | given, checks=checks)


def check(**given) -> Check:
    return Check(figure="x", label={"en": "x"}, **given)


def found(check: Check, low: float, high: float, absent: int = 0) -> Finding:
    interval = Interval((low + high) / 2, low, high)
    return Finding(fact(check), {check.figure: interval}, {check.figure: absent})


def test_every_fact_of_the_charter_is_there():
    assert list(facts()) == [f"F{n}" for n in range(1, 22)]
    assert {id for id, one in facts().items() if not one.counts} == {"F4", "F17"}


def test_a_fact_is_measured_or_says_what_is_missing():
    assert list(MEASURES) == list(facts())
    for one in facts().values():
        assert (one.missing is not None) == any(lever not in LEVERS for lever in one.needs)
        assert any(check.decides for check in one.checks) == (one.kind != "input"), one.id


def test_no_criterion_has_been_moved():
    bands = {
        (id, one.figure): (one.low, one.high)
        for id, each in facts().items()
        for one in each.checks
        if one.decides and one.contains is None
    }
    fixed = BANDS | {key: (-inf, 0.6) for key in bands if key[0] == "F21"}
    assert {key: band for key, band in bands.items() if key in fixed} == fixed
    contains = {("F8", "bend"), ("F15", "alone")}
    assert contains == {
        (id, one.figure) for id, each in facts().items() for one in each.checks
        if one.contains == 0
    }  # fmt: skip


@pytest.mark.parametrize("id", [f"F{n}" for n in range(1, 22)])
def test_what_a_reader_is_told_is_there_in_both_languages(id):
    one = facts()[id]
    texts = [one.title, one.published, one.criterion, one.why, one.scenario]
    texts += [check.label for check in one.checks] + ([one.missing] if one.missing else [])
    assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in texts)
    assert one.kind in ("input", "fitted", "predicted") and one.status[0] in "VDSM"


def test_an_interval_passes_inside_its_band_ends_included():
    band = check(low=0.2, high=0.4)
    assert found(band, 0.2, 0.4).verdict == "pass"
    assert found(band, 0.19, 0.3).verdict == "fail"  # though the mean lies inside
    assert found(band, 0.3, 0.41).verdict == "fail"
    assert found(band, nan, nan).verdict == "fail"
    assert found(check(low=0), 0.1, 99).verdict == "pass"
    assert found(check(contains=0), -1, 2).verdict == "pass"
    assert found(check(contains=0), 1, 2).verdict == "fail"


def test_a_figure_that_is_missing_in_a_world_fails():
    assert found(check(low=0.2, high=0.4), 0.25, 0.35, absent=1).verdict == "fail"


def test_a_figure_beside_decides_nothing():
    assert found(check(published=(0.7,)), 1, 2).verdict == "shown"
    assert replace(found(check(low=0), 1, 2), fact=fact(missing={"en": "a lever"})).verdict == (
        "not yet"
    )


def test_means_and_ratios_over_worlds():
    checks = (check(), Check("r", {"en": "r"}, ratio=("b", "a")), Check("y", {"en": "y"}))
    worlds = [{"x": 1.0, "a": 1.0, "b": 2.0, "y": None}, {"x": 3.0, "a": 3.0, "b": 10.0, "y": 5}]
    one = finding(fact(*checks), worlds)
    # By hand: mean 2, standard error 1, t of one degree of freedom 12.706.
    assert one.figures["x"] == pytest.approx((2, 2 - 12.706, 2 + 12.706), abs=1e-3)
    assert one.figures["r"].value == pytest.approx(12 / 4)
    assert one.figures["y"].value == 5 and not isfinite(one.figures["y"].low)
    assert one.absent == {"x": 0, "r": 0, "y": 1}


def test_the_default_community_is_the_brand_launch():
    launch = comsim.load_scenario(LAUNCH).to_dict()
    del launch["description"]
    assert community("launch").to_dict() == launch


@pytest.mark.parametrize("name", communities())
def test_a_community_has_the_default_parameters(name):
    said = communities()[name].get("parameters", {})
    # Those that are not about joining are named in the table of facts.
    allowed = {"spike": {"first_expectation"}, "diverse": {"breadth", "off_topic"}}
    assert set(said) == allowed.get(name, set()) or said == {"invitation_rate": 0}


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


def test_facts_are_asked_for_by_name():
    assert [one.id for one in chosen(["f6", " F1"], quick=False)] == ["F1", "F6"]
    assert {one.id for one in chosen(None, quick=True)} >= {"F1", "F6"}
    with pytest.raises(comsim.InputError, match="'F99'"):
        chosen(["F99"], quick=False)
    with pytest.raises(comsim.InputError, match="worlds"):
        run_validation(["F1"], worlds=1)


def some() -> Validation:
    """A validation in which everything happens."""
    met = {one.figure: Interval(0.7, 0.68, 0.72) for one in facts()["F1"].checks}
    nothing = {one.figure: Interval(nan, nan, nan) for one in facts()["F6"].checks}
    given = (
        Finding(facts()["F1"], met, dict.fromkeys(met, 0)),
        Finding(facts()["F6"], nothing, dict.fromkeys(nothing, 3)),
        Finding(fact(missing={"en": "<script>alert(1)</script>"}, id="F9"), {}, {}),
    )
    return Validation(given, 3, 1, 0.5)


def test_a_validation_as_a_table():
    table = some().table
    assert table["fact"].tolist() == ["F1"] * 2 + ["F6"] * 3 + ["F9"]
    assert table["verdict"].tolist() == ["pass"] * 2 + ["fail"] * 3 + ["not yet"]
    assert table["met"].tolist()[:3] == [True, True, False]
    assert table.attrs["headline"] == (
        "Predicted facts that hold: 0 of 1; that fail: 0; that cannot be tested yet: 1"
    )
    assert for_terminal(some()).row_count == 1 + 2 + 1 + 3 + 1
    told = " ".join(notes(some()))
    assert "Only 3 worlds" in told and "Not looked for here: F2, F3" in told
    assert "No fact here tests the level of trust or of money" in told


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
