"""Subgroups, core group, rings and pyramids, and child communities, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.model.kernel.mechanisms.belonging import MOST_SUBGROUPS
from comsim.reference import ReferenceCommunity
from comsim.run.simulation import first_morning, live, simulate
from comsim.scenario import Scenario, parameter_values, plan

from ..calm import CALM

CAPACITY, CORE = 25, 12
GROWING = {
    "name": "growing",
    "days": 90,
    "community": {"market": 900},
    "parameters": {"invitation_rate": 0.6, "lapse_rate": 0.3, "leave_rate": 0.1},
    "policy": {
        "seed_group": 40,
        "intake": 3,
        "subgroup_capacity": CAPACITY,
        "core_group": {"base": CORE, "during": [{"from": 70, "to": 80, "value": 0}]},
        "replication": {"on": [{"day": 45, "value": 8}, {"day": 60, "value": 6}]},
    },
}


def of(policy: dict, parameters: dict = CALM, **more) -> Scenario:
    """A small scenario; whatever is not said is quiet."""
    policy = {"seed_group": 0, "intake": 0, "ad_pressure": 0} | policy
    small = {"name": "small", "days": 40, "policy": policy, "parameters": CALM | parameters}
    return Scenario.from_dict(small | more)


def evenings(scenario: Scenario, seed: int):
    """A world of the kernel, evening after evening."""
    world = first_morning(scenario, plan(scenario), parameter_values(scenario, seed), seed)
    for day in range(scenario.days):
        live(world, day, day + 1, threads=1)
        yield day, world


@pytest.mark.parametrize("seed", [1, 2])
def test_everyone_is_in_one_subgroup_and_none_is_too_large(seed):
    for day, world in evenings(Scenario.from_dict(GROWING), seed):
        number, today = int(world.now["subgroups"][0]), world.daily[day]
        rows = int(world.now["rows"][0])
        inside = world.m.status[:rows] != 2
        homes = world.m.subgroup[:rows][inside]
        assert homes.max() < number
        sizes = world.subgroups["members"][:number]
        assert (np.bincount(homes, minlength=number) == sizes).all()
        assert sizes.sum() == today["members"] == inside.sum()
        assert sizes[0] <= CORE and sizes[1:].max() <= CAPACITY
        assert today["largest_subgroup"] == sizes.max() and today["subgroups"] == (sizes > 0).sum()
        assert today["children"] == (day >= 45) + (day >= 60)
        assert (sizes[0] == 0) == (70 <= day <= 80)
    assert number > 10 and world.daily["left"].sum() > 10


@pytest.mark.parametrize("capacity,sizes", [(5, [5]), (4, [3, 2]), (2, [2, 1, 2]), (1, [1] * 5)])
def test_five_members_split_in_halves(capacity, sizes):
    """5 = 3 + 2; then, of 3, (2 + 1)."""
    scenario = of({"seed_group": 5, "subgroup_capacity": capacity}, days=1)
    for community in (ReferenceCommunity(scenario),):
        community.step()
        found = [len(home.members) for home in community.subgroups[1:]]
        assert sorted(found) == sorted(sizes) and not community.subgroups[0].members
    run = simulate(scenario, threads=1)
    assert sorted(run.world.subgroups["members"][1 : len(sizes) + 1]) == sorted(sizes)
    assert run.world.daily["subgroups"][0] == len(sizes)
    assert run.world.daily["largest_subgroup"][0] == max(sizes)


def test_recruits_join_the_smallest():
    """20 are halved by lot; three recruits fill up what is smaller."""
    quiet = {"invitation_rate": 0, "leave_rate": 0}
    intake = {"base": 0, "on": [{"day": 1, "value": 3}]}
    policy = {"seed_group": 20, "subgroup_capacity": 12, "intake": intake}
    scenario = of(policy, parameters=quiet, days=2)
    run = simulate(scenario, threads=1)
    assert run.world.subgroups["members"][:4].tolist() == [0, 12, 11, 0]
    assert run.world.m.subgroup[20:23].tolist() == [1, 2, 1]


def test_without_a_lever_there_is_one_room():
    run = simulate(of({"seed_group": 30, "intake": 1}), threads=1)
    daily = run.world.daily
    assert (daily["subgroups"] == 1).all() and not daily["children"].any()
    assert (daily["largest_subgroup"] == daily["members"]).all()
    assert not run.members["subgroup"].any()


def test_a_capacity_that_nobody_reaches_changes_nothing_else():
    """One subgroup is one room: only its number, and the count of subgroups, are other."""
    one = simulate(of({"seed_group": 50, "intake": 1}), threads=1)
    other = simulate(of({"seed_group": 50, "intake": 1, "subgroup_capacity": 5000}), threads=1)
    assert one.world.daily["replies"].sum() > 100
    assert (one.world.daily == other.world.daily).all()
    assert (other.members["subgroup"] == 1).all()
    assert one.members.drop(columns="subgroup").equals(other.members.drop(columns="subgroup"))


def test_in_a_pyramid_only_the_core_group_speaks():
    policy = {"seed_group": 60, "core_group": 10, "pyramid": 1}
    run = simulate(of(policy, days=30), threads=1)  # the next review is on day 30
    events, members = run.events(), run.members
    core = set(members.loc[members["subgroup"] == 0, "person"])
    assert len(core) <= 10
    spoke = events[events["kind"].isin(["post", "reply"])]
    assert len(spoke) > 20 and set(spoke["member"]) <= core
    ring = simulate(of(policy | {"pyramid": 0}, days=30), threads=1)
    assert ring.daily["replies"].sum() > 2 * run.daily["replies"].sum()


def test_founders_of_a_child_start_afresh():
    scenario = of(
        {"seed_group": 40, "replication": {"on": [{"day": 39, "value": 6}]}},
        parameters={
            "child_novelty": 0.5,
            "child_zeal": 1,
            "wear": 0.1,
            "leave_rate": 0,
            "invitation_rate": 0,
        },
    )
    community = ReferenceCommunity(scenario)
    while community.day < 38:
        community.step()
    before = {member: member.novelty for member in community.agents}
    merit = {m: m.standing + m.habit for m in community.agents if community.day - m.last_visit < 28}
    community.step()
    child = community.subgroups[2]
    assert child.child and len(child.members) == 6 and len(community.subgroups[1].members) == 34
    assert community.daily["children"][39] == 1 and community.daily["subgroups"][39] == 2
    least = min(merit[member] for member in child.members)
    assert sum(value > least for value in merit.values()) <= 5
    for member in child.members:
        if member.last_visit < 39:
            assert member.novelty == pytest.approx(0.5 + 0.5 * before[member])
            assert member.interest == pytest.approx(
                1.0 - community.p.forgetting * member.forgetfulness
            )
    assert simulate(scenario, threads=1).world.daily["children"][39] == 1


def test_there_is_a_greatest_number_of_subgroups():
    """One member each; then they are full, and the run says so."""
    members = MOST_SUBGROUPS + 200
    scenario = of({"seed_group": members, "subgroup_capacity": 1, "replication": 5}, days=1)
    run = simulate(scenario, threads=1)
    assert run.world.now["subgroups"][0] == MOST_SUBGROUPS
    assert run.world.subgroups["members"].sum() == run.world.daily["members"][0]
    assert any("1,024 subgroups" in note for note in run.notes)


def test_rules_form_subgroups_and_found_children():
    """An operator who sees that it grows too large splits it up; who sees it fall, replicates."""
    rules = [
        {"name": "split up", "when": [{"metric": "largest_subgroup", "window": 1, "above": 60}],
         "do": [{"lever": "subgroup_capacity", "set": 50}], "days": 90, "cooldown": 0},
        {"name": "replicate", "when": [{"metric": "dau", "window": 7, "falls": 1}],
         "do": [{"lever": "replication", "set": 10}], "days": 1, "cooldown": 100},
    ]  # fmt: skip
    run = simulate(of({"seed_group": 55, "intake": 1}, rules=rules, days=90), threads=1)
    daily = run.world.daily
    assert daily["largest_subgroup"].max() > 55 and daily["largest_subgroup"][-1] <= 50
    assert daily["subgroups"][0] == 1 and daily["subgroups"][-1] > 2 and daily["children"][-1] == 1
