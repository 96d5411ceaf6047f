"""Recognition, coupons and raffles, in numbers worked out by hand."""

import pytest

from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms.raffle import announce, lot, raffle
from comsim.reference.mechanisms.recognise import recognise, spurred
from comsim.reference.member import Post
from comsim.reference.settle import order
from comsim.scenario import Scenario

from ..calm import CALM

PARAMETERS = {
    **CALM,
    "recognition_pull": 0.4, "recognition_half": 6, "recognition_fading": 0.2,
    "recognition_trust": 0.1, "recognition_adaptation": 0.25, "coupon_joy": 0.2,
    "raffle_pull": 0.3, "raffle_half": 50, "raffle_adaptation": 0.1, "raffle_joy": 0.5,
}  # fmt: skip


def community(**policy: object) -> ReferenceCommunity:
    """Five members on the evening of day 0."""
    scenario = Scenario.from_dict(
        {"name": "five", "days": 60, "community": {"market": 5}, "parameters": PARAMETERS,
         "policy": {"seed_group": 5, "intake": 0} | policy}
    )  # fmt: skip
    made = ReferenceCommunity(scenario, 1)
    made.step()
    made.visitors = made.everyone
    for member in made.everyone:
        member.todays_posts = []
        member.voice, member.trust, member.interest = 0.5, 0.5, 0.5
        member.recognised = member.stirred = 0.0
    made.today.clear()
    return made


def test_authors_are_recognised_and_others_are_not():
    here = community(recognition=0.8)
    author, other = here.everyone[:2]
    author.todays_posts = [Post(author, 0.5)]
    recognise(here)
    assert author.stirred == pytest.approx(0.8)
    assert author.trust == pytest.approx(0.5 + 0.1 * 0.8 * 0.5)
    assert author.recognised == pytest.approx(0.25 * 0.8)
    assert (other.stirred, other.trust, other.recognised) == (0.0, 0.5, 0.0)
    assert author.reward_norm == 0.0  # nothing to be missed


def test_one_grows_used_to_recognition_and_out_of_it():
    here = community(recognition={"base": 0.8, "steps": [{"day": 1, "value": 0}]})
    author = here.everyone[0]
    author.todays_posts = [Post(author, 0.5)]
    author.recognised = 0.8
    recognise(here)
    assert author.stirred == pytest.approx(0.8 * (1 - 0.8))
    assert author.trust == pytest.approx(0.5 + 0.1 * 0.8 * (1 - 0.8) * 0.5)
    here.levers[0].recognition = here.levers[1].recognition = 0.0
    stirred = author.stirred
    recognise(here)
    assert author.stirred == stirred and author.recognised == pytest.approx(0.75 * 0.8)


def test_recognition_spurs_those_who_post_much_and_fades():
    here = community()
    for posts, share in (2, 1 / 4), (18, 3 / 4):
        author = here.everyone[0]
        author.posts, author.stirred = posts, 0.5
        assert spurred(author, 2.0) == pytest.approx(2 * (1 + 0.4 * 0.5 * share))
        assert author.stirred == pytest.approx(0.5 * 0.8)
        assert spurred(author, 2.0) == pytest.approx(2 * (1 + 0.4 * 0.4 * share))
    author.stirred = 0.0
    assert spurred(author, 2.0) == 2.0


def test_a_coupon_pleases_who_orders():
    here = community(coupon=0.25)
    here.buyers = []
    order(here.everyone[0])
    assert here.everyone[0].interest == pytest.approx(0.5 + 0.2 * 0.25 * 0.5)


def test_nothing_happens_before_anybody_is_recognised():
    here = community()
    author = here.everyone[0]
    author.todays_posts, author.recognised = [Post(author, 0.5)], 0.8
    recognise(here)
    assert author.stirred == 0.0 and author.recognised == pytest.approx(0.8)


def test_a_raffle_draws_visits_as_long_as_it_is_news():
    here = community(raffle=50)
    factors = []
    for _ in range(3):
        here.rhythm = 1.0
        announce(here)
        factors.append(here.rhythm)
    # day 0 has been: half the pull is expected by a tenth, then by 0.19, by 0.271
    expected = [0.5 * x for x in (0.1, 0.19, 0.271)]
    assert factors == pytest.approx([1 + 0.3 * (0.5 - norm) for norm in expected])
    here.levers[0].raffle = 0.0
    here.rhythm = 1.0
    announce(here)
    assert here.rhythm == 1.0  # what ends is not missed


def test_one_visitor_wins():
    here = community(raffle=12.345)
    raffle(here)
    winner = max(here.everyone, key=lot)
    for member in here.everyone:
        better = 0.75 if member is winner else 0.5
        assert (member.interest, member.trust) == (better, better)
    assert here.today["cost_raffles"] == 1235
    here.visitors = []
    here.today.clear()
    raffle(here)
    assert not here.today
