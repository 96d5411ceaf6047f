"""Every verb of Mesa's AgentSet does to views of members what it does to real objects."""

from __future__ import annotations

import inspect
from statistics import fmean

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet, GroupBy

from comsim.mesa_model import Community, Member
from comsim.mesa_model.fields import LIMITS, READABLE
from comsim.reference.rounding import Single
from comsim.scenario import Scenario

SCENARIO = Scenario.from_dict({
    "name": "verbs", "days": 60, "community": {"market": 300},
    "segments": [{"name": "fans", "share": 0.3}, {"name": "all others", "share": 0.7}],
    "arms": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5}],
    "parameters": {"leave_rate": 0.1, "mute_rate": 1, "ad_fatigue": 0.1, "lapse_rate": 0.5},
    "policy": {"seed_group": 60, "intake": 1, "ad_pressure": 4},
})  # fmt: skip
DAYS = 45


class Deeds:
    """What both kinds can do."""

    def greet(self, warmth, *, twice=False):
        self.trust = self.trust / 2 + warmth
        return (self.unique_id, twice)


class Fan(Deeds, Member):
    pass


Singles = type("Singles", (), {name: Single() for name in LIMITS})


class Real(Deeds, Singles, mesa.Agent):
    """An ordinary agent that keeps its numbers itself, in single precision as members do."""

    def __init__(self, model, member):
        super().__init__(model)
        for name in READABLE:
            setattr(self, name, getattr(member, name))
        self.unique_id = member.unique_id


class Fans(Community):
    member_type = Fan


@pytest.fixture
def pair():
    """The same members twice: as views, and as real objects in a stock model."""
    community, stock = Fans(SCENARIO, 3), mesa.Model(seed=3)
    community.run(DAYS)
    stock.steps = community.steps
    for member in community.agents:
        Real(stock, member)
    assert type(stock.agents) is AgentSet and 40 < len(stock.agents) < len(community.members)
    return community.agents, stock.agents


def warm(agent):
    return agent.trust > 0.5


def asked(agents, most):
    """Whom a filter is asked about."""
    seen = []
    agents.select(lambda agent: seen.append(agent.unique_id) or warm(agent), at_most=most)
    return seen


def done(agents, verb, inplace=False):
    """Whom a verb takes in which order."""
    seen = []
    getattr(agents, verb)(lambda agent, more: seen.append((agent.unique_id, more)), more=1)
    return seen


def tended(groups):
    assert groups.do("set", "trust", 0.5) is groups
    assert groups.do(lambda group, x: group.set("habit", x), 0.25) is groups
    return groups


def ored(agents, other):
    agents |= other
    return agents


def changed(agents, how):
    """An operator that changes the set on its left."""
    half, rest = agents.select(at_most=0.5), agents.select(warm)
    if how == "|=":
        half |= rest
    elif how == "&=":
        half &= rest
    elif how == "-=":
        half -= rest
    else:
        half ^= rest
    return half


def one(agents):
    return agents.select(at_most=1)


VERBS = {
    "select": lambda a: a.select(),
    "select at_most int": lambda a: a.select(at_most=7),
    "select at_most 0": lambda a: a.select(at_most=0),
    "select at_most 1": lambda a: a.select(at_most=1),
    "select at_most below 0": lambda a: a.select(at_most=-1),
    "select at_most too many": lambda a: a.select(at_most=10**6),
    "select at_most fraction": lambda a: a.select(at_most=0.31),
    "select at_most all": lambda a: a.select(at_most=1.0),
    "select at_most no whole number": lambda a: a.select(at_most=2.5),
    "select filter": lambda a: a.select(warm),
    "select filter at_most int": lambda a: a.select(warm, at_most=3),
    "select filter at_most fraction": lambda a: a.select(warm, at_most=0.1),
    "select filter asks": lambda a: [asked(a, 3), asked(a, 0), asked(a, float("inf"))],
    "select nobody": lambda a: a.select(lambda agent: False),
    "select inplace": lambda a: a.select(warm, inplace=True) is a,
    "select inplace all": lambda a: a.select(inplace=True) is a,
    "select agent_type": lambda a: a.select(agent_type=mesa.Agent),
    "select agent_type own": lambda a: a.select(agent_type=Deeds, at_most=4),
    "select agent_type other": lambda a: a.select(warm, agent_type=dict),
    "select copies": lambda a: a.select().select(warm, inplace=True) and a,
    "agg": lambda a: a.agg("interest", np.mean),
    "agg several": lambda a: a.agg("trust", [min, max, sum, fmean, len]),
    "agg function": lambda a: a.agg("visits", lambda values: [type(x) for x in values]),
    "agg names": lambda a: a.agg("segment", sorted),
    "agg unknown": lambda a: a.agg("mood", max),
    "get": lambda a: [a.get(name) for name in READABLE],
    "get types": lambda a: [set(map(type, a.get(name))) for name in READABLE],
    "get several": lambda a: a.get(["interest", "status", "unique_id", "visits"]),
    "get none": lambda a: a.get([]),
    "get of nobody": lambda a: [a.select(at_most=0).get(x) for x in ("trust", ["trust"], [])],
    "get unknown": lambda a: a.get("mood"),
    "get several unknown": lambda a: a.get(["trust", "mood"], "error"),
    "get default": lambda a: a.get("mood", handle_missing="default", default_value=3),
    "get several default": lambda a: a.get(["trust", "mood"], "default"),
    "get wrong": lambda a: a.get("trust", handle_missing="perhaps"),
    "get attribute": lambda a: a.get(["unique_id", "pos"]),
    "set": lambda a: a.set("interest", 0.9) is a,
    "set some": lambda a: a.select(warm).set("trust", 0.1).set("habit", 1),
    "set own": lambda a: a.select(warm).set("mood", "glad") and a.get("mood", "default", "sad"),
    "set pos": lambda a: a.set("pos", (1, 2)).get("pos"),
    "do": lambda a: a.do("greet", 0.25, twice=True) is a,
    "do function": lambda a: done(a, "do"),
    "do unknown": lambda a: a.do("dance"),
    "do step": lambda a: a.do("step").do("advance"),
    "map": lambda a: a.map("greet", 0.125),
    "map function": lambda a: a.map(lambda agent, x, y=0: (agent.unique_id, x, y), 1, y=2),
    "map agents": lambda a: a.map(lambda agent: agent),
    "shuffle": lambda a: a.shuffle(),
    "shuffle inplace": lambda a: a.shuffle(inplace=True) is a,
    "shuffle select": lambda a: a.shuffle().select(at_most=0.2).shuffle(),
    "shuffle_do": lambda a: a.shuffle_do("greet", 0.25) is a,
    "shuffle_do function": lambda a: done(a, "shuffle_do"),
    "sort": lambda a: a.sort("interest"),
    "sort ascending": lambda a: a.sort("interest", ascending=True),
    "sort equals": lambda a: a.shuffle().sort("visits"),
    "sort equals ascending": lambda a: a.shuffle().sort("visits", ascending=True),
    "sort codes": lambda a: a.shuffle().sort("bonds").sort("dormant", ascending=True),
    "sort names": lambda a: a.shuffle().sort("segment"),
    "sort names ascending": lambda a: a.shuffle().sort("status", True),
    "sort function": lambda a: a.shuffle().sort(lambda agent: agent.visits % 5),
    "sort function ascending": lambda a: a.shuffle().sort(lambda agent: -agent.trust, True),
    "sort path": lambda a: a.shuffle().sort("trust.real").sort("model.steps"),
    "sort inplace": lambda a: a.sort("unique_id", ascending=True, inplace=True) is a,
    "sort unknown": lambda a: a.sort("mood"),
    "groupby": lambda a: a.groupby("segment"),
    "groupby function": lambda a: a.groupby(lambda agent: agent.visits // 3),
    "groupby list": lambda a: a.groupby("status", result_type="list"),
    "groupby function list": lambda a: a.groupby(warm, result_type="list"),
    "groupby unknown": lambda a: a.groupby("mood"),
    "groupby len": lambda a: len(a.groupby("arm")),
    "groupby iter": lambda a: list(a.groupby("arm")),
    "groupby count": lambda a: a.groupby("visits").count(),
    "groupby agg": lambda a: a.groupby("segment").agg("trust", max),
    "groupby map": lambda a: a.groupby("status").map("get", "interest"),
    "groupby map function": lambda a: a.groupby("status").map(lambda group, x: len(group) + x, 5),
    "groupby map verb": lambda a: a.groupby(warm).map("select", at_most=3),
    "groupby do": lambda a: tended(a.groupby("segment")),
    "groupby again": lambda a: {k: g.groupby("arm").count() for k, g in a.groupby("segment")},
    "iter": lambda a: [agent.unique_id for agent in a],
    "iter twice": lambda a: [(x.trust, y.trust) for x, y in zip(a, a, strict=True)],
    "len": lambda a: (len(a), len(a.select(at_most=0)), bool(a), bool(a.select(at_most=0))),
    "next": lambda a: next(iter(a)),
    "list": lambda a: list(a),
    "reversed": lambda a: list(reversed(a)),
    "index": lambda a: a.index(a[5]),
    "index of none": lambda a: a[5:].index(3),
    "item": lambda a: [a[0], a[3], a[-1], a[np.int64(2)]],
    "item too far": lambda a: a[10**6],
    "item wrong": lambda a: a["trust"],
    "item list": lambda a: a[[1, 2]],
    "slice": lambda a: [a[2:6], a[::-7], a[-3:], a[:0]],
    "contains": lambda a: [a[3] in a, a[3] in a.select(at_most=2), 3 in a, None in a],
    "count": lambda a: [a.count(a[3]), a.count("nobody")],
    "add": lambda a: ((s := a.select(at_most=3)).add(a[9]), s.add(a[1]), s)[2],
    "discard": lambda a: (a.discard(a[3]), a.select(at_most=2).discard(a[7])),
    "remove": lambda a: a.remove(a[3]),
    "remove missing": lambda a: a.select(at_most=2).remove(a[7]),
    "pop": lambda a: [a.pop(), a.pop(), len(a)],
    "pop from none": lambda a: a.select(at_most=0).pop(),
    "clear": lambda a: (s := a.select(warm)).clear() or s,
    "and": lambda a: a.select(at_most=0.5) & a.select(warm),
    "or": lambda a: a.select(warm) | a.select(at_most=0.5),
    "sub": lambda a: a - a.select(warm),
    "xor": lambda a: a.select(at_most=0.5) ^ a.select(warm),
    "and list": lambda a: a.select(warm) & list(a)[:30],
    "change": lambda a: [changed(a, how) for how in ("|=", "&=", "-=", "^=")],
    "compare": lambda a: [a == a.shuffle(), a == one(a), one(a) <= a, a < a, one(a) < a, a >= a],
    "compare unlike": lambda a: [a == 3, a != list(a), a.__eq__(3)],
    "isdisjoint": lambda a: [a.isdisjoint(one(a)), one(a).isdisjoint(a[1:])],
    "hash": lambda a: hash(a),
}


def plain(found):
    """What a verb gave, without the objects."""
    if isinstance(found, mesa.Agent):
        return "agent", found.unique_id
    if isinstance(found, AgentSet):
        return "set", [agent.unique_id for agent in found]
    if isinstance(found, GroupBy):
        return "groups", plain(list(found.groups.items()))
    if isinstance(found, dict):
        return plain(list(found.items()))
    if isinstance(found, (list, tuple)):
        return [plain(item) for item in found]
    return found


def outcome(verb, agents):
    try:
        found = plain(verb(agents))
    except Exception as error:
        found = "raised", type(error)
    # (Setting trust dates it; the real objects know no dates.)
    names = [name for name in READABLE if name != "trust_day"]
    after = [[getattr(agent, name) for name in names] for agent in agents]
    return found, plain(agents), after, agents.random.getstate()


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_does_the_same(pair, verb):
    members, real = pair
    for views, objects in zip(
        outcome(VERBS[verb], members), outcome(VERBS[verb], real), strict=True
    ):
        assert views == objects


def test_the_verbs_are_all():
    tried = {verb.split()[0] for verb in VERBS}
    assert {name for name in dir(AgentSet) if not name.startswith("_")} <= tried
    assert {name for name in dir(GroupBy) if not name.startswith("_")} <= {
        verb.split()[1] for verb in VERBS if verb.startswith("groupby ")
    }


def test_no_verb_is_left_that_looks_for_objects():
    """Mesa's own code would look into a dictionary of weak references, which isn't there."""
    for name, verb in vars(AgentSet).items():
        if inspect.isfunction(verb) and "self._agents" in inspect.getsource(verb):
            assert getattr(Fans(SCENARIO).agents, name).__func__ is not verb, name


def test_members_and_others_do_not_mix(pair):
    members, real = pair
    for mix in (
        lambda: members | real, lambda: real | members, lambda: members ^ real,
        lambda: real ^ members, lambda: members.add(real[0]), lambda: ored(members, real),
    ):  # fmt: skip
        with pytest.raises(TypeError, match="members of one community"):
            mix()
    assert real[0] not in members and members[0] not in real
    assert len(real - members) == len(real)
    assert members.isdisjoint(real)


def test_a_filter_and_values_may_be_arrays(pair):
    members, _ = pair
    low = members.array("trust") < 0.5
    assert plain(members.select(low)) == plain(members.select(lambda agent: agent.trust < 0.5))
    assert list(members.select(low, at_most=2)) == members.select(low)[:2]
    assert members.array("segment").tolist() == members.get("segment")
    members.set("interest", np.linspace(0, 1, len(members)))
    assert members[0].interest == 0.0 and members[-1].interest == 1.0
    members.array("interest")[:] = 7  # a copy
    assert max(members.get("interest")) == 1.0
