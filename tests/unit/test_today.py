"""A running community: a past that all policies share, made up or replayed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

import comsim
from comsim.common.errors import InputError
from comsim.language.dates import Dates
from comsim.language.phrases import Words
from comsim.model.rng import Purpose, uniforms
from comsim.results.comparison import load
from comsim.run.today import begun, live_on
from comsim.scenario import plan
from comsim.scenario.rows import PLAUSIBLE, Rows, rows_of
from comsim.scenario.worlds import World, uncertain
from comsim.studies.analysis.swept import Swept
from comsim.studies.comparison.choices.budget import _spend
from comsim.studies.comparison.choices.parting import parting
from comsim.studies.comparison.choices.policies import Policy, policies_of
from comsim.studies.comparison.runs import first_morning_of, run_each
from comsim.studies.experiments.checks import check
from comsim.studies.experiments.runs import ExperimentWork
from comsim.today import past
from comsim.today.choose import Targets, screened
from comsim.today.extend import extended
from comsim.today.fit import Particles, fitted, plausible
from comsim.today.past import inclusions, past_of_today
from comsim.today.records import past_of_records
from comsim.today.store import stored
from comsim.today.wording import sentences

from .comparisons import NOW, scenario

START = date(2026, 3, 1)
BRAND = {"members": 1800, "weekly": 300, "age_days": 420}
CLUB = {"members": 60, "weekly": 20, "age_days": 90}


def running(name: str = "now", today: dict | None = None, **tables) -> comsim.Scenario:
    community = {"today": BRAND if today is None else today} | tables.pop("community", {})
    data = {"name": name, "days": 90, "start": START, "community": community} | tables
    return comsim.Scenario.from_dict(data, f"{name}.toml")


@pytest.fixture(scope="module", autouse=True)
def few():
    """Fewer worlds, which is faster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(past, "NUMBER", 100)
        yield


@pytest.fixture(scope="module")
def brand(few):
    return past_of_today(running(), 1, jobs=2)


@pytest.fixture(scope="module")
def club(few):
    return past_of_today(running(today=CLUB), 1, jobs=2)


def test_an_earlier_start_moves_day_numbers_and_keeps_dates():
    policy = {
        "official_posts": {"base": 1, "steps": [{"day": 10, "value": 2},
                                                {"day": "2026-04-01", "value": 3}]},
        "welcome_gift": {"groups": {"newcomers": {"during": [{"from": 5, "to": 9, "value": 4}]}}},
    }  # fmt: skip
    form = running(
        policy=policy, owner={"until": 80}, goals=[{"metric": "wau", "day": 20, "at_least": 9}],
        shocks=[{"kind": "leak", "day": 30, "severity": 0.5}],
        calendar={"holidays": [{"from": 3, "to": 4, "factor": 0.5}]},
    )  # fmt: skip
    longer = extended(form, 420, 7000)
    assert (longer.past, longer.days, longer.community.market) == (420, 510, 7000)
    assert longer.start + (START - longer.start) == START and (START - longer.start).days == 420
    here, there = plan(form), plan(longer)
    np.testing.assert_array_equal(there.lever_table[421:], here.lever_table[1:])
    assert there.shocks["day"].tolist() == [450] and there.owner["until"].tolist() == [500]
    np.testing.assert_array_equal(there.rhythm[420:], here.rhythm)
    assert longer.goals[0].day == 440


@pytest.mark.parametrize("today, message", [
    ({"members": 100, "weekly": 200}, "community.today.weekly: found 200; allowed: at most 100"),
    ({"members": 100, "age_days": 0}, "community.today.age_days: found 0"),
    ({}, "community.today: found nothing; allowed: at least one of"),
])  # fmt: skip
def test_todays_that_no_community_has(today, message):
    with pytest.raises(InputError) as error:
        running(today=today)
    assert message in str(error.value)


def test_more_members_than_the_market():
    with pytest.raises(InputError, match=r"today.members: found 1000000; allowed: at most 1000"):
        running(today={"members": 1_000_000}, community={"market": 1000})


@pytest.mark.parametrize("today, key", [
    ({"members": 1800, "weekly": 300, "posts_a_day": 50_000}, "posts_a_day"),
    ({"members": 5_000, "weekly": 3, "age_days": 20}, "weekly"),
])  # fmt: skip
def test_numbers_that_do_not_fit_one_another(today, key):
    with pytest.raises(InputError, match=rf"^now.toml: community.today.{key}: found") as error:
        past_of_today(running(today=today), 1)
    assert "\n" not in str(error.value)


def test_a_community_that_grew_under_its_own_policy_is_not_refused():
    """Under the default policy, none of this market has as many members after 30 days."""
    recruited = {"seed_group": 200, "intake": 50}
    today = {"members": 1450, "weekly": 734, "age_days": 30}
    found = past_of_today(running(today=today, community={"market": 1500}, policy=recruited), 1)
    assert found.today.misfit < 0.1
    with pytest.raises(InputError, match=r"today.weekly: found 734; allowed: .* under this"):
        past_of_today(running(today=today, community={"market": 1500}), 1)


def test_the_stored_trajectories_are_those_of_the_plausible_worlds():
    rows = rows_of(PLAUSIBLE, "test")
    assert stored().hash == rows.hash and len(stored().logs) == len(rows.values)


def test_a_brand_community_is_fitted(brand):
    assert brand.today.misfit < 0.1
    assert brand.today.effective > 20
    assert [fit.name for fit in brand.today.fit] == ["members", "weekly"]
    for fit in brand.today.fit:
        assert fit.value / 1.6 < fit.low < fit.value < fit.high < fit.value * 1.6


def test_the_threads_change_nothing(club):
    again = past_of_today(running(today=CLUB), 1, jobs=1)
    assert again.rows == club.rows and again.seeds == club.seeds
    np.testing.assert_array_equal(again.weights, club.weights)


def test_worlds_are_what_was_fitted(club):
    """A comparison meets the communities that the fit has seen."""
    worlds, weights = club.worlds(12)
    assert len({world.number for world in worlds}) == 12 and weights.sum() == pytest.approx(1)
    policy = Policy.of(club.scenario)
    numbers = uncertain(policy.scenario, worlds[0].row)
    for world in worlds[:3]:
        arrays, _ = first_morning_of(policy, numbers, world, club.seed)
        live_on(arrays, world.born, club.today.day, world.books)
        assert arrays.daily["members"][club.today.day - 1] == club.seen[world.number, 0]
        assert arrays.now["profit"][0] == 0


def by_hand(weights: list[float]) -> past.Past:
    """A past of made-up worlds, from plausible worlds of 50 each."""
    n, weights = len(weights), np.array(weights) / np.sum(weights)
    origin = np.arange(n) // 50
    mimics = tuple("ab"[at % 2] for at in origin)
    today = past.Today(90, 90, 400, (), plausible(weights, origin), n)
    return past.Past(NOW, today, ({},) * n, origin, mimics, np.full(n, 400), np.full(n, 90),
                     tuple(range(n)), weights, np.ones((n, 3)), 1)  # fmt: skip


def test_the_first_worlds_of_a_past_are_a_sample():
    """Eight plausible worlds with 50 candidates each, which are sorted by them."""
    found = by_hand([1.0] * 400)
    for worlds in (found.worlds(100)[0], found.evenly(100)):
        assert len({world.number // 50 for world in worlds}) == 8
        assert len({world.number // 50 for world in worlds[:20]}) >= 6
    assert found.worlds(100)[0] == found.worlds(100)[0]


def test_copies_of_a_plausible_world_count_once(club):
    """However many worlds come from the same few plausible ones, no more is known."""
    found = by_hand([1.0] * 400)
    assert found.today.effective == pytest.approx(8) and found.communities == pytest.approx(2)
    few = sentences(found.today, Words("en", Dates(START)))[-1]
    assert "of only about 8 plausible worlds" in few and "ranges may be too narrow" in few
    many = found.today._replace(effective=80.0)
    last = sentences(many, Words("en", Dates(START)))[-1]
    assert (
        last == "The worlds are variants of about 80 plausible worlds that resemble this community."
    )
    assert len(set(club.origin[club.weights > 0])) > club.today.effective > club.communities > 3


def test_pilots_have_the_weights_of_their_worlds():
    """The first of the two worlds begins late, and costs less."""
    policy = Policy.of(scenario(policy={"welcome_gift": 40}))
    worlds = [World(0, None, 5, None, 400, 90), World(1, None, 5)]
    each = [_spend(policy, [world], None, 1, 1) for world in worlds]
    both = _spend(policy, worlds, np.array([0.75, 0.25]), 1, 1)
    assert each[0] < each[1] and both == pytest.approx(0.75 * each[0] + 0.25 * each[1])


def test_todays_numbers_count_once():
    """A toy with a known posterior: the logarithm of a parameter is normal with variance 1, that of
    members is the same plus luck with variance 1/4, so that it is 1/5 once members are known.
    Trajectories with luck of their own choose the worlds that are simulated."""
    us = (np.arange(2_000) + 0.5) / 2_000
    logs = np.log(0.01) + ndtri(us)
    rows = Rows("toy", "", ("walk_in_rate",), np.exp(logs)[:, None], us + us[0], ("a",) * 2_000)
    targets = Targets({"members": 1_000.0}, 90, 5_000)

    def members(logs: np.ndarray, key: int) -> np.ndarray:
        luck = ndtri(uniforms(1, Purpose.WORLD, 0, np.arange(len(logs)), key)) / 2
        return np.exp(logs - np.log(0.01) + luck) * 1_000

    apart = np.log(members(logs, 101)) - np.log(1_000)
    weights = screened(apart[:, None, None, None], ["members"], rows.weights).ravel()
    taken = np.flatnonzero(weights)

    def simulate(particles: Particles) -> Particles:
        there = members(np.log(particles.values[:, 0]), 102)
        return replace(particles, seen=there[:, None])

    n, values = len(taken), rows.values[taken]
    first = Particles(values, np.full(n, 5_000), np.full(n, 90), np.empty((n, 1)), taken)
    found, weights = fitted(simulate(first), targets, rows, simulate)
    x = np.log(found.values[:, 0] / 0.01)
    mean = weights @ x
    sd = np.sqrt(weights @ (x - mean) ** 2)
    assert abs(mean) < 0.06 and abs(sd / np.sqrt(0.2) - 1) < 0.1, (mean, sd)


def test_sampling_in_proportion_to_weights():
    chance = inclusions(np.array([0.7, 0.1, 0.1, 0.1]), 3)
    np.testing.assert_allclose(chance, [1, 2 / 3, 2 / 3, 2 / 3])


def test_a_younger_community_begins_later():
    """Its seed group comes on that day."""
    later = begun(plan(NOW), 30)
    world = World(0, None, 5, None, 300, 30)
    arrays, _ = first_morning_of(Policy.of(NOW), uncertain(NOW), world, 1)
    live_on(arrays, 30, 120, 0)
    assert arrays.daily["members"][:30].sum() == 0 < arrays.daily["members"][30]
    np.testing.assert_array_equal(
        later.lever_table[30:], plan(NOW).lever_table[[0, *range(31, 120)]]
    )


def past_and(name: str, **tables) -> comsim.Scenario:
    return scenario(name, **{"today": 60} | tables)


FIRST = past_and("First", policy={"official_posts": 1})
RULE = {"name": "often", "when": [{"metric": "wau", "above": 1}], "days": 5,
        "do": [{"lever": "official_posts", "set": 4}]}  # fmt: skip
OTHERS = [
    past_and("Posts", policy={"official_posts": 3}),
    past_and("Known", parameters={"learning": 0.9}),
    past_and("Ruled", rules=[RULE]),
    past_and("Owned", owner={"budget": 0}),
    past_and("Leak", shocks=[{"kind": "leak", "day": 20, "severity": 1},
                             {"kind": "leak", "day": 70, "severity": 1}]),
]  # fmt: skip


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.name)
def test_policies_differ_from_today_on_only(other):
    days = {}
    policies = policies_of([FIRST, other])
    assert parting(*policies) in (60, 70)
    worlds = [World(0, None, 11)]
    run_each(policies, worlds, 1, lambda p, w, world: days.update({p: world.daily.copy()}), 1)
    assert (days[0][:60] == days[1][:60]).all()
    assert (days[0][60:] != days[1][60:]).any()


def test_today_lies_inside_the_run():
    with pytest.raises(InputError, match="today: found 500; allowed: days 0 to 119 of the run"):
        past_and("Late", today=500)
    both = {"market": 400, "today": {"members": 100}}
    with pytest.raises(InputError, match="today: found both a day and"):
        past_and("Both", community=both)


def test_a_comparison_from_today_on():
    forms = [running(today=CLUB), running("gift", CLUB, policy={"referral_reward": 20})]
    with pytest.raises(InputError, match=r"sample: found independent, beside .* plausible"):
        comsim.compare(*forms, worlds=8, sample="independent")
    found = comsim.compare(*forms, worlds=8, jobs=2)
    assert found.since == (0, 90) and found.number == 8 and len(found.draws) == 8
    assert found.today.misfit < 0.1
    assert found.effective_worlds <= found.today.effective
    apart = found.series[(found.series["of"] == "difference") & (found.series["day"] < 90)]
    assert (apart[["q05", "q95"]].fillna(0) == 0).all(axis=None)


def test_a_run_says_that_its_past_is_made_up():
    run = comsim.simulate(running(today=CLUB), seed=1)
    assert run.scenario.past == 90 and len(run.daily) == 180
    assert abs(run.daily["members"][89] / 60 - 1) < 0.3
    assert "made up" in run.notes[0]
    again = comsim.simulate(run.scenario)
    np.testing.assert_array_equal(again.world.daily_table, run.world.daily_table)


def test_the_owner_of_a_run_counts_from_today():
    form = running(today=CLUB, owner={"budget": 500})
    run = comsim.simulate(form, seed=1)
    profit = run.daily["profit_cumulative"].to_numpy()
    operated = run.daily["operated"].to_numpy()
    assert operated[:90].all()
    stopped = int(operated.argmin())
    assert (
        stopped > 90 and profit[89] - profit[stopped - 1] > 500 > profit[89] - profit[stopped - 2]
    )


def test_a_profitable_community_lives_through_its_past():
    """Posts of the first days cost more than the community has earned by then; since, it earns
    money. Its owner bears little loss, from today on."""
    first_days = {"from": START - timedelta(90), "to": START - timedelta(88), "value": 4}
    earns = {"policy": {"ad_pressure": 6, "official_posts": {"base": 0, "during": [first_days]}},
             "parameters": {"ad_price": 1, "staff_cost": 0}, "today": CLUB}  # fmt: skip
    free = comsim.simulate(running(**earns), seed=1)
    owned = comsim.simulate(running(owner={"budget": 10, "until": 60}, **earns), seed=1)
    profit = free.daily["profit_cumulative"]
    assert profit[:89].min() < -10 and profit[89] > 0
    assert owned.scenario.owner.budget == 10 and owned.scenario.owner.since == 90
    assert owned.daily["operated"].sum() == 150, (profit[90:] - profit[89]).min()
    pd.testing.assert_series_equal(owned.daily["members"][:150], free.daily["members"][:150])


def test_the_lab_opens_a_running_community_today():
    from comsim.lab.visit import Visit

    run = comsim.simulate(running(today=CLUB), seed=1)
    assert Visit(run.scenario).day == 90


def swept(form: comsim.Scenario, **worlds) -> comsim.Experiment:
    experiment = {
        "name": "posts", "scenario": "now.toml", "outcomes": ["wau_mean", "members", "growth"],
        "factors": [{"path": "policy.official_posts", "values": [1, 4], "kind": "lever"}],
        "design": {"kind": "grid"}, "worlds": {"number": 4, "sample": "plausible"} | worlds,
        "series": {"metrics": ["members"]},
    }  # fmt: skip
    return comsim.Experiment.from_dict(experiment, "posts.toml", scenarios={"now.toml": form})


def test_a_sweep_counts_from_today():
    """All points share the past; days and series begin today."""
    experiment = swept(running(today=CLUB))
    check(experiment)
    tables = ExperimentWork.of(experiment).stretch(0, 8)
    runs, series = (tables[name].to_pandas() for name in ("runs", "series"))
    assert runs["error"].isna().all() and (runs["lived"] == 90).all()
    assert runs["draw"].nunique() == 4
    at_first = series[series["day"] == 0]["members"].to_numpy()
    assert (np.abs(at_first / 60 - 1) < 0.5).all()
    one, four = (runs[runs["official_posts"] == x]["wau_mean"].to_numpy() for x in (1, 4))
    assert (one != four).any()
    with pytest.raises(InputError, match=r"worlds.sample: found default, beside"):
        check(swept(running(today=CLUB), sample="default"))


def test_a_world_that_comes_twice_is_no_replication_of_another():
    """Worlds of a running community are samples, even if some are the same."""
    runs = pd.DataFrame({"point": 0, "world": range(4), "draw": [3, 8, 8, 5], "error": None})
    here = Swept(runs, (), (), "grid", 90, worlds=4, drawn=True)
    assert here.replications == 1
    assert replace(here, runs=runs.assign(draw=[0, 0, 1, 1])).replications == 2


def test_a_sweep_with_a_replayed_past():
    tables = ExperimentWork.of(swept(FIRST)).stretch(0, 8)
    series = tables["series"].to_pandas().set_index(["run", "day"])["members"].unstack()
    assert (series.iloc[:4, :60].to_numpy() == series.iloc[4:, :60].to_numpy()).all()
    assert (series.iloc[:4].to_numpy() != series.iloc[4:].to_numpy()).any()


def test_a_misfit_is_part_of_the_headline(tmp_path):
    """The numbers are shown beside those of the worlds, in both languages and from the folder."""
    forms = [running(today=CLUB), running("gift", CLUB, policy={"referral_reward": 20})]
    found = comsim.compare(*forms, worlds=8, jobs=2)
    folder = found.save(tmp_path / "out")
    again, _ = load(folder)
    assert again.today == found.today and again.pasts() == found.pasts()
    assert "The 90 days before 1 Mar 2026 are made up" in again.report()
    fit = found.today.fit[0]._replace(median=80.0)
    off = replace(found, today=found.today._replace(fit=(fit, *found.today.fit[1:])))
    wanted = "The worlds do not match the community: the median of members is 33% too high."
    assert off.misfit() == wanted
    assert off.misfit() in off.report() and off.misfit("zh") in off.report("zh")


def test_a_replayed_past_follows_its_records(tmp_path):
    """The records of a livelier community than most pull the worlds towards it."""
    truth = comsim.simulate(past_and("Truth", seed=5, parameters={"walk_in_rate": 0.004}))
    daily = truth.daily.reset_index()[["day", "members", "wau"]]
    daily.to_csv(tmp_path / "log.csv", index=False)
    observed = {"csv": "log.csv", "columns": {"members": "members", "wau": "wau"}}
    data = {"name": "now", "days": 120, "today": 60, "community": {"market": 400},
            "observed": observed}  # fmt: skip
    form = comsim.Scenario.from_dict(data, "now.toml", tmp_path)
    found = past_of_records(form, 1, jobs=2)
    assert found.today.records and len(found.today.fit) == 4
    assert found.today.misfit < 0.25
    plain = form.again({k: v for k, v in data.items() if k != "observed"})
    more = {"policy": {"official_posts": 3}, "name": "more"}
    result = comsim.compare(form, form.again(data | more), worlds=8, jobs=2)
    assert result.since == (0, 60) and "are replayed" in result.pasts()[0]
    assert comsim.compare(plain, plain.again(plain.to_dict() | more), worlds=4).today is None


def test_a_past_for_a_share_of_members():
    forms = [running(today=CLUB), running("gift", CLUB, policy={"welcome_gift": 20})]
    found = comsim.compare(*forms, worlds=6, share=0.5, jobs=1)
    again = comsim.compare(*forms, worlds=6, share=0.5, jobs=2)
    assert found.since == (0, 90, 90) and len(found.arms)
    pd.testing.assert_frame_equal(found.verdicts, again.verdicts)
