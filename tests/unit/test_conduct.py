"""Topics, bad posts, moderation and answers by the staff, in numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.model.catalogue import COLUMNS
from comsim.model.kernel.mechanisms.topics import fit_between
from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms.conduct import annoyance, skewed
from comsim.reference.mechanisms.interactive import contribution_today
from comsim.reference.mechanisms.moderate import chance_to_go
from comsim.reference.mechanisms.topics import fit, interest_of, official_fit
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

from ..calm import CALM


def scenario(parameters=None, policy=None, days=1, **others) -> Scenario:
    """Five people who post a lot, with time for everything."""
    return Scenario.from_dict({
        "name": "five", "days": days, "community": {"market": 5},
        "segments": [{"name": "all", "activity": 1, "contribution": 8}],
        "parameters": {**CALM, "leave_rate": 0, "attention": 200, **(parameters or {})},
        "policy": {"seed_group": 5, "ad_pressure": 0, **(policy or {})}, **others,
    })  # fmt: skip


def lived(*args, **kwargs) -> ReferenceCommunity:
    return ReferenceCommunity(scenario(*args, **kwargs), 1).run()


def test_fit_falls_with_the_distance_on_the_circle():
    fit = fit_between.py_func
    assert fit(0.8, 0.25, 0.25) == 1.0
    assert fit(0.8, 0.1, 0.9) == pytest.approx(1 - 0.8 * 2 * 0.2)
    assert fit(1.0, 0.2, 0.7) == pytest.approx(0.0)
    assert np.mean([fit(1.0, 0.3, u) for u in np.arange(0.5, 1000) / 1000]) == (
        pytest.approx(0.5, abs=1e-3)
    )


def test_posts_lie_near_what_their_authors_care_for():
    community = lived({"breadth": 1, "straying": 0.2})
    assert len(community.posts) > 10
    for post in community.posts:
        assert fit(post.author, post) >= 1 - 2 * 0.1 - 1e-6
    assert len({round(post.topic, 6) for post in community.posts}) > 10


def test_official_posts_fit_better_when_matched():
    plain, matched = lived({"breadth": 0.5}), lived({"breadth": 0.5}, {"matching": 1})
    for one, other in zip(plain.everyone, matched.everyone, strict=True):
        u = interest_of(one)
        assert official_fit(one) == pytest.approx(1 - 0.5 * 2 * min(u, 1 - u))
        assert official_fit(other) == pytest.approx(0.5 + 0.5 * official_fit(one))
    assert matched.daily["cost_matching"].tolist() == [4000]


def test_where_all_care_for_the_same_there_is_nothing_to_match():
    data = {"name": "alike", "days": 60, "community": {"market": 300}}
    runs = [
        simulate(Scenario.from_dict(data | {"policy": {"seed_group": 100, **policy}}), 1).world
        for policy in ({}, {"matching": 1, "personal_moderation": 1})
    ]
    for name in set(COLUMNS) - {"cost_matching", "cost", "cost_cumulative", "profit_cumulative"}:
        np.testing.assert_array_equal(runs[0].daily[name], runs[1].daily[name], name)
    assert not runs[0].daily["cost_matching"].any() and runs[1].daily["cost_matching"].all()


def test_a_tenth_of_the_people_have_more_than_half_of_the_malice():
    assert skewed(0.5) == 8 / 128 and skewed(1.0) == 8
    malice = skewed((np.arange(1000) + 0.5) / 1000)
    assert malice.mean() == pytest.approx(1, abs=1e-4)
    assert malice[900:].sum() / malice.sum() == pytest.approx(1 - 0.9**8, abs=1e-3)


def test_bad_posts_take_from_a_visit():
    reader = lived({"toxic_hurt": 0.2, "toxic_half": 1, "misfit_annoyance": 0.1,
                    "misfit_half": 3}).everyone[0]  # fmt: skip
    assert annoyance(reader, 0, 0.0) == 0.0
    assert annoyance(reader, 1, 0.0) == 0.1
    assert annoyance(reader, 3, 1.0) == pytest.approx(0.2 * 3 / 4 + 0.1 / 4)


def test_toxic_posts_cost_trust_and_voice():
    # The causes of distrust add up, so the others are off.
    base = {"toxicity": 1, "toxic_silencing": 0, "toxic_distrust": 0, "disappointment": 0,
            "silence": 0, "ad_distrust": 0}  # fmt: skip
    hurt, unhurt = lived({**base, "toxic_distrust": 0.1, "toxic_silencing": 0.05}), lived(base)
    assert hurt.daily["posts_toxic"][0] > 5
    for one, other in zip(hurt.everyone, unhurt.everyone, strict=True):
        toxic = one.visit.toxic
        written = sum(post.kind == 1 and post.author is one for post in hurt.posts)
        assert toxic == hurt.daily["posts_toxic"][0] - written  # there is time for all
        assert one.trust == pytest.approx(other.trust * (1 - min(0.1 * toxic, 1)), abs=1e-6)
        assert one.voice == pytest.approx(other.voice * (1 - min(0.05 * toxic, 1)), abs=1e-6)


def test_an_off_topic_post_is_worth_nothing_and_gets_no_reply():
    community = lived({"off_topic": 1, "reply_rate": 1})
    assert community.daily["posts_off_topic"] == community.daily["posts"] > 10
    assert community.daily["replies"] == 0
    filtered = lived({"off_topic": 1}, {"personal_moderation": 1})
    assert filtered.daily["items_members"] == filtered.daily["posts"]  # one's own alone
    assert filtered.daily["hidden"] == 4 * filtered.daily["posts"]


def test_wrong_removals_come_later_and_grow_faster():
    community = lived({"off_topic": 0.5, "detection": 0.8, "false_alarms": 0.4})
    bad = next(post for post in community.posts if post.kind != 0)
    good = next(post for post in community.posts if post.kind == 0)
    for strictness, of_bad, of_good in (0.5, 0.8 * 0.75, 0.4 / 8), (1.0, 0.8, 0.4), (0, 0, 0):
        community.levers[bad.author.cell].moderation = strictness
        assert chance_to_go(bad) == pytest.approx(of_bad)
        assert chance_to_go(good) == pytest.approx(of_good)


@pytest.mark.parametrize("kind,weight", [("off_topic", 1.0), ("good", 3.0)])
def test_a_removal_costs_its_author(kind, weight):
    base = {"detection": 1, "false_alarms": 1, "injustice": 2, "newcomer_hurt": 0.5,
            "removal_silencing": 0, "removal_chill": 0, "disappointment": 0}  # fmt: skip
    base["off_topic"] = 1 if kind == "off_topic" else 0
    runs = [lived({**base, "removal_distrust": share}, {"moderation": 1}) for share in (0.0, 0.02)]
    posts = int(runs[0].daily["posts"][0])
    for run in runs:
        assert run.daily["removed"] == posts > 10 and run.posts == []
        assert run.daily["removed_good"] == (posts if kind == "good" else 0)
        assert run.daily["items_members"] == run.daily["replies"] == 0
        assert run.daily["cost_moderation"] == 10 * posts
    for one, other in zip(runs[1].everyone, runs[0].everyone, strict=True):
        left = 1 - min(0.02 * weight * 1.5 * one.posts, 1)  # all of them are newcomers
        assert one.trust == pytest.approx(other.trust * left, rel=1e-5)


def test_newcomers_alone_may_be_moderated():
    community = ReferenceCommunity(scenario(
        {"false_alarms": 1, "removal_chill": 0, "removal_silencing": 0, "removal_distrust": 0},
        {"moderation": {"base": 0, "groups": {"newcomers": 1}}},
        days=6, community={"market": 5, "newcomer_days": 3},
    ), 1).run()  # fmt: skip
    daily = community.daily
    assert (daily["removed"][:3] == daily["posts"][:3]).all() and daily["posts"][:3].all()
    assert not daily["removed"][3:].any() and daily["posts"][3:].any()


def test_the_staff_answer_what_nobody_has_answered():
    community = lived({"reply_rate": 0}, {"response_rate": 1})
    posts = community.daily["posts"][0]
    assert community.daily["staff_replies"] == posts > 10 and community.daily["answered"] == 0
    assert community.daily["cost_responses"] == 50 * posts
    unanswered = 0.5 - 0.25 * 0.5
    for member in community.everyone:
        assert member.voice == pytest.approx(unanswered + 0.25 * 0.5 * (1 - unanswered))
    plain = lived({"reply_rate": 0})
    for one, other in zip(community.everyone, plain.everyone, strict=True):
        assert one.trust > other.trust and one.interest > other.interest
        assert other.voice == pytest.approx(unanswered)
    eager = lived({"reply_rate": 1}, {"response_rate": 1})
    assert eager.daily["answered"] + eager.daily["staff_replies"] == eager.daily["posts"]
    assert eager.daily["answered"] > 0


def test_interactive_posts_draw_posts():
    community = lived({"interactive_pull": 0.5, "interactive_half": 3},
                      {"interactivity": 0.5, "official_posts": 2})  # fmt: skip
    member = community.everyone[0]
    assert contribution_today(member) == pytest.approx(member.contribution * (1 + 0.5 * 1 / 4))
    assert community.daily["cost_interactive"] == 2000
