"""The kernel and the readable reference are one model: the same numbers, to the last bit."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial

import mesa
import numpy as np
import pytest
from hypothesis import given, settings

from comsim.logs.events import CODE, KINDS
from comsim.model.catalogue import COLUMNS, FIELDS, LEVERS
from comsim.reference import ReferenceCommunity, ReferenceMember
from comsim.reference.mechanisms.conversation import is_called_back
from comsim.reference.mechanisms.core import may_speak
from comsim.reference.mechanisms.overload import strain
from comsim.reference.mechanisms.persuade import day_of_joining
from comsim.reference.mechanisms.sight import near_posts, posts_in_sight
from comsim.reference.visit import chance_to_visit, visit_number
from comsim.run.simulation import Run, simulate
from comsim.run.world import member_field
from comsim.scenario import Scenario

from ..calm import CALM
from ..properties.scenarios import scenarios
from .busy import BUSY

SEEDS = range(1, 6)


def kernel_fields(member: ReferenceMember) -> dict:
    """A member's state in the kernel's form: rows in place of members."""
    public = {name: getattr(member, name) for name, field in FIELDS.items() if field.public}
    return public | {
        "group": member.group,
        "inviter": member.inviter.row if member.inviter else -2 if member.founder else -1,
        "post_of": -2 if member.left_day >= 0 else -1,
        "tie": [-1 if tie is None else tie.friend.row for tie in member.slots],
        "phase": member.last_visit % 28,
        "need_day": member.need_day,
        "tie_strength": [0 if tie is None else tie.strength for tie in member.slots],
    }


def check_same(run: Run, community: ReferenceCommunity) -> None:
    """Daily columns, rules, every field of every member, every event."""
    for name in COLUMNS:
        np.testing.assert_array_equal(run.world.daily[name], community.daily[name], name)
    assert run.world.rules["fired"].tolist() == [rule.fired for rule in community.rules]
    number = run.world.now["rows"][0]
    members = [kernel_fields(member) for member in community.everyone]
    assert len(members) == number
    for name, field in FIELDS.items():
        shape = number if field.width == 1 else (number, field.width)
        plain = np.array([member[name] for member in members], field.dtype).reshape(shape)
        np.testing.assert_array_equal(member_field(run.world.m, name)[:number], plain, name)
    events = run.events()
    columns = events["day"], events["kind"].cat.codes, events["member"], events["target"]
    plain = [(day, CODE[kind], member, target) for day, kind, member, target in community.events]
    assert sorted(zip(*columns, strict=True)) == sorted(plain)


class Watched(ReferenceCommunity):
    """Counts what is rare, so that a test can tell that it happened."""

    def __init__(self, scenario: Scenario, seed: int):
        self.seen = Counter()
        super().__init__(scenario, seed)
        self.functions = [partial(self.watch, function) for function in self.functions]

    def watch(self, function, community):
        inside = list(self.agents)
        dormant = {member for member in inside if member.dormant}
        before = {member: {tie.friend for tie in member.ties} for member in inside}
        paid = {member: member.paid_until for member in inside}
        homes = {member: member.subgroup for member in inside}
        interest = {member: member.interest for member in inside}
        function(community)
        if function.__name__ == "form_subgroups":
            self.watch_homes(homes)
        if function.__name__ == "visit":
            self.seen["returns"] += len(dormant.intersection(self.visitors))
            self.seen["fell dormant"] += len(self.wavering)
            self.watch_calls()
        if function.__name__ == "publish":
            written = [len(member.todays_posts) for member in self.visitors]
            self.seen["most posts"] += written.count(8)
        if function.__name__ == "read":
            for member in self.visitors:
                self.watch_reader(member, before[member])
        if function.__name__ == "push":
            self.seen["mutes at a push"] += self.today["mutes"]
        if function.__name__ == "arrive":
            new = [member for member in self.everyone if member.joined_day == self.day]
            self.seen["founders trickled in"] += any(member.founder for member in new) * self.day
            self.seen["the inviter has left"] += sum(
                member.inviter is not None and member.inviter.status == 2 for member in new
            )
            self.seen["waiting to join"] += len(self.inviter_of)
        if function.__name__ == "campaign":
            self.seen["KOL reached the whole market"] += (
                self.today["kol_reached"] == self.market.size
            )
        if function.__name__ in ("greet", "gather"):
            ties = {member: {tie.friend for tie in member.ties} for member in inside}
            changed = sum(ties[member] != before[member] for member in inside)
            self.seen[f"ties changed by {function.__name__}"] += changed
        if function.__name__ == "settle":
            for member in inside:
                self.watch_payer(member, paid[member])
        if function.__name__ == "leave":
            self.seen["payers left"] += sum(m.status == 2 and self.day < paid[m] for m in inside)
        if function.__name__ == "empower":
            self.seen["volunteers at work"] += self.today["self_organised"] > 0
        if function.__name__ == "recognise":
            self.seen["used to recognition"] += sum(m.recognised > 0.2 for m in self.visitors)
        if function.__name__ == "shake" and self.today["shocked"]:
            self.seen["outrage"] += self.today["left_shocked"]
            self.seen["spared by a reach"] += len(inside) - self.today["shocked"] > 5
            self.seen["mutes by a leak"] += self.today["mutes"] - self.switched
        if function.__name__ == "learn":
            self.watch_newcomers(interest)
        if function.__name__ == "leave":
            strained = [member.subgroup for member in inside if strain(member) > 1.0]
            self.seen["overloaded"] += len(strained)
            self.seen["overloaded in one subgroup of several"] += len(set(strained)) > 1
            self.switched = self.today["mutes"]
            self.seen["lapses"] += sum(member.status == 2 for member in self.wavering)

    def watch_newcomers(self, interest):
        """With BUSY's bounce, who is not hooked loses more than half of their interest."""
        for member, before in interest.items():
            if member.joined_day == self.day:
                stays = member.interest > 0.5 * before
                kind = "founders" if member.founder else "hooked" if stays else "bounced"
                self.seen[kind] += 1

    def watch_calls(self):
        """Whom replies brought, and who was away or had left when they were answered."""
        came = set(self.visitors)
        for member in self.everyone:
            called = member.status < 2 and is_called_back(member)
            self.seen["came because of a reply"] += (
                called and member in came and visit_number(member) >= chance_to_visit(member)
            )
            self.seen["called, but idle"] += called and member not in came
            self.seen["answered, but muted"] += member in self.answered and member.status == 1
            away = self.day - member.last_visit
            self.seen["idle for weeks"] += away == 28 and member.idle_until > self.day

    def watch_payer(self, member, paid):
        ran_out = 0 < paid <= self.day
        self.seen["first fees"] += paid == 0 < member.paid_until
        self.seen["renewals"] += ran_out and member.paid_until > paid
        self.seen["not renewed"] += ran_out and member.paid_until == 0

    def watch_homes(self, homes):
        """Who was where this morning, newcomers without a subgroup among them."""
        for member, before in homes.items():
            new, home = member.joined_day == self.day, member.subgroup
            child = bool(self.subgroups) and self.subgroups[home].child
            self.seen["joined a child"] += new and child
            self.seen["not to the inviter's subgroup"] += (
                new
                and home > 0
                and bool(member.inviter)
                and home != homes.get(member.inviter, home)
            )
            self.seen["into the core"] += home == 0 < before
            self.seen["back from the core"] += before == 0 < home and not new
            self.seen["moved by a split"] += home > before > 0

    def watch_reader(self, member, before):
        visit, friends = member.visit, {tie.friend for tie in member.ties}
        near, far = len(near_posts(member)), len(posts_in_sight(member)) - len(near_posts(member))
        self.seen["friends elsewhere"] += far > 0 and visit.members < near + far
        self.seen["friends elsewhere, among all"] += far > 0 and visit.members == near + far
        self.seen["nothing but friends elsewhere"] += far > 0 == near
        self.seen["silent in a pyramid"] += not may_speak(member)
        self.seen["friends lost"] += visit.lost
        self.seen["more posts than attention"] += visit.members < near + far
        self.seen["attention for all posts"] += visit.members == near + far > 0
        self.seen["all attention to ads"] += visit.ads > 0 == visit.official + visit.members
        self.seen["most replies"] += len(visit.replied_to) == 4
        self.seen["tie slots full"] += member.bonds == 6
        self.seen["tie replaced"] += len(before) == 6 and not visit.lost and friends != before


@cache
def kernel(seed: int) -> Run:
    return simulate(Scenario.from_dict(BUSY), seed, threads=1)


@cache
def reference(seed: int) -> Watched:
    return Watched(Scenario.from_dict(BUSY), seed).run()


@pytest.mark.parametrize("seed", SEEDS)
def test_kernel_equals_reference(seed):
    check_same(kernel(seed), reference(seed))


def test_everything_happened():
    """Or the equality above would say little."""
    runs = [reference(seed) for seed in SEEDS]
    kinds = sum((Counter(kind for _, kind, _, _ in run.events) for run in runs), Counter())
    assert set(kinds) == set(KINDS) and min(kinds.values()) > 20, kinds
    seen = Counter()
    for run in runs:
        seen.update(run.seen)
    assert seen.pop("KOL reached the whole market") == 4 * len(SEEDS)
    assert seen.pop("spared by a reach") > 0
    assert len(seen) > 10 and min(seen.values()) > 5, seen
    for run in runs:
        for name in COLUMNS:
            assert (run.daily[name] != run.daily[name][0]).any(), f"{name}: add it to busy.py"
        assert run.daily["joined_invited"].sum() > 20 and run.daily["gifts"].sum() > 20
        assert run.daily["cost_rewards"].any() and run.daily["cost_coupons"].any()
        assert run.daily["repurchases"].sum() > 10 and run.daily["declined"].sum() > 10
        assert run.daily["payers"][:35].max() == 20 < run.daily["payers"].max()
        assert run.daily["removed_good"].sum() > 10 and run.daily["toxic_read"].sum() > 10
        assert (run.daily["removed"] - run.daily["removed_good"]).sum() > 10
        assert run.daily["staff_replies"].sum() > 10 and run.daily["hidden"].sum() > 10
        assert 100 < run.daily["members"][-1] < len(run.everyone) < 600
        assert {member.cell for member in run.agents} == set(range(8))
    for number in range(len(BUSY["rules"])):
        assert sum(run.rules[number].fired for run in runs) > 5
    for number, lever in enumerate(LEVERS):
        levels = runs[0].plan.lever_table[:, :, number]
        assert len(np.unique(levels)) > 1, f"{lever}: move it in busy.py"


class Shuffled(ReferenceCommunity):
    """Takes members in another order in every loop."""

    def each(self, members):
        members = list(members)
        self.random.shuffle(members)
        return members


class Reversed(ReferenceCommunity):
    """Takes the last who joined first."""

    def each(self, members):
        return list(members)[::-1]


@pytest.mark.parametrize("order", [Shuffled, Reversed])
def test_the_order_of_members_does_not_matter(order):
    check_same(kernel(1), order(Scenario.from_dict(BUSY), 1).run())


def test_ties_as_strong_as_they_get():
    """Five people with time for everything, official posts last."""
    scenario = Scenario.from_dict({
        "name": "five", "days": 300, "community": {"market": 5},
        "segments": [{"name": "all", "activity": 1, "contribution": 8}],
        "parameters": {
            "reply_rate": 1, "attention": 200, "official_weight": 0.01,
            "forgetting": 0, "learning": 0.01, "leave_rate": 0, "content_fatigue": 0,
        },
        "policy": {"seed_group": 5, "official_posts": 5, "ad_pressure": 0},
    })  # fmt: skip
    community = Watched(scenario, 1).run()
    check_same(simulate(scenario, 1, threads=1), community)
    assert max(tie.strength for member in community.everyone for tie in member.ties) == 255
    assert community.seen["attention for all posts"] > 100
    assert community.daily["items_official"].sum() == 5 * community.daily["dau"].sum()


def test_the_longest_waits():
    """People who are persuaded join after a long lag, or after the run."""
    scenario = Scenario.from_dict({
        "name": "late", "days": 300, "community": {"market": 80},
        "parameters": CALM | {"joining_lag": 150, "word_of_mouth": 64, "invitation_rate": 1,
                       "leave_rate": 0, "lapse_rate": 0, "ad_fatigue": 0,
                       "trust_visits": 0, "trust_invitations": 0},
        "segments": [{"name": "all", "activity": 1}],
        "policy": {"seed_group": 10, "intake": 0, "release": {"on": [{"day": 100, "value": 1}]}},
    })  # fmt: skip
    longest, waiting = 0, 0
    for seed in range(4):
        community = ReferenceCommunity(scenario, seed).run()
        check_same(simulate(scenario, seed, threads=1), community)
        lags = [day_of_joining(community, person) - community.day for person in range(80)]
        longest += sum(
            lags[member.person] == member.joined_day - 1 > 200
            for member in community.everyone
            if member.inviter
        )
        waiting += len(community.inviter_of)
    assert longest > 3 and waiting > 3


def test_what_fades_goes_out():
    """States that get very small are 0 in the end."""
    scenario = Scenario.from_dict({
        "name": "fading", "days": 80, "community": {"market": 30},
        "parameters": {"forgetting": 0.35, "habit_fading": 0.4, "recovery": 0.45},
        "policy": {"seed_group": 30, "ad_pressure": 4},
    })  # fmt: skip
    community = ReferenceCommunity(scenario, 1)
    small = Counter()
    while community.running:
        community.step()
        for name in ("interest", "habit", "fatigue"):
            states = [getattr(member, name) for member in community.agents]
            small[name] += sum(1e-9 < x < 2e-9 for x in states)
            small[name + " out"] += states.count(0.0)
    check_same(simulate(scenario, 1, threads=1), community)
    assert len(small) == 6 and min(small.values()) > 3, small


@given(scenarios().map(Scenario.from_dict))
@settings(max_examples=25, deadline=None)
def test_kernel_equals_reference_in_any_scenario(scenario):
    check_same(simulate(scenario, threads=1), ReferenceCommunity(scenario).run())


def test_official_posts_without_weight():
    """They are read after members' posts, so all the more when there are none of those."""
    scenario = Scenario.from_dict({
        "name": "no weight", "days": 1, "parameters": CALM | {"official_weight": 0},
        "policy": {"seed_group": 1, "official_posts": 3},
        "segments": [{"name": "all", "contribution": {"value": 0.0005, "spread": 0}}],
    })  # fmt: skip
    community = ReferenceCommunity(scenario).run()
    assert community.daily["items_official"][0] == 3 and community.daily["posts"][0] == 0
    check_same(simulate(scenario, threads=1), community)


def test_it_is_a_mesa_model():
    community = ReferenceCommunity(Scenario.from_dict(BUSY), 1)
    community.step()
    assert community.running and len(community.agents) == community.daily["members"][0] >= 8
    assert community.agents.agg("interest", min) > 0
    collector = mesa.DataCollector({"dau": lambda model: len(model.visitors)}, {"trust": "trust"})
    collector.collect(community)
    assert collector.model_vars["dau"] == [community.daily["dau"][0]]
    community.run()
    assert not community.running and community.day == BUSY["days"] - 1
    assert {member.status for member in community.agents} == {0, 1}
    assert {member.status for member in community.everyone} == {0, 1, 2}
