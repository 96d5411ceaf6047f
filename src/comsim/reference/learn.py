"""Learn: how a visit changes a member.

Levers: none directly; `contribution_reward`, `coupon`, `offers` and `ad_pressure` act on it.
Outcomes: interest, trust, habit, fatigue, expectation, novelty, voice, standing, expected rewards,
roles. Count: `satisfied`.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.conduct import be_hurt
from comsim.reference.mechanisms.hook import lost_by_bounce
from comsim.reference.mechanisms.membership import serve_payers
from comsim.reference.mechanisms.moderate import take_removals
from comsim.reference.mechanisms.offers import offers_read
from comsim.reference.mechanisms.respond import take_answers
from comsim.reference.mechanisms.roles import role_of
from comsim.reference.mechanisms.trust import build_trust
from comsim.reference.member import TIE_SLOTS, ReferenceMember, saturating
from comsim.reference.rounding import fixed


def learn(community: CommunityState) -> None:
    """Visitors learn from their visit.

    The order is: benefits for payers, learning from the visit, answers by staff, toxic posts,
    removed posts. Then the novelty that newcomers will inherit moves towards that of today's
    visitors, if there are any:

    novelty of the community += (mean novelty of visitors - it) / novelty_memory
    """
    serve_payers(community)
    for member in community.each(community.visitors):
        take_in(member)
    take_answers(community)
    be_hurt(community)
    take_removals(community)
    if community.visitors:
        total = sum(fixed(member.novelty) for member in community.visitors)
        mean = total / 2.0**30 / len(community.visitors)
        community.novelty += (mean - community.novelty) / community.p.novelty_memory


def take_in(member: ReferenceMember) -> None:
    """What a visitor learns. Each state moves by a share of the distance to its target.

    joy    = sat(replies to today's posts, 1)
    gained = value + reply_joy x joy, at most 1

    Trust also changes (see Trust).
    """
    p, visit = member.model.p, member.visit
    received = hear_replies(member)
    joy = saturating(received, 1.0)
    gained = min(visit.value + p.reply_joy * joy, 1.0)
    compare(member, gained, joy)
    build_trust(member, gained, joy)
    wear(member)
    get_used_to_rewards(member)
    member.replies_given += len(visit.replied_to)
    member.role = role_of(member)


def hear_replies(member: ReferenceMember) -> int:
    """Authors of today learn from the replies. Returns the number of replies.

    voice    += voice_learning x (answered - voice)
    answered  = 1 if there was a reply today, else 0
    standing += standing_learning x (replies / (replies + posts) - standing)
    """
    p = member.model.p
    written = len(member.todays_posts)
    received = sum(post.replies for post in member.todays_posts)
    if written:
        answered = 1.0 if received else 0.0
        echo = received / (received + written)
        member.voice += p.voice_learning * (answered - member.voice)
        member.standing += p.standing_learning * (echo - member.standing)
    member.replies_received += received
    return received


def compare(member: ReferenceMember, gained: float, joy: float) -> None:
    """Interest changes with the difference between gain and expectation. Positive surprises act on
    the interest still missing, negative ones on the existing interest (room). Expectation adapts to
    a share of the gain:

    surprise    = gained - expectation
    room        = 1 - interest if surprise > 0, else interest
    interest    += learning x surprise x room
    interest    -= loss_grief x (friends whose departure was noticed / 6) x interest
    interest    -= lost by bounce x interest, on the first visit (see Hook)
    expectation += adaptation x (comparison x gained - expectation)
    """
    p = member.model.p
    surprise = gained - member.expectation
    member.model.today["satisfied"] += surprise >= 0.0
    room = 1.0 - member.interest if surprise > 0.0 else member.interest
    interest = member.interest + p.learning * surprise * room
    interest -= p.loss_grief * (member.visit.lost / TIE_SLOTS) * interest
    interest -= lost_by_bounce(member, gained, joy) * interest
    member.interest = interest
    member.expectation += p.adaptation * (p.comparison * gained - member.expectation)


def wear(member: ReferenceMember) -> None:
    """Each visit strengthens the habit, tires the member, and reduces novelty. Offers tire more
    than other official posts, and ads more if there is little else. Load is the share of a full
    visit's attention that posts took, at most 1:

    habit   += habit_gain x (1 - habit)
    tiring   = ad_fatigue x ads + content_fatigue x official + offer_fatigue x offers
               + ad_clutter x (ads / all items seen)^4, at most 1
    fatigue += tiring x (1 - fatigue)
    load     = (official + members' posts read) / max(attention, 1)
    novelty -= wear x load x novelty
    """
    p, visit, offers = member.model.p, member.visit, offers_read(member)
    member.habit += p.habit_gain * (1.0 - member.habit)
    tiring = p.ad_fatigue * visit.ads + p.content_fatigue * visit.official
    tiring += p.offer_fatigue * offers
    clutter = visit.ads / max(visit.ads + visit.official + visit.members, 1.0)
    tiring += p.ad_clutter * (clutter * clutter * clutter * clutter)
    member.fatigue += min(tiring, 1.0) * (1.0 - member.fatigue)
    load = (visit.official + visit.members) / max(p.attention, 1.0)
    member.novelty -= p.wear * min(load, 1.0) * member.novelty


def get_used_to_rewards(member: ReferenceMember) -> None:
    """Visitors come to expect today's rewards and coupons, whether or not they post or buy:

    reward_norm += reward_adaptation x (sat(contribution_reward, reward_half) - reward_norm)
    coupon_norm += reward_adaptation x (coupon - coupon_norm)

    A reward is stored as its effect, so that `crowding_out` multiplies a number from 0 to 1. A
    coupon already is such a number.
    """
    p, levers = member.model.p, member.levers
    pay = saturating(levers.contribution_reward, p.reward_half)
    member.reward_norm += p.reward_adaptation * (pay - member.reward_norm)
    member.coupon_norm += p.reward_adaptation * (levers.coupon - member.coupon_norm)
