"""Effects and base rates with measures of their own."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.evidence.data import data
from comsim.evidence.trials.own import OWN, orders, removals, replies, thanks
from comsim.evidence.trials.own.ratios import against_matched, against_twin
from comsim.evidence.trials.own.removals import follow_up
from comsim.evidence.trials.spec import NEWCOMERS
from comsim.evidence.world import FactWorld

RATES = ("lurkers_health", "recruiters", "invitation_conversion", "k_factor", "bbs_quarter",
         "dau_mau")  # fmt: skip


@pytest.fixture
def brief(monkeypatch):
    """Experiments over fewer days."""
    monkeypatch.setattr(replies, "DAYS", 90)
    monkeypatch.setattr(removals, "DAYS", 120)


def world(size: float = 1, **policy) -> FactWorld:
    """A world of small communities, or of larger ones by a factor."""
    policy = {"seed_group": int(500 * size), "intake": size} | policy
    return FactWorld(0, 1, 5, {"community": {"market": int(5000 * size)}, "policy": policy})


def test_the_treated_are_compared_within_strata():
    outcome = np.array([4, 2, 2, 10, 5, 5, 99])
    treated = np.array([1, 0, 0, 1, 1, 0, 1], bool)
    stratum = np.array([0, 0, 0, 1, 1, 1, 2])  # nobody to compare with in the last
    # Weights 1 x 2 / 3 and 2 x 1 / 3; means 4 and 7.5 against 2 and 5.
    expected = 100 * ((4 + 7.5) / (2 + 5) - 1)
    assert against_matched(outcome, treated, stratum) == pytest.approx(expected)
    assert against_matched(outcome[-1:], treated[-1:], stratum[-1:]) is None
    twice = np.array([0, 0, 0, 0, 0, 0, 0])
    assert against_matched(outcome, treated, stratum, twice) == pytest.approx(expected)


def test_an_arm_is_compared_with_its_twin_and_with_the_rest():
    outcome, twin = np.array([6, 6, 9, 2]), np.array([5, 5, 5, 5])
    arm = np.array([1, 1, 0, 0], bool)
    # The arm does 12 in place of 10, the rest 11 in place of 10.
    got = against_twin(outcome, twin, arm)
    assert got == {"effect": pytest.approx(100 * (12 / 11 - 1)), "rest": pytest.approx(10)}
    assert against_twin(outcome, twin * 0, arm) == {"effect": None, "rest": None}


def test_authors_are_followed_from_their_first_removal():
    moderated = np.array([True, False, True])
    posts = [  # row, day, toxic, cut
        (0, 3, True, True), (1, 3, True, True), (0, 4, True, False), (2, 5, True, False),
        (0, 9, True, True), (0, 33, True, False), (1, 33, True, False), (0, 34, False, False),
        (1, 40, False, False), (1, 63, False, False), (1, 64, False, False),
    ]  # fmt: skip
    row, day, toxic, cut = (np.array(one) for one in zip(*posts, strict=True))
    # In days 1-30 three toxic posts against one; in days 31-60 one post against two.
    assert follow_up(row, day, toxic, cut, moderated) == (pytest.approx(200), pytest.approx(-50))


def test_base_rates_are_those_of_the_event_table():
    here = world()
    events, rates = here.events("launch"), {id: OWN[id](here)["effect"] for id in RATES}
    joined = events[events["kind"] == "join"].set_index("member")["day"]
    posts = events[events["kind"] == "post"].groupby("member").size()
    assert rates["lurkers_health"] == pytest.approx(len(posts) / len(joined))
    assert rates["bbs_quarter"] == pytest.approx((posts >= 3).mean())
    brought = events[(events["kind"] == "join") & (events["target"] >= 0)]["target"].value_counts()
    assert rates["recruiters"] == pytest.approx(len(brought) / len(joined))
    watched = joined.index[joined.between(*NEWCOMERS)]
    assert rates["k_factor"] == pytest.approx(brought.reindex(watched, fill_value=0).mean())
    visits = events[(events["kind"] == "visit") & events["day"].between(165, 200)]
    days = visits.groupby("day")["member"].agg(set)
    ratio = [
        len(days[day]) / len(set().union(*(days[one] for one in range(day - 29, day + 1))))
        for day in range(194, 201)
    ]
    assert rates["dau_mau"] == pytest.approx(np.mean(ratio))
    invitations = here.run(here.scenario("launch")).daily["invitations"].sum()
    assert rates["invitation_conversion"] == pytest.approx(brought.sum() / invitations)


@pytest.mark.parametrize("id", ["recruiters", "k_factor", "invitation_conversion"])
def test_nobody_recruits_without_invitations(id):
    here = world()
    here.overrides |= data("trials/own.toml")[id]["off"]
    assert OWN[id](here)["effect"] == (None if id == "invitation_conversion" else 0)


@pytest.mark.parametrize(
    ("id", "figure", "sign"),
    [
        ("china_block", "effect", -1),  # fewer read and reply
        ("friends_defect", "effect", 1),
        ("viral_features", "effect", 1),
        ("data_breach", "effect", -1),
        ("data_breach", "whole", -1),
        ("dating_policy", "whole", 1),  # more recruits
        ("delete_comment_rdd", "whole", -1),  # fewer toxic posts
    ],
)
def test_a_treatment_acts_as_its_mechanism_says(brief, id, figure, sign):
    assert sign * OWN[id](world(size=8))[figure] > 5  # percent; far above the noise


def test_more_replies_to_first_posts_bring_more_authors_back(brief, monkeypatch):
    """The same people with and without them, so that only the replies differ; where members seldom
    reply of their own accord."""
    seldom, effects = world(3), []
    seldom.overrides["parameters"] = {"reply_rate": 0.05}
    for more in (0, 20):
        monkeypatch.setattr(replies, "MORE", more)
        effects.append(OWN["newcomer_nudge_deals"](seldom)["effect"])
    assert effects[1] > effects[0] + 3


def test_an_effect_by_lot_is_zero_without_the_treatment(brief):
    untouched = {"effect": 0.0, "rest": 0.0, "whole": 0.0}
    assert thanks.contagion(world(recognition=0)) == untouched
    without_leak = world()
    without_leak.overrides["shocks"] = []
    breach = orders.breach(without_leak)
    assert breach == untouched | {"trusting": 0.0, "distrusting": 0.0}


def test_every_experiment_is_described():
    effects, described = data("effects.toml"), data("trials/own.toml")
    assert set(described) == set(OWN) <= set(effects)
    for one in described.values():
        assert set(one["scenario"]) == {"en", "zh"}
