"""Policies that part on a later day: what they share is lived once, and is no effect."""

from __future__ import annotations

import re

import numpy as np
import pytest

import comsim
from comsim import compare
from comsim.cli.verdicts import outcome_lines, stage_lines, verdict_lines
from comsim.measure.metrics.retention import visits_in
from comsim.scenario import plan
from comsim.scenario.worlds import make_worlds, uncertain
from comsim.studies.comparison import runs
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES, arm_totals
from comsim.studies.comparison.choices.parting import parting
from comsim.studies.comparison.choices.policies import Policy, policies_of

from ..reference.busy import BUSY
from .comparisons import NOW, scenario, with_policy

DAYS = 120
GIFT_LATER = with_policy("Gift", welcome_gift={"base": 0, "steps": [{"day": 60, "value": 20}]})


def ruled(name: str, *rules: dict, **tables) -> comsim.Scenario:
    return scenario(name, rules=list(rules), **tables)


def rule(name: str, posts: float, **condition) -> dict:
    when = {"metric": "wau"} | condition
    return {"name": name, "when": [when], "days": 5,
            "do": [{"lever": "official_posts", "set": posts}]}  # fmt: skip


FIRST = rule("first", 2, above=1, window=7)


@pytest.mark.parametrize("a, b, day", [
    (NOW, scenario("Same"), DAYS),
    (NOW, with_policy("Gift", welcome_gift=20), 0),
    (NOW, GIFT_LATER, 60),
    (NOW, with_policy("Once", release={"on": [{"day": 119, "value": 1}]}), 119),
    (NOW, scenario("Leak", shocks=[{"kind": "leak", "day": 40, "severity": 0.9}]), 40),
    (NOW, scenario("Known", parameters={"learning": 0.5}), 0),
    (NOW, scenario("Ends", owner={"until": 70}), 69),
    (NOW, scenario("Waits", owner={"patience": 9, "grace": 50}), 50),
    (NOW, scenario("Poor", owner={"budget": 500}), 0),
    (NOW, ruled("Ruled", FIRST), 7),
    (NOW, ruled("Falls", rule("falls", 3, falls=2, window=14)), 42),
    (ruled("One", FIRST), ruled("Two", FIRST, rule("next", 3, below=9, window=28)), 28),
    (ruled("One", FIRST), ruled("Two", rule("next", 3, below=9, window=28), FIRST), 7),
])  # fmt: skip
def test_the_first_day_on_which_policies_can_differ(a, b, day):
    assert parting(*policies_of([a, b])) == parting(*policies_of([b, a])) == day


def test_other_people_differ_from_the_first_day():
    """Policies made by hand may have a market of their own."""
    for other in (scenario("B", segments=[{"name": "all", "taste": 0.4}]), scenario("B", days=90)):
        assert parting(*(Policy(s.name, s, plan(s)) for s in (NOW, other))) == 0


def same_bits(here, there) -> bool:
    """Whether two worlds have the same days, levers, rules and members."""
    tables = all(
        np.array_equal(getattr(here, name), getattr(there, name))
        for name in ("daily_table", "lever_table", "rules")
    )
    members = zip(here.m._parts.values(), there.m._parts.values(), strict=True)
    return tables and all((one == other).all() for one, other in members)


def test_a_shared_past_is_lived_once_with_the_same_bits(monkeypatch):
    """Levers, shocks, rules and an owner that part on days of their own."""
    base = BUSY | {"name": "busy", "community": {"market": 250, "newcomer_days": 20}}
    more = {
        "Later": {"policy": base["policy"] | {"greeting": {"base": 0.5, "steps":
                                              [{"day": 66, "value": 0.2}]}}},
        "Calm": {"shocks": base["shocks"][:1] + base["shocks"][4:]},
        "Ruled": {"rules": [*base["rules"], rule("own", 6, above=1, window=30)]},
        "Owned": {"owner": base["owner"] | {"until": 90}},
        "Same": {},
        "Other": {"policy": base["policy"] | {"intake": 2}},
    }  # fmt: skip
    forms = [base, *(base | {"name": name} | tables for name, tables in more.items())]
    policies = policies_of([comsim.Scenario.from_dict(f, f"{f['name']}.toml") for f in forms])
    days = [parting(policies[0], policy) for policy in policies[1:]]
    assert days == [66, 50, 30, 89, DAYS, 0]
    lived, one_by_one = [], runs.live_on
    monkeypatch.setattr(
        runs, "live_on",
        lambda world, first, stop, books: (
            lived.append(stop - first), one_by_one(world, first, stop, books)
        ),
    )  # fmt: skip
    worlds, alive = make_worlds(3, 4), []
    numbers = uncertain(policies[0].scenario)

    def keep(p, w, world):
        alive.append(p)
        again = runs.run_in(policies[p], numbers, worlds[w], 3)
        del lived[-1]
        assert same_bits(world, again), (policies[p].name, w)

    runs.run_each(policies, worlds, 3, keep, jobs=1)
    assert sorted(alive) == sorted(4 * list(range(7)))
    assert sum(lived) == 4 * (7 * DAYS - sum(days))


@pytest.fixture(scope="module")
def later():
    return compare(NOW, GIFT_LATER, with_policy("Ads", ad_pressure=12), worlds=12, jobs=2)


def test_effects_are_measured_from_the_day_on_which_policies_differ(later):
    assert later.since == (0, 60, 0)
    rows = later.worlds.set_index(["world", "policy", "since"])
    for world in (0, 5):
        a, b = rows.loc[(world, "As now", 60)], rows.loc[(world, "Gift", 60)]
        whole = rows.loc[(world, "As now", 0)]
        assert whole["cost"] > a["cost"] and whole["wau_mean"] != a["wau_mean"]
        assert a["wau"] == whole["wau"] and b["thriving"] <= DAYS - 60
    a, b = (rows.xs((name, 60), level=("policy", "since")) for name in ("As now", "Gift"))
    assert later.of("cost", "Gift")["difference"] == pytest.approx((b["cost"] - a["cost"]).mean())
    alone = compare(NOW, later.scenarios[2], worlds=12, jobs=2)
    assert alone.verdicts.equals(later.verdicts[later.verdicts["policy"] == "Ads"]
                                 .reset_index(drop=True))  # fmt: skip
    first, second = later.sentence.split("\n")
    day = "measured from 1 Mar 2024 (day 60), the first day on which the policies can differ"
    assert day in first
    assert "measured over the whole run" in second
    en, zh = later.report(), later.report("zh")
    assert "measured from 1 Mar 2024 (day 60)" in en and "“Gift” can differ from here" in en
    assert "第 60 天" in zh and "“Gift”从此处起可能不同" in zh


def test_a_running_community_has_dates_and_no_day_numbers():
    running = {"start": "2026-10-02", "today": 60}
    later = {"base": 0, "steps": [{"day": 65, "value": 5}]}
    gift = scenario("Gift", policy={"welcome_gift": later}, **running)
    found = compare(scenario(**running), gift, worlds=4, jobs=2)
    shown = {
        "en": (
            found.report(),
            "measured from 6 Dec 2026, the first",
            ">today<",
            "from 6 Dec 2026: 5",
        ),
        "zh": (found.report("zh"), "自 2026年12月6日起计算", ">今天<", "自 2026年12月6日：5"),
    }
    for page, *texts in shown.values():
        assert all(text in page for text in texts)
        assert not re.search(r"\bday [\d{]|第 [\d,{]+ 天", page)
    lines = "\n".join(outcome_lines(found, "Gift", 100))
    (ends,) = (line for line in lines.split("\n") if line.startswith("dormancy begins   "))
    assert "30 Jan 2027" in ends and "0 days" in ends  # it never comes
    assert "measured from 6 Dec 2026" in lines.replace("\n", " ")
    assert not re.search(r"\bday \d", lines)


def test_a_rule_that_never_acts_and_few_draws():
    never = ruled("Never", rule("never", 3, above=10**6, window=7))
    found = compare(NOW, never, GIFT_LATER, with_policy("Same"), worlds=4, jobs=2)
    page = found.report()
    assert "measured from 8 Jan 2024 (day 7), the first day on which" in page
    assert "measured over the whole run" in page
    for said in (page, *found.why("Gift")):  # two draws tell no share of a variance
        assert "of its variance" not in said


def test_a_fixed_world_is_measured_as_a_run_is():
    found = compare(NOW, GIFT_LATER, worlds=4, sample="default")
    rows = found.worlds.set_index(["world", "policy"])
    for policy, form in (("As now", NOW), ("Gift", GIFT_LATER)):
        row = rows.loc[(1, policy)]
        run = comsim.simulate(form, seed=int(row["seed"]))
        late = run.daily.iloc[60:]
        assert row["wau_mean"] == pytest.approx(late["wau"].mean())
        assert row["profit"] == pytest.approx((late["revenue"] - late["cost"]).sum())
        share = visits_in(run.events()).retention(1, since=60)["share"]
        assert row["retention_30"] == pytest.approx(share)


def test_a_stage_that_had_begun_is_not_moved():
    """Its date stays, and the world counts as one in which nothing was left to see."""
    policy = {"seed_group": 30, "official_posts": 3}
    market = {"days": 200, "community": {"market": 3000}}
    birth = scenario("Born", policy=policy, **market)
    reached = {"base": 0, "during": [{"from": 150, "to": 155, "value": 6000}]}
    crowd = scenario("Crowd", policy=policy | {"kol_reach": reached}, **market)
    found = compare(birth, crowd, worlds=8, jobs=2)
    dates = found.worlds.pivot(index="world", columns="policy", values="growth")
    moved = dates["Born"].fillna(200) != dates["Crowd"].fillna(200)
    row = found.of("growth")
    before = dates.min(axis=1) < 150
    assert before.any() and row["before"] == before.sum()
    assert not (moved & before).any()
    assert row["worlds"] <= 8 - before.sum()
    lines = "\n".join(stage_lines(found, "Crowd"))
    assert f"begun before day 150 in {before.sum()} of 8 worlds" in lines
    assert "nan" not in "\n".join(verdict_lines(found, "Crowd"))


def test_an_arm_is_measured_from_the_same_day():
    found = compare(NOW, GIFT_LATER, worlds=4, share=0.5, jobs=2, sample="independent")
    assert found.since == (0, 60, 60)
    arms = found.arms.set_index(["policy", "arm", "effect", "outcome"])
    row = arms.loc[(found.policies[1], "arm", "same people", "visits")]
    policy = policies_of([found.scenarios[0]])[0]
    form = policy.scenario.again(policy.scenario.to_dict())
    worlds = make_worlds(found.seed, 4, replications=1)
    numbers, late = uncertain(form), []
    visits = [outcome.name for outcome in ARM_OUTCOMES].index("visits")
    for world in worlds:
        arrays, _ = runs.first_morning_of(policy, numbers, world, found.seed)
        runs.live_on(arrays, 0, 60, 0)
        before = arm_totals(arrays)[0, visits]
        runs.live_on(arrays, 60, DAYS, 0)
        late.append(arm_totals(arrays)[0, visits] - before)
    assert row["mean_a"] == pytest.approx(np.mean(late))
