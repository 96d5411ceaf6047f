"""Shocks, in numbers worked out by hand; and how a scenario gives them."""

from datetime import date

import pytest

from comsim.model.kernel.mechanisms.shocks import KINDS
from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms.shocks import buffer, hear, shake
from comsim.reference.member import LEFT, MUTED, Tie
from comsim.scenario import Scenario, plan

from ..calm import CALM

PARAMETERS = CALM | {
    "trust_buffer": 0.6, "tie_buffer": 0.3, "habit_buffer": 0.4, "promise_harm": 0.5,
    "failure_harm": 0.4, "leak_harm": 0.3, "leak_muting": 0.5, "rival_pull": 0.5,
    "press_harm": 0.8, "press_fading": 0.25, "outrage": 0.2,
}  # fmt: skip
LUCKY, UNLUCKY = [0.5, 1.0, 1.0, 0.5], [0.5, 0.0, 0.0, 0.5]


def community(*shocks: dict, **more: object) -> ReferenceCommunity:
    """Five members on the evening of day 0, without ties, habit or much trust."""
    scenario = Scenario.from_dict(
        {"name": "five", "days": 60, "community": {"market": 5}, "parameters": PARAMETERS,
         "policy": {"seed_group": 5, "intake": 0}, "shocks": list(shocks)} | more
    )  # fmt: skip
    made = ReferenceCommunity(scenario, 1)
    made.step()
    for member in made.everyone:
        member.trust, member.interest, member.habit = 0.5, 0.8, 0.0
        member.slots = [None] * 6
    made.today.clear()
    return made


def test_trust_and_ties_spare_damage():
    here = community()
    member, friend = here.everyone[:2]
    assert buffer(member, "leak") == pytest.approx(0.6 * 0.5)
    member.slots[:3] = [Tie(friend)] * 3
    assert buffer(member, "leak") == pytest.approx(0.6 * 0.5 + 0.3 * 0.5)
    member.habit = 0.5
    assert buffer(member, "rival") == pytest.approx(0.4 * 0.5 + 0.3 * 0.5)
    here.p.trust_buffer, member.trust = 1.0, 1.0
    assert buffer(member, "leak") == 1.0


@pytest.mark.parametrize("kind,trust,interest", [
    ("broken_promise", 0.5 * (1 - 0.5 * 0.7), 0.8),
    ("product_failure", 0.5 * (1 - 0.4 * 0.7), 0.8 * (1 - 0.4 * 0.7)),
    ("leak", 0.5 * (1 - 0.3 * 0.7), 0.8),
    ("rival", 0.5, 0.8 * (1 - 0.5)),
])  # fmt: skip
def test_what_each_kind_takes(kind, trust, interest):
    member = community().everyone[0]
    hear(member, kind, 1.0, LUCKY)
    assert member.trust == pytest.approx(trust) and member.interest == pytest.approx(interest)
    assert member.status == 0


def test_the_outraged_leave_and_the_leaked_mute():
    here = community()
    leaver, muter, loyal = here.everyone[:3]
    chance = 0.2 * 0.7 * (1 - 0.5 * (1 - 0.5 * 0.7))
    hear(leaver, "broken_promise", 1.0, [0.5, chance - 1e-6, 1.0, 0.5])
    assert leaver.status == LEFT and here.today["left"] == here.today["left_shocked"] == 1
    hear(loyal, "broken_promise", 1.0, [0.5, chance + 1e-6, 0.0, 0.5])
    assert loyal.status == 0
    hear(muter, "leak", 1.0, [0.5, 1.0, 0.5 * 0.7 - 1e-6, 0.5])
    assert muter.status == MUTED and here.today["mutes"] == 1
    hear(muter, "rival", 1.0, UNLUCKY)
    assert muter.status == MUTED


def test_bad_press_is_believed_by_outsiders_and_forgotten():
    here = community({"kind": "press", "day": 0, "severity": 0.5, "reach": 0.5})
    assert here.bad_press == pytest.approx(0.8 * 0.25)
    here.day = 1
    shake(here)
    assert here.bad_press == pytest.approx(0.8 * 0.25 * 0.75)
    assert not here.today


def test_reach_is_a_share_of_the_members():
    settings = {"name": "x", "days": 2, "community": {"market": 2000}, "parameters": CALM,
            "policy": {"seed_group": 2000}}  # fmt: skip
    shocks = [{"kind": "rival", "day": 1, "severity": 0.1, "reach": 0.3}]
    here = ReferenceCommunity(Scenario.from_dict(settings | {"shocks": shocks}), 1).run()
    assert here.daily["shocked"].tolist()[0] == 0
    assert here.daily["shocked"][1] == pytest.approx(600, abs=60)  # 3 standard deviations


def test_shocks_are_sorted_and_dated():
    scenario = Scenario.from_dict(
        {"name": "x", "start": date(2024, 1, 1), "shocks": [
            {"kind": "press", "day": 9, "severity": 1},
            {"kind": "leak", "day": "2024-01-03", "severity": 0.5, "reach": 0.25},
            {"kind": "rival", "day": 9, "severity": 0.5},
        ]}
    )  # fmt: skip
    assert plan(scenario).shocks.tolist() == [
        (2, KINDS.index("leak"), 0.5, 0.25),
        (9, KINDS.index("rival"), 0.5, 1.0),
        (9, KINDS.index("press"), 1.0, 1.0),
    ]
