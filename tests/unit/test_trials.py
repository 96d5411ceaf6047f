"""How published effects are measured: counts of members, arms by lot, and arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from comsim.evidence.data import data
from comsim.evidence.trials import MISSING, SCENARIOS, TRIALS
from comsim.evidence.trials.effects import by_lot, difference, figure, subset
from comsim.evidence.trials.runs import Which, _compiled
from comsim.evidence.trials.spec import NEWCOMERS, Subset, trials
from comsim.evidence.trials.tally import COUNTERS, Cohort, Tally, live_and_count, members_of
from comsim.evidence.world import FactWorld
from comsim.run.simulation import first_morning, simulate
from comsim.scenario import Scenario, parameter_values, plan
from comsim.studies.comparison.basis.lots import pairs

SMALL = {"community": {"market": 3000, "newcomer_days": 14}}
SETTLED = {"seed_group": 400, "intake": 3}


def world(seed: int = 5, **overrides) -> FactWorld:
    policy = SETTLED | overrides.pop("policy", {})
    return FactWorld(0, 1, seed, SMALL | {"policy": policy} | overrides)


def test_what_is_compared_with_what():
    twin, treated = np.array([10.0, 4.0, 6.0]), np.array([15.0, 5.0, 7.0])
    found = pairs(treated, twin, 0, np.array([0.5, 0.125, 0.375]))
    assert found["same people"] == (10, 15)
    assert found["within"] == (6.5, 15)  # 5 x 1/4 + 7 x 3/4
    assert found["rest"] == (5.5, 6.5)


def test_effects_by_hand():
    twin, treated = np.array([10.0, 8.0, 9.0]), np.array([18.0, 12.0, 15.0])  # the last: everybody
    percent = by_lot(twin, treated, "%", 1.0)
    assert percent == pytest.approx((20, 50))  # 18 / 12 against 10 / 8; 12 against 8
    points = by_lot(twin / 100, treated / 100, "points", 1.0)
    assert points == pytest.approx((4, 4))  # 6 points against 2
    assert by_lot(twin, treated, "elasticity", 0.8)[0] == pytest.approx(np.log(1.2) / np.log(0.8))
    never = by_lot(np.array([1.0, 0.0, 0.5]), np.array([2.0, 0.0, 1.0]), "%", 1.0)
    assert np.isnan(never).all() and np.isnan(difference(0.0, 1.0, "%"))


def tally_by_hand() -> Tally:
    """Two arms of three; posts in the month before 0 0 4 | 0 2 4, afterwards 1 0 6 | 0 1 3."""
    cohort = members_of(120)
    counts = {age: np.zeros((6, len(COUNTERS)), np.int64) for age in (-30, 0, 10)}
    posts = COUNTERS.index("posts")
    counts[0][:, posts] = [0, 0, 4, 0, 2, 4]
    counts[10][:, posts] = [1, 0, 10, 0, 3, 7]
    return Tally({cohort: np.array([0, 0, 0, 1, 1, 1])},
                 {(cohort, age): table for age, table in counts.items()})  # fmt: skip


def test_a_figure_per_head_and_as_a_share_of_people():
    tally, days = tally_by_hand(), (0, 9)
    trial = trials()["barnstars_top1"]
    assert figure(trial, tally, 2, days, None).tolist() == [7 / 3, 4 / 3, 11 / 6]
    shared = replace(trial, share=True)
    assert figure(shared, tally, 2, days, None).tolist() == [2 / 3, 2 / 3, 4 / 6]
    top = Subset("posts", (-30, -1), top=0.3)
    assert figure(trial, tally, 2, days, top).tolist() == [6, 3, 4.5]
    never = figure(replace(trial, per="visits"), tally, 2, days, None)
    assert np.isnan(never).all()


def test_subsets_hold_ties_and_nobody_who_did_nothing():
    tally, cohort = tally_by_hand(), members_of(120)

    def chosen(**how):
        return subset(Subset("posts", (-30, -1), **how), tally, cohort).tolist()

    assert chosen() == [False, False, True, False, True, True]
    assert chosen(top=0.1) == [False, False, True, False, False, True]
    assert chosen(top=0.9) == [False, False, True, False, True, True]
    assert chosen(bottom=0.2) == [True, True, False, True, False, False]


def test_counts_are_those_of_the_event_table():
    scenario = Scenario.from_dict(
        {
            "name": "counted",
            "days": 90,
            "community": {"market": 1500},
            "policy": {"seed_group": 300, "intake": 4, "pushes": 2},
        }
    )
    here = first_morning(scenario, plan(scenario), parameter_values(scenario, 3), 3)
    joiners, old = Cohort((10, 40)), members_of(50)
    tally = live_and_count(here, 90, {joiners: [(0, 29)], old: [(-20, -1), (0, 29)]})
    events = simulate(scenario, 3).events()
    joined = events[events["kind"] == "join"].set_index("member")["day"]
    person = here.m.person

    def expected(who, first, kind, days):
        mine = events[(events["kind"] == kind) & events["member"].isin(who)]
        age = mine["day"].to_numpy() - first.loc[mine["member"]].to_numpy()
        mine = mine["member"][(days[0] <= age) & (age <= days[1])].value_counts()
        return mine.reindex(who, fill_value=0).tolist()

    names = {"visits": "visit", "posts": "post", "orders": "order", "mutes": "mute",
             "left": "leave", "replies_given": "reply"}  # fmt: skip
    newcomers = joined.index[joined.between(10, 40)].tolist()
    left = events[(events["kind"] == "leave") & (events["day"] < 50)]["member"]
    stay = ~joined.index.isin(left)
    assert not stay[joined < 50].all()  # who left before day 50 is no member of that day
    members = joined.index[(joined < 50) & stay].tolist()
    order = [row for row in person.tolist() if row in set(newcomers)][: len(newcomers)]
    assert len(newcomers) > 100
    for outcome, kind in names.items():
        assert tally.between(joiners, outcome, (0, 29)).tolist() == expected(
            order, joined, kind, (0, 29)
        ), outcome
    everyone = [row for row in person.tolist() if row in set(members)][: len(members)]
    since = joined * 0 + 50
    for outcome in ("visits", "posts", "orders"):
        for days in ((-20, -1), (0, 29)):
            assert tally.between(old, outcome, days).tolist() == expected(
                everyone, since, names[outcome], days
            ), outcome


def test_satisfied_visits_and_posts_read_add_up_to_the_days():
    scenario = Scenario.from_dict(
        {
            "name": "counted",
            "days": 40,
            "community": {"market": 1500},
            "policy": {"seed_group": 300, "intake": 4},
        }
    )
    here = first_morning(scenario, plan(scenario), parameter_values(scenario, 3), 3)
    all_of_them = Cohort((0, 39), 0)
    tally = live_and_count(here, 40, {all_of_them: [(0, 39)]})
    assert tally.between(all_of_them, "reads", (0, 39)).sum() == here.daily["items_members"].sum()
    satisfied = tally.between(all_of_them, "satisfied", (0, 39)).sum()
    assert satisfied == pytest.approx(here.daily["satisfied"].sum(), rel=0.01)


def test_the_lot_falls_on_the_same_people_in_every_run():
    trial = trials()["retail_push_frequency"]
    by_lot = Which(trial.treatment.name, True)
    before = replace(trial, days=(-30, -1))
    one, other = (
        live_and_count(
            _morning(trial.community, which, world()), 140, {members_of(120): [(-30, -1)]}
        )
        for which in (Which(), by_lot)
    )
    cohort = members_of(120)
    assert np.array_equal(one.arms[cohort], other.arms[cohort]) and one.arms[cohort].any()
    assert np.array_equal(*(figure(before, tally, 2, (-30, -1), None) for tally in (one, other)))


def _morning(community, which, here):
    compiled, scenario = _compiled(community, which, 400, here)
    return first_morning(scenario, compiled, parameter_values(scenario, here.seed), here.seed)


@pytest.mark.parametrize(
    "id", ["teahouse", "barnstars_strata", "price_elasticity", "github_streaks", "dota_major"]
)
def test_a_lever_that_is_switched_off_has_no_effect_at_all(id):
    levers = {lever: 0 for lever in trials()[id].treatment.levers}
    found = TRIALS[id](world(policy=levers))
    assert {value for value in found.values() if value is not None} == {0}


@pytest.mark.parametrize("id", ["retail_push_frequency", "alibaba_cart"])
def test_nothing_spills_over_where_nobody_influences_anybody(id):
    alone = world(7, policy={"pyramid": 1, "core_group": 0}, parameters={"invitation_rate": 0})
    found = TRIALS[id](alone)  # in a pyramid without a core, nobody posts
    assert found["effect"] != 0 and found["rest"] == 0


def test_pushes_spill_over_to_those_who_get_none():
    assert TRIALS["retail_push_frequency"](world())["rest"] != 0


def test_every_effect_with_a_band_is_tried_or_its_lack_is_stated():
    effects = {id for id, fact in data("effects.toml").items() if "band" in fact}
    assert set(TRIALS) | set(MISSING) <= effects
    assert not set(trials()) & set(MISSING)
    assert all(set(text) == {"en", "zh"} for text in MISSING.values())
    assert NEWCOMERS[0] >= 28  # so that a month before can be counted


def test_a_trial_in_a_sentence():
    assert SCENARIOS["reddit_gold"] == {
        "en": "experimental launch: a random half of the members of day 120 get recognition 0.8 "
        "on day 120; share of them with posts, days 121–180, of those with posts on day 120",
        "zh": "实验用启动情景：第 120 天的成员中随机一半在第 120 天得到荣誉激励 0.8；"
        "第 121–180 天有过发帖的人所占比例，限于第 120 天有过发帖的人",
    }
    assert (
        "half of the members of day 120 who joined on days 107–113"
        in (SCENARIOS["edelweiss_newcomers"]["en"])
    )
    assert "第 120 天的成员（第 107–113 天加入）" in SCENARIOS["edelweiss_newcomers"]["zh"]
    assert all("_" not in text for one in SCENARIOS.values() for text in one.values())
