"""Learn: what a visit leaves behind in a member.

Levers: `release`; `contribution_reward`, `coupon`, `offers` and ads act on it. Outcomes: interest,
trust, habit, fatigue, expectation, novelty, voice, standing, what is counted on, roles. Count:
`satisfied`.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.conduct import be_hurt
from comsim.reference.mechanisms.membership import serve_payers
from comsim.reference.mechanisms.moderate import take_removals
from comsim.reference.mechanisms.offers import offers_read
from comsim.reference.mechanisms.respond import take_answers
from comsim.reference.mechanisms.roles import role_of
from comsim.reference.member import TIE_SLOTS, ReferenceMember, saturating
from comsim.reference.rounding import fixed

NOVELTY_MEMORY = 30.0  # days that the community's mean of novelty looks back, about


def learn(community: CommunityState) -> None:
    """Visitors learn from their visit; a product release makes things new again for all.

    In this order: payers get more value, all take in their visit, those whom staff answered are
    glad, readers of toxic posts are hurt, authors of removed posts are offended. Then the novelty
    that newcomers will inherit follows that of today's visitors, if there are any:

    novelty of the community += (mean novelty of visitors - it) / 30

    A release restores it, and the novelty of each member, there or not:

    novelty += release x (1 - novelty)
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
        community.novelty += (mean - community.novelty) / NOVELTY_MEMORY
    release = community.levers[0].release
    if release > 0.0:
        community.novelty += release * (1.0 - community.novelty)
        for member in community.each(community.agents):
            member.novelty += release * (1.0 - member.novelty)


def take_in(member: ReferenceMember) -> None:
    """What a visit leaves behind. Each state moves a share of the way to where it is drawn.

    Who has posted today learns from the replies:

    voice    += voice_learning x (answered - voice)
    answered  = 1 if there was a reply today, else 0
    standing += standing_learning x (replies / (replies + posts) - standing)

    What was gained is compared with what was expected. A good surprise has as much room as interest
    lacks, a bad one as much as there is (room). Expectation follows part of what was gained:

    joy         = sat(replies, 1)
    gained      = value + reply_joy x joy, at most 1
    surprise    = gained - expectation
    room        = 1 - interest if surprise > 0, else interest
    interest    += learning x surprise x room
    interest    -= loss_grief x (friends found to have left / 6) x interest
    expectation += adaptation x (comparison x gained - expectation)

    Trust is earned by value and replies, and spent by ads and by offers read:

    trust += (trust_gain x gained + reply_trust x joy) x (1 - trust)
    trust -= min(ad_distrust x ads + offer_distrust x offers, 1) x trust

    Any visit makes a habit; ads and official posts tire, offers once more, and ads all the more
    where there is little else; reading wears off what is new. Load is the share of a full visit's
    attention that posts took, at most 1:

    habit   += habit_gain x (1 - habit)
    tiring   = ad_fatigue x ads + content_fatigue x official + offer_fatigue x offers
               + ad_clutter x (ads / all that was seen)^4, at most 1
    fatigue += tiring x (1 - fatigue)
    load     = (official + members' posts read) / max(attention, 1)
    novelty -= wear x load x novelty

    What is offered on a visit comes to be counted on, whether or not the visitor posts or buys:

    reward_norm += reward_adaptation x (sat(contribution_reward, reward_half) - reward_norm)
    coupon_norm += reward_adaptation x (coupon - coupon_norm)
    """
    p, levers, visit, offers = member.model.p, member.levers, member.visit, offers_read(member)

    # Replies to today's posts: confidence, standing, joy.
    written = len(member.todays_posts)
    received = sum(post.replies for post in member.todays_posts)
    if written:
        answered = 1.0 if received else 0.0
        echo = received / (received + written)
        member.voice += p.voice_learning * (answered - member.voice)
        member.standing += p.standing_learning * (echo - member.standing)
    member.replies_received += received
    joy = saturating(received, 1.0)
    gained = min(visit.value + p.reply_joy * joy, 1.0)

    # Interest follows the surprise, and grief; expectation follows what was gained.
    surprise = gained - member.expectation
    member.model.today["satisfied"] += surprise >= 0.0
    room = 1.0 - member.interest if surprise > 0.0 else member.interest
    interest = member.interest + p.learning * surprise * room
    interest -= p.loss_grief * (visit.lost / TIE_SLOTS) * interest
    member.interest = interest
    member.expectation += p.adaptation * (p.comparison * gained - member.expectation)

    # Trust is earned by value and replies, and spent by ads and offers.
    trust = member.trust
    trust += (p.trust_gain * gained + p.reply_trust * joy) * (1.0 - trust)
    trust -= min(p.ad_distrust * visit.ads + p.offer_distrust * offers, 1.0) * trust
    member.trust = min(trust, 1.0)

    member.habit += p.habit_gain * (1.0 - member.habit)
    tiring = p.ad_fatigue * visit.ads + p.content_fatigue * visit.official
    tiring += p.offer_fatigue * offers
    clutter = visit.ads / max(visit.ads + visit.official + visit.members, 1.0)
    tiring += p.ad_clutter * (clutter * clutter * clutter * clutter)
    member.fatigue += min(tiring, 1.0) * (1.0 - member.fatigue)
    load = (visit.official + visit.members) / max(p.attention, 1.0)
    member.novelty -= p.wear * min(load, 1.0) * member.novelty

    # Rewards and coupons come to be counted on. A reward is kept as its effect, so that
    # `crowding_out` works on a number from 0 to 1; a coupon is such a number already.
    pay = saturating(levers.contribution_reward, p.reward_half)
    member.reward_norm += p.reward_adaptation * (pay - member.reward_norm)
    member.coupon_norm += p.reward_adaptation * (levers.coupon - member.coupon_norm)

    member.replies_given += len(visit.replied_to)
    member.role = role_of(member)
