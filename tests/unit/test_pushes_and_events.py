"""Pushes and events, worked out by hand on a few members."""

from __future__ import annotations

import pytest

from comsim.reference.arrive import arrive
from comsim.reference.mechanisms.gather import gather, warm
from comsim.reference.mechanisms.push import push
from comsim.reference.member import MUTED

from .test_recruiting import community

SURE = {"first_trust": {"value": 1, "spread": 0}, "first_interest": {"value": 1, "spread": 0}}


def test_pushes_call_in_tire_and_are_got_used_to():
    five = community(
        arrive, push, days=3, policy={"intake": {"on": [{"day": 0, "value": 5}]}, "pushes": 1}
    )
    five.step()
    assert five.today["pushed"] == 0  # who joins today is here anyway
    five.step()
    assert five.today["pushed"] == 5
    for member in five.agents:
        assert member.lift == pytest.approx(1 + 0.5 * 1 / 2)
        assert member.fatigue == pytest.approx(0.006)
        assert member.push_norm == pytest.approx(0.015 * 1 / 2)
    five.step()
    for member in five.agents:
        assert member.lift == pytest.approx(1 + 0.25 * (1 - 0.9 * 0.0075))
        assert member.fatigue == pytest.approx(1 - (1 - 0.006) ** 2)


def test_a_tired_member_mutes_and_hears_no_more():
    five = community(
        arrive, push, days=3, policy={"intake": {"on": [{"day": 0, "value": 5}]}, "pushes": 4},
        parameters={"push_mute": 1},
    )  # fmt: skip
    five.step()
    for number, member in enumerate(five.agents):
        member.fatigue = 0.25 if number < 3 else 0.0  # 4 pushes x 0.25: for certain
    five.step()
    assert [member.status == MUTED for member in five.agents] == [True] * 3 + [False] * 2
    assert [member.lift > 1 for member in five.agents] == [False] * 3 + [True] * 2
    assert five.today["mutes"] == 3 and five.today["pushed"] == 5
    five.step()
    assert five.today["pushed"] == 2


def test_a_pause_makes_members_unused_to_pushes():
    five = community(
        arrive, push, days=4,
        policy={"intake": {"on": [{"day": 0, "value": 5}]},
                "pushes": {"on": [{"day": 1, "value": 1}]}},
    )  # fmt: skip
    five.step()
    five.step()
    five.step()
    for member in five.agents:
        assert five.today["pushed"] == 0 and member.lift == 1
        assert member.fatigue == pytest.approx(0.006)
        assert member.push_norm == pytest.approx(0.0075 * (1 - 0.015))


def event(kind: str, **parameters: float):
    """Five people who come to anything, and an event on the day they join."""
    parameters = {f"{kind}_turnout": 1} | parameters
    five = community(
        arrive, gather, policy={"intake": 5, f"{kind}_event": 1}, parameters=parameters,
        segments=[{"name": "all", **SURE}],
    )  # fmt: skip
    five.step()
    return five


@pytest.mark.parametrize("kind,met,bond,cost", [("online", 2, 2, 100), ("offline", 4, 5, 1500)])
def test_attendees_meet_one_another(kind, met, bond, cost):
    five = event(kind)
    assert five.today["event_attendees"] == 5 and five.today["cost_events"] == 5 * cost
    for member in five.agents:
        assert member.habit == pytest.approx(0.08 if kind == "online" else 0.3)
        assert sum(tie.strength for tie in member.ties) == met * bond
        for tie in member.ties:  # meetings are mutual
            assert member in [back.friend for back in tie.friend.ties] and tie.friend is not member


def test_an_event_warms():
    (member,) = event("online", online_meetings=0).agents.select(at_most=1)
    member.interest, member.trust, member.habit = 0.5, 0.2, 0.0
    warm(member, 0.3)
    assert member.interest == pytest.approx(0.65)
    assert member.trust == pytest.approx(0.44)
    assert member.habit == pytest.approx(0.3)


def test_who_muted_is_not_invited_and_one_attendee_meets_nobody():
    two = community(
        arrive, gather, days=2,
        policy={"intake": {"on": [{"day": 0, "value": 2}]},
                "online_event": {"on": [{"day": 1, "value": 1}]}},
        parameters={"online_turnout": 1}, segments=[{"name": "all", **SURE}],
    )  # fmt: skip
    two.step()
    first, other = two.agents
    other.status = MUTED
    two.step()
    assert two.today["event_attendees"] == 1
    assert first.habit > 0 == other.habit and first.bonds == other.bonds == 0
