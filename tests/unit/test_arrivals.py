"""Word of mouth, walk-ins, mentions and founders, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from comsim.model.kernel.mechanisms.walkins import poisson as compiled_poisson
from comsim.model.rng import uniform_from
from comsim.reference import ReferenceCommunity
from comsim.reference.arrive import arrive
from comsim.reference.decide import decide
from comsim.reference.mechanisms.mentions import burst, mentions
from comsim.reference.mechanisms.persuade import day_of_joining, persuades
from comsim.reference.mechanisms.walkins import poisson, walk_in
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

from ..calm import CALM


def scenario(days: int = 1, market: int = 400, **tables) -> Scenario:
    policy = {"seed_group": 0, "intake": 0} | tables.pop("policy", {})
    data = {"name": "few", "days": days, "community": {"market": market}, "policy": policy}
    parameters = CALM | tables.pop("parameters", {})
    return Scenario.from_dict(data | tables | {"parameters": parameters})


def community(*functions, **more) -> ReferenceCommunity:
    made = ReferenceCommunity(scenario(**more), seed=1)
    made.functions = (decide, *functions)
    return made


# Word of mouth


@pytest.mark.parametrize("reward,pull", [(0, 0), (5, 0.5), (1000, 1)])
def test_a_member_who_invites_all_persuades_as_many_as_the_parameter_says(reward, pull):
    crowd = community(
        arrive, policy={"intake": 300, "newcomer_reward": reward}, parameters={"word_of_mouth": 3}
    )
    crowd.step()
    people = range(crowd.market.size)
    won = [persuades(member, person) for member in crowd.agents for person in people]
    chance = 3 / crowd.p.contacts * (1 + pull * crowd.p.newcomer_pull)
    assert np.mean(won) == pytest.approx(chance, rel=0.05)


def test_who_persuades_whom_is_the_same_every_day():
    crowd = community(arrive, days=3, policy={"intake": {"on": [{"day": 0, "value": 20}]}})
    found = []
    while crowd.running:
        crowd.step()
        found.append([persuades(m, other) for m in crowd.agents for other in range(50)])
    assert found[0] == found[1] == found[2] and 0 < sum(found[0]) < len(found[0])


def test_the_rate_of_invitations_cannot_bring_more_than_a_member_can():
    """Two acquaintances each, of whom one in two can be persuaded: no flood."""
    few = {"contacts": 2, "near_contacts": 0, "word_of_mouth": 0.5, "invitation_rate": 1}
    run = simulate(scenario(200, 5000, parameters=few, policy={"seed_group": 100}), 1)
    joined, invitations = (run.world.daily[name].sum() for name in ("joined", "invitations"))
    assert 100 < joined < 200 and invitations > 5 * (joined - 100)


def test_half_of_the_persuaded_join_within_the_lag():
    crowd = community(parameters={"joining_lag": 10}, market=4000)
    crowd.day = 7
    lags = np.array([day_of_joining(crowd, person) - 7 for person in range(4000)])
    assert np.mean(lags < 10) == pytest.approx(0.5, abs=0.03)
    assert np.mean(lags >= 90) == pytest.approx(0.08, abs=0.02)
    assert lags.min() == 0 and 300 < lags.max() < 400


def test_who_waits_is_neither_recruited_nor_invited_again():
    late = scenario(
        60, 60, policy={"seed_group": 10, "intake": 1}, parameters={"joining_lag": 50,
        "word_of_mouth": 14, "walk_in_rate": 0.02, "invitation_rate": 1},
    )  # fmt: skip
    waited = ReferenceCommunity(late, 1)
    while waited.running:
        before = set(waited.inviter_of)
        waited.step()
        still = before & set(waited.inviter_of)
        assert not still & waited.joined
        came = [member for member in waited.everyone if member.joined_day == waited.day]
        assert all(m.inviter for m in came if m.person in before)
    assert waited.inviter_of and waited.daily["joined_invited"].sum() > 2


# Eagerness and keenness


def test_those_who_need_least_persuading_are_keenest():
    alike = [{"name": "all", "activity": {"value": 0.2, "spread": 0}}]
    policy = {"seed_group": 20, "intake": 100}
    crowd = community(arrive, segments=alike, policy=policy, parameters={"keenness": 0.5})
    crowd.step()
    for member in crowd.agents:
        u = crowd.market.resistance(member.person)
        times = 1.5 if member.founder else 1 + 0.5 * (1 - 2 * u)
        assert member.activity == pytest.approx(min(0.2 * times, 1))
        assert crowd.market.eagerness(member.person) == 2 * (1 - u)


# The seed group


def test_the_seed_group_trickles_in():
    policy = {"seed_group": 8, "entry_fee": 10}
    crowd = community(arrive, days=30, policy=policy, parameters={"founder_days": 4})
    came = []
    while crowd.running:
        crowd.step()
        came.append(crowd.today["joined"])
        assert crowd.today["cost_recruitment"] == 300 * crowd.today["joined"]
    # A quarter of those left a day, and fractions add up: 2, 1.5, 1.75 (with 0.5 left over) ...
    assert came[:3] == [2, 1, 1] and sum(came) == 8 and not sum(came[20:])
    assert all(member.founder for member in crowd.agents)


def test_in_one_day_the_seed_group_comes_at_once():
    run = simulate(scenario(3, policy={"seed_group": 30}, parameters={"invitation_rate": 0}), 1)
    assert run.world.daily["joined"].tolist() == [30, 0, 0]
    assert (run.world.m.own["inviter"][:30] == -2).all()


# Walk-ins


def test_poisson_numbers_have_their_mean_and_variance():
    rng = np.random.default_rng(1)
    for mean in (0.0, 0.3, 4.0, 29.0, 31.0, 500.0):
        words = rng.integers(0, 2**32, (4000, 4), np.uint32)
        numbers = [poisson(mean, [uniform_from(int(w)) for w in four]) for four in words]
        assert numbers == [compiled_poisson(mean, tuple(four)) for four in words]
        assert np.mean(numbers) == pytest.approx(mean, abs=4 * (mean / 4000) ** 0.5)
        assert np.var(numbers) == pytest.approx(mean, rel=0.1)


def test_by_inversion():
    # Poisson with mean 1: 0.368, 0.736, 0.920, ...
    for u, number in ((0.3, 0), (0.5, 1), (0.9, 2), (0.95, 3)):
        assert poisson(1.0, [u, 0.5, 0.5, 0.5]) == number
    assert poisson(100.0, [0.5] * 4) == 100


def test_people_come_by_themselves_the_eager_ones_first():
    alone = scenario(100, 20_000, parameters={"walk_in_rate": 0.001, "invitation_rate": 0})
    run = simulate(alone, 1)
    daily = run.world.daily
    assert (daily["joined"] == daily["joined_walk_in"]).all()
    assert not daily["cost_recruitment"].any()
    # 40 look in a day; half of those who are still outside join.
    assert daily["joined"].sum() == pytest.approx(2000, abs=150)
    market = ReferenceCommunity(alone, 1).market
    people = run.world.m.person[: run.world.now["rows"][0]]
    eagerness = [market.eagerness(int(person)) for person in people]
    assert np.mean(eagerness) == pytest.approx(4 / 3, abs=0.05)


def test_walk_ins_follow_the_months_and_bad_press():
    months = [0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    rate = {"walk_in_rate": 0.001, "press_fading": 0, "press_harm": 0.5}
    shocks = [{"kind": "press", "day": 90, "severity": 1}]
    daily = simulate(
        scenario(151, 20_000, start="2024-01-01", calendar={"months": months}, parameters=rate,
                 shocks=shocks), 1,
    ).world.daily  # fmt: skip
    came = daily["joined_walk_in"]
    assert not came[:60].any() and came[60] > 0
    assert came[91:].mean() / came[60:91].mean() == pytest.approx(0.25, abs=0.04)


def test_without_a_rate_nothing_is_drawn(monkeypatch):
    monkeypatch.setattr("comsim.reference.mechanisms.walkins.mentions", None)
    nobody = community(arrive, walk_in, parameters={"burst_rate": 1})
    nobody.step()
    assert not nobody.today["joined_walk_in"] and nobody.burst == 0


# Mentions


def heard(days: int = 1, releases: tuple = (), **parameters: float) -> ReferenceCommunity:
    on = {"release": {"on": [{"day": day, "value": 1} for day in releases]}}
    return community(days=days, policy=on if releases else {}, parameters=parameters)


def test_mentions_drift_around_their_mean():
    here = heard(1350, mention_spread=0.5, mention_memory=5)
    factors, drifts = [], []
    while here.running:
        here.step()
        factors.append(mentions(here))
        drifts.append(here.mention)
    assert np.std(drifts) == pytest.approx(0.5, abs=0.06)
    assert np.corrcoef(drifts[:-1], drifts[1:])[0, 1] == pytest.approx(np.exp(-1 / 5), abs=0.05)
    assert np.mean(factors) == pytest.approx(1, abs=0.1)


def test_a_burst_fades_and_a_release_is_one():
    here, found = heard(6, releases=(2,), release_mentions=8, burst_fading=0.5), []
    while here.running:
        here.step()
        found.append(mentions(here))
    assert found == [1, 1, 9, 5, 3, 2]


def test_half_of_the_bursts_have_their_size():
    here, sizes = heard(1000, burst_rate=1, burst_fading=1, burst_size=2), []
    while here.running:
        here.step()
        burst(here)
        sizes.append(here.burst)
    assert np.median(sizes) == pytest.approx(2, abs=0.3) and max(sizes) == 40


def test_bursts_come_at_their_rate():
    here, begun = heard(1000, burst_rate=0.1, burst_fading=1), 0
    while here.running:
        here.step()
        burst(here)
        begun += here.burst > 0
    assert begun == pytest.approx(100, abs=35)


def test_usual_mentions_are_one():
    here = SimpleNamespace(
        p=SimpleNamespace(mention_spread=0.0, burst_fading=0.1, burst_rate=0.0,
                          release_mentions=0.0),
        mention=0.0, burst=0.0, seed=1, day=0, levers=[SimpleNamespace(release=1.0)],
    )  # fmt: skip
    assert mentions(here) == 1.0
