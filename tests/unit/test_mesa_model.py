"""A community as a Mesa model."""

from __future__ import annotations

import copy
import gc
import subprocess
import sys
import weakref

import mesa
import numpy as np
import pytest

from comsim.common.errors import InputError
from comsim.mesa_model import Community, Member
from comsim.mesa_model.fields import LIMITS, READABLE
from comsim.model.catalogue import FIELDS
from comsim.model.kernel.basics import ONE
from comsim.run.simulation import simulate
from comsim.run.world import member_field
from comsim.scenario import Scenario

from ..calm import CALM

SCENARIO = Scenario.from_dict({
    "name": "small", "days": 60, "community": {"market": 400},
    "segments": [{"name": "fans", "share": 0.3}, {"name": "others", "share": 0.7}],
    "parameters": CALM | {"leave_rate": 0.1, "lapse_rate": 0.5},
    "policy": {"seed_group": 60, "intake": 2},
})  # fmt: skip


def lived(days: int = 30) -> Community:
    community = Community(SCENARIO, 1)
    community.run(days)
    return community


def check_same_bits(world, other):
    assert world.daily.tobytes() == other.daily.tobytes()
    assert world.now.tobytes() == other.now.tobytes()
    rows = world.now["rows"][0]
    for name in FIELDS:
        ours, theirs = (member_field(w.m, name)[:rows] for w in (world, other))
        np.testing.assert_array_equal(ours, theirs, name)


def test_day_by_day_in_parts_and_whole_give_the_same_bits():
    whole = simulate(SCENARIO, 1)
    by_day, in_parts, fast = (Community(SCENARIO, 1) for _ in range(3))
    while by_day.running:
        assert by_day.day == by_day.steps - 1
        by_day.step()
    in_parts.run(20)
    in_parts.step()
    in_parts.run()
    fast.run_model()
    for community in (by_day, in_parts, fast):
        check_same_bits(community.world, whole.world)
        assert community.daily.equals(whole.daily) and community.members.equals(whole.members)
        assert (community.day, community.steps, community.running) == (59, 60, False)


def test_a_step_of_ones_own_is_called():
    class Counted(Community):
        calls = 0

        def step(self):
            super().step()
            self.calls += 1

    community = Counted(SCENARIO, 1)
    community.run_model()
    assert community.calls == 60
    check_same_bits(community.world, simulate(SCENARIO, 1).world)


def test_there_are_no_more_days_than_the_scenario_has():
    community = lived(59)
    assert community.running
    with pytest.raises(RuntimeError, match="59 of the scenario's 60"):
        community.run(2)
    for wrong in (-1, 0.5, "1", True):
        with pytest.raises(InputError, match=r"Community\.run: days: found .*; allowed: a whole"):
            community.run(wrong)
    community.step()
    with pytest.raises(RuntimeError, match="60 of the scenario's 60"):
        community.step()
    assert len(community.daily) == 60 and not community.running


def test_before_the_first_day_nobody_is_there():
    community = Community(SCENARIO)
    assert len(community.agents) == 0 and list(community.agents) == []
    assert community.day == -1 and len(community.daily) == len(community.members) == 0
    assert community.count("dau") == 0
    with pytest.raises(ValueError, match="read-only"):
        lived(1).inside[0] = 7


def test_what_cannot_be_a_community(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml"):
        Community(tmp_path / "none.toml")
    with pytest.raises(InputError, match="Community: seed: found -1; allowed: a whole number from"):
        Community(SCENARIO, -1)


def test_members_are_those_of_the_tables():
    community = lived()
    table = community.members
    assert (
        set(table) == set(READABLE) and len(community.agents) == (table["status"] != "left").sum()
    )
    views = [community.member(person) for person in table["person"]]
    assert [view.row for view in views] == list(range(len(table)))
    for name in READABLE:
        assert [getattr(view, name) for view in views] == table[name].tolist(), name
    assert community.agents.get("person") == community.agents.get("unique_id")
    assert community.count("wau") == community.daily["wau"].iloc[-1]
    assert community.count("cost") == community.daily["cost"].iloc[-1]
    stranger = next(person for person in range(400) if person not in set(table["person"]))
    for nobody in (stranger, -1, 400):
        with pytest.raises(KeyError, match="has not joined"):
            community.member(nobody)


def test_ties_and_inviters_are_members():
    community = lived()
    for member in community.agents:
        gone = [row for row in community.world.m.tie[member.row] if row >= 0]
        assert len(member.ties) == sum(community.world.m.status[row] != 2 for row in gone)
    assert any(len(member.ties) > 1 for member in community.agents)
    invited = [member for member in community.agents if member.inviter]
    assert 0 < len(invited) < len(community.agents)
    assert all(isinstance(member.inviter, Member) for member in invited)


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_set_is_kept_within_its_range(name):
    member = lived().agents[3]
    low, high = LIMITS[name]
    for value in (low, high, (low + high) / 2):
        setattr(member, name, value)
        assert getattr(member, name) == np.float32(value)
    before = getattr(member, name)
    for wrong in (low - 0.01, high + 0.01, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=f"{name} must lie in"):
            setattr(member, name, wrong)
        with pytest.raises(ValueError, match=f"{name} must lie in"):
            member.model.agents.set(name, wrong)
    with pytest.raises((TypeError, ValueError)):
        setattr(member, name, "much")
    assert getattr(member, name) == before


@pytest.mark.parametrize("name", sorted({*READABLE, "row", "unique_id", "ties"} - {*LIMITS}))
def test_what_happened_cannot_be_set(name):
    member = lived().agents[3]
    with pytest.raises(AttributeError, match=r"can't be set|no setter"):
        setattr(member, name, 1)


@pytest.mark.parametrize("name", LIMITS)
def test_one_by_one_or_all_at_once_is_the_same(name):
    """And the sum that the model carries along stays right."""
    one_by_one, at_once = lived(), lived()
    values = np.linspace(*LIMITS[name], len(at_once.agents))
    for member, value in zip(one_by_one.agents, values, strict=True):
        setattr(member, name, value)
    at_once.agents.set(name, values)
    visitors = at_once.world.now["visitors"][0]
    assert visitors > 10
    assert (one_by_one.world.visits[:visitors] == at_once.world.visits[:visitors]).all()
    for community in (one_by_one, at_once):
        community.step()
        mean = community.agents.agg("interest", np.mean)
        assert mean == pytest.approx(community.daily["interest_mean"].iloc[-1], abs=1e-8)
        members, today = community.members, community.world.daily[community.day]
        trust = members["trust"][members["last_visit"] == community.day]
        assert len(trust) == today["dau"]
        assert trust.sum() / len(trust) == pytest.approx(today["trust_sum"] / ONE / len(trust))
    check_same_bits(one_by_one.world, at_once.world)


def test_what_is_set_lives_on_the_next_day():
    nudged, left_alone = lived(), lived()
    nudged.agents.set("interest", 1).set("habit", 1).set("fatigue", 0)
    for community in (nudged, left_alone):
        community.step()
    assert nudged.count("dau") > 1.2 * left_alone.count("dau")


def test_who_has_left_says_so():
    community = Community(SCENARIO, 1)
    community.run(20)
    everyone, views = community.agents, list(community.agents)
    community.run(20)
    gone = [view for view in views if view.status == "left"]
    assert gone and all(view not in community.agents for view in gone)
    member = gone[0]
    assert 20 <= member.left_day <= community.day and str(member.left_day) in repr(member)
    assert member.visits > 0 and member in everyone
    before = everyone.get("trust")
    for setting in (lambda: setattr(member, "trust", 1), lambda: everyone.set("trust", 1)):
        with pytest.raises(ValueError, match="has left"):
            setting()
    assert everyone.get("trust") == before
    assert len(everyone.select(lambda member: member.status != "left")) == len(views) - len(gone)


def test_members_are_not_made_or_removed_by_hand():
    community = lived()
    for deed in (
        lambda: Member(community), lambda: Member.create_agents(community, 3),
        lambda: community.agents[0].remove(), lambda: community.agents.do("remove"),
        community.remove_all_agents,
    ):  # fmt: skip
        with pytest.raises(TypeError, match="members can't be"):
            deed()
    with pytest.raises(AttributeError):
        community.agents = []
    for thing in (community, community.agents[0], community.agents):
        with pytest.raises(TypeError, match="can't be copied"):
            copy.deepcopy(thing)


def test_one_view_of_a_member_at_a_time():
    community = lived()
    member = community.agents[5]
    assert community.agents[5] is member and community.member(member.unique_id) is member
    assert member in list(community.agents)
    seen = weakref.ref(member)
    del member
    gc.collect()
    assert seen() is None


def test_attributes_of_ones_own_stay():
    community = lived()
    community.agents[5].mood = "glad"
    community.agents[6].pos = (1, 2)
    gc.collect()
    assert (community.agents[5].mood, community.agents[5].pos) == ("glad", None)
    assert community.agents[6].pos == (1, 2) and not hasattr(community.agents[6], "mood")
    with pytest.raises(AttributeError, match="did you mean interest"):
        community.agents[5].intrest = 0.9


def members_in_memory() -> int:
    gc.collect()
    return sum(issubclass(type(thing), Member) for thing in gc.get_objects())


def test_no_member_is_an_object_until_asked_for():
    community = lived()
    agents = community.agents
    assert agents.agg("trust", min) < agents.sort("trust").select(at_most=3).get("trust")[2]
    agents.shuffle().select(agents.array("trust") > 0.1).groupby("segment").count()
    agents.set("interest", 0.5)
    assert len(agents) > 50 and members_in_memory() == 0
    some = agents[:3]
    assert members_in_memory() == len(some)
    agents.do(lambda member: None)
    assert members_in_memory() == len(some)


class Host(mesa.Agent):
    """Cheers up who trusts least."""

    def __init__(self, model, energy):
        super().__init__(model)
        self.energy = energy

    def step(self):
        for member in self.model.agents.sort("trust", ascending=True).select(at_most=self.energy):
            member.trust = member.trust + 0.5 * (1 - member.trust)


class Hosted(Community):
    """Members, hosts, and what they do, collected."""

    def __init__(self, scenario, seed=None, hosts=2):
        super().__init__(scenario, seed)
        Host.create_agents(self, hosts, energy=3)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "inside": lambda model: len(model.agents),
                "dau": [self.count, ["dau"]],
                "day": "day",
                "trust": lambda model: model.agents.agg("trust", np.mean),
            },
            agent_reporters={"trust": "trust", "tired": lambda member: member.fatigue > 0.2},
            agenttype_reporters={Host: {"energy": "energy"}, Member: {"interest": "interest"}},
        )

    def step(self):
        super().step()
        self.others.shuffle_do("step")
        self.datacollector.collect(self)


def test_others_beside_members():
    community = Hosted(SCENARIO, 1)
    community.step()
    assert type(community.others) is type(mesa.Model().agents) and len(community.others) == 2
    assert community.agent_types == [Member, Host]
    assert community.agents_by_type[Host] == community.others
    assert community.agents_by_type[Member] == community.agents
    assert community.others.isdisjoint(community.agents)
    assert sorted(community.others.get("unique_id")) == [400, 401]  # people are 0 to 399
    Host(community, 1).remove()
    assert len(community.others) == 2
    assert Host(community, 1).unique_id == 403
    quiet = Community(SCENARIO, 1)
    quiet.step()
    assert community.agents.agg("trust", sum) > quiet.agents.agg("trust", sum)


def test_data_collector():
    community = Hosted(SCENARIO, 1)
    while community.day < 9:
        community.step()
    collected = community.datacollector
    model = collected.get_model_vars_dataframe()
    assert model["inside"].tolist() == community.daily["members"].tolist()
    assert model["dau"].tolist() == community.daily["dau"].tolist()
    assert model["day"].tolist() == list(range(10))
    agents = collected.get_agent_vars_dataframe()
    assert agents.groupby("Step").size().tolist() == model["inside"].tolist()
    assert agents.loc[10, "trust"].to_dict() == dict(community.agents.get(["unique_id", "trust"]))
    assert agents["trust"].groupby("Step").mean().to_numpy() == pytest.approx(model["trust"])
    hosts = collected.get_agenttype_vars_dataframe(Host)
    members = collected.get_agenttype_vars_dataframe(Member)
    assert len(hosts) == 20 and len(members) == len(agents)


def test_batch_run():
    rows = mesa.batch_run(
        Hosted, {"scenario": [SCENARIO], "seed": [1, 2], "hosts": [0, 5]}, number_processes=1,
        max_steps=100, data_collection_period=60, display_progress=False,
    )  # fmt: skip
    last = {(row["seed"], row["hosts"]): row["inside"] for row in rows if row["Step"] == 59}
    assert len(last) == 4
    assert last[1, 0] == simulate(SCENARIO, 1).daily["members"].iloc[-1]


def test_a_community_is_let_go():
    community = Hosted(SCENARIO, 1)
    community.run_model()
    held, view = weakref.ref(community), community.agents[0]
    view.mood = "glad"
    community.agents.groupby("segment").map(list)
    community.agents.do("step").map(lambda member: member.ties)
    del community
    gc.collect()
    assert held() is view.model
    del view
    gc.collect()
    assert held() is None


ALONE = """
import multiprocessing, sys
import comsim
comsim.simulate
assert "mesa" not in sys.modules
import comsim.mesa_model
assert multiprocessing.get_start_method(allow_none=True) is None
multiprocessing.set_start_method("spawn")
"""


def test_nobody_else_notices_mesa():
    """The library comes without it, and it leaves others' processes as they were."""
    subprocess.run([sys.executable, "-c", ALONE], check=True)
