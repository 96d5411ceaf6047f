"""Roles from deeds, and what volunteers do, on a few members whose deeds are set by hand."""

import pytest

from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms.empower import empower, work
from comsim.reference.mechanisms.roles import (
    CONTRIBUTOR,
    COORDINATOR,
    EVANGELIST,
    EXPERT,
    LURKER,
    VOLUNTEER,
    role_of,
)
from comsim.scenario import Scenario

from ..calm import CALM

DEEDS = CALM | {
    "expert_posts": 10, "expert_standing": 0.3, "evangelist_recruits": 4,
    "coordinator_replies": 20, "coordinator_ties": 0, "coordinator_trust": 0.8,
    "volunteer_trust": 0.7, "volunteer_fatigue": 0.2, "volunteer_share": 1,
    "volunteer_relief": 0.6, "volunteer_half": 20, "volunteer_pride": 0.1,
    "volunteer_effort": 0.2, "volunteer_cost": 1.25,
}  # fmt: skip


def five(days: int = 1, **policy: float) -> ReferenceCommunity:
    """Five members who have lived so many days, and have done nothing yet."""
    scenario = Scenario.from_dict(
        {"name": "five", "days": 60, "community": {"market": 5}, "parameters": DEEDS,
         "policy": {"seed_group": 5, "intake": 0} | policy}
    )  # fmt: skip
    community = ReferenceCommunity(scenario, 1)
    for _ in range(days):
        community.step()
    for member in community.everyone:
        member.last_post, member.posts, member.standing = -1, 0, 0.0
        member.recruits = member.replies_given = member.role = 0
        member.trust, member.fatigue = 0.75, 0.1
    community.visitors = community.everyone
    return community


def test_deeds_make_roles():
    member = five().everyone[0]
    assert role_of(member) == LURKER
    member.last_post, member.posts, member.standing = 0, 9, 0.9
    assert role_of(member) == CONTRIBUTOR
    member.posts = 10
    assert role_of(member) == EXPERT
    member.standing = 0.25
    assert role_of(member) == CONTRIBUTOR
    member.recruits = 4
    assert role_of(member) == EVANGELIST
    member.replies_given = 20
    assert role_of(member) == EVANGELIST  # without the trust of a coordinator
    member.trust = 0.85
    assert role_of(member) == COORDINATOR


def test_who_has_not_posted_for_four_weeks_is_no_contributor():
    member = five().everyone[0]
    member.last_post = 0
    member.model.day = 27
    assert role_of(member) == CONTRIBUTOR
    member.model.day = 28
    assert role_of(member) == LURKER


def test_volunteers_are_empowered_trusting_and_rested():
    member = five(empowerment=1).everyone[0]
    assert role_of(member) == LURKER  # nothing to volunteer with
    member.recruits = 4
    assert role_of(member) == VOLUNTEER
    member.fatigue = 0.2
    assert role_of(member) == EVANGELIST
    member.fatigue, member.trust = 0.1, 0.65
    assert role_of(member) == EVANGELIST
    idle = five(empowerment=0).everyone[0]
    idle.recruits = 4
    assert role_of(idle) == EVANGELIST


def test_how_many_volunteer_follows_the_lever():
    found = []
    for lever in (0.1, 0.5, 1):
        community = five(empowerment=lever)
        market = community.market
        found.append(sum(
            market.uniforms(52, person)[0] < DEEDS["volunteer_share"] * lever for person in range(5)
        ))  # fmt: skip
        for member in community.everyone:
            member.recruits = 4
        assert sum(role_of(member) == VOLUNTEER for member in community.everyone) == found[-1]
    assert found[0] < found[2] == 5


def test_a_day_of_work():
    community = five(empowerment=0.5)
    member = community.everyone[0]
    member.voice = 0.5
    work(member, 0.5)
    assert member.trust == pytest.approx(0.75 + 0.05 * 0.25)
    assert member.voice == pytest.approx(0.5 + 0.05 * 0.5)
    assert member.fatigue == pytest.approx(0.1 + 0.1 * 0.9)


def test_what_volunteers_take_over():
    community = five(empowerment=0.5)
    community.today.clear()
    community.everyone[0].role = VOLUNTEER
    empower(community)
    # 20 of 100 visitors, which is half of the 0.6 x 0.5 that very many would take over
    assert community.today["self_organised"] / 2**30 == pytest.approx(0.15)
    assert community.today["cost_empowerment"] == 125
    nobody = five(empowerment=0.5)
    nobody.today.clear()
    empower(nobody)
    assert not nobody.today


def test_who_brings_another_has_it_counted():
    scenario = Scenario.from_dict(
        {"name": "many", "days": 30, "community": {"market": 200},
         "parameters": CALM | {"invitation_rate": 1, "word_of_mouth": 14},
         "policy": {"seed_group": 20}}
    )  # fmt: skip
    community = ReferenceCommunity(scenario, 1).run()
    brought = [member.inviter for member in community.everyone if member.inviter]
    assert len(brought) > 50
    assert all(member.recruits == brought.count(member) for member in community.everyone)
    given = sum(member.replies_given for member in community.everyone)
    assert given == community.daily["replies"].sum() > 0
