"""Conduct: some posts are toxic or off topic, and hurt or annoy their readers.

Part of `publish`, `read` and `learn`. Parameters, not levers: `toxicity` and `off_topic`;
moderation reduces their effect. Counts: `posts_toxic`, `posts_off_topic`, `toxic_read`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.stated_rules import conduct_under_rules
from comsim.reference.mechanisms.topics import topic_of_post
from comsim.reference.member import GOOD, OFF_TOPIC, TOXIC, ReferenceMember, saturating

KINDS = {TOXIC: "posts_toxic", OFF_TOPIC: "posts_off_topic"}


def appraise(community: CommunityState) -> None:
    """Determine the topic and kind of today's posts.

    Off-topic posts have quality 0. Toxic posts keep their quality, and so receive replies.
    """
    p = community.p
    if p.breadth + p.toxicity + p.off_topic <= 0.0:
        return
    for member in community.each(community.visitors):
        for nth, post in enumerate(member.todays_posts):
            post.topic = topic_of_post(member, nth)
            post.kind = kind_of_post(member, nth)
            if post.kind in KINDS:
                community.today[KINDS[post.kind]] += 1
            if post.fits_nobody:
                post.quality = 0.0


def kind_of_post(author: ReferenceMember, nth: int) -> int:
    """The kind of a post. The bad kinds have these probabilities; the other posts are good.

    toxic     = toxicity x malice x 2 x (1 - trust) x careless
    off topic = off_topic x careless

    Careless is 1, or less for newcomers who read the rules (see `conduct_under_rules`). Malice is a
    lifelong trait of the author, 8 u^7. A few members therefore write most toxic posts, above all
    where trust is low (the factor is 1 at a trust of 0.5).
    """
    p = author.model.p
    malice = author.model.market.uniforms(Purpose.CONDUCT, author.person)[0]
    u = author.uniforms(Purpose.CONDUCT, nth + 1)[0]
    careless = conduct_under_rules(author)
    toxic = p.toxicity * skewed(malice) * 2.0 * (1.0 - author.trust) * careless
    astray = p.off_topic * careless
    if u < toxic:
        return TOXIC
    return OFF_TOPIC if u < toxic + astray else GOOD


def skewed(u: float) -> float:
    """A lifelong propensity: 8 u^7, with mean 1. A tenth of the people have more than half of
    it."""
    square = u * u
    return 8.0 * (square * square * square * u)


def annoyance(reader: ReferenceMember, toxic: int, misfit: float) -> float:
    """How much toxic posts, and posts that did not fit, reduce the value of a visit.

    annoyance = toxic_hurt x sat(toxic posts read, toxic_half)
                + misfit_annoyance x sat(misfit, misfit_half)

    where misfit is the sum of 1 - fit over the posts read.
    """
    p = reader.model.p
    hurt = p.toxic_hurt * saturating(toxic, p.toxic_half)
    return hurt + p.misfit_annoyance * saturating(misfit, p.misfit_half)


def be_hurt(community: CommunityState) -> None:
    """Readers of toxic posts lose the confidence to post. (For trust see Trust.)

    voice -= min(toxic_silencing x toxic posts read, 1) x voice
    """
    p = community.p
    for member in community.each(community.visitors):
        if toxic := member.visit.toxic:
            community.today["toxic_read"] += toxic
            member.voice -= min(p.toxic_silencing * toxic, 1.0) * member.voice
