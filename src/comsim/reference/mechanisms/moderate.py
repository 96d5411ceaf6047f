"""Moderate: staff remove posts before anyone reads them, including some good ones.

Part of `publish` and `learn`. Lever: `moderation` (strictness). Outcome: which posts are read, and
the reaction of authors. Counts: `removed`, `removed_good`, `cost_moderation`.
"""

from __future__ import annotations

from collections import Counter

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.topics import MAIN_TOPIC, fit_between
from comsim.reference.member import GOOD, Post, ReferenceMember
from comsim.reference.rounding import cents


def moderate(community: CommunityState) -> None:
    """Each post of a moderated author is checked, and stays or is removed.

    cost = moderation_cost x strictness x posts checked
    """
    community.removed, checked = [], Counter()
    for member in community.each(community.visitors):
        if member.levers.moderation > 0.0 and member.todays_posts:
            checked[member.cell] += len(member.todays_posts)
            remove_posts(member)
    if community.removed:
        community.posts = [post for post in community.posts if not post.removed]
    for cell, number in checked.items():
        price = community.p.moderation_cost * community.levers[cell].moderation
        community.today["cost_moderation"] += cents(price * number)


def remove_posts(author: ReferenceMember) -> None:
    """Removed posts count as written and as paid; they have no other effect on readers."""
    today = author.model.today
    for nth, post in enumerate(author.todays_posts):
        post.removed = author.uniforms(Purpose.CONDUCT, nth + 1)[1] < chance_to_go(post)
        if post.removed:
            author.model.removed.append(post)
            today["removed"] += 1
            today["removed_good"] += post.kind == GOOD
    author.todays_posts = [post for post in author.todays_posts if not post.removed]


def chance_to_go(post: Post) -> float:
    """The probability that a post is removed: high for bad posts even at moderate strictness, for
    good posts only at high strictness.

    bad  = detection x s x (2 - s)
    good = (false_alarms + narrowness x astray) x s^3

    where s is strictness, 0 to 1, and astray is 1 - fit to the main topic.
    """
    p, strictness = post.author.model.p, post.author.levers.moderation
    if post.kind != GOOD:
        return p.detection * strictness * (2.0 - strictness)
    astray = 1.0 - fit_between(p.breadth, post.topic, MAIN_TOPIC)
    return (p.false_alarms + p.narrowness * astray) * (strictness * strictness * strictness)


def take_removals(community: CommunityState) -> None:
    """A removal costs the author voice and interest, and more if the post was good. (For trust see
    Trust.)

    voice    -= min(removal_silencing x weight, 1) x voice
    interest -= min(removal_chill x weight, 1) x interest
    """
    p = community.p
    for post in community.removed:
        author, weight = post.author, weight_of(post)
        author.voice -= min(p.removal_silencing * weight, 1.0) * author.voice
        author.interest -= min(p.removal_chill * weight, 1.0) * author.interest


def weight_of(post: Post) -> float:
    """The weight of a removal.

    weight = 1 for a bad post, 1 + injustice for a good one; times 1 + newcomer_hurt if the author
             is a newcomer
    """
    p = post.author.model.p
    weight = 1.0 + p.injustice if post.kind == GOOD else 1.0
    return weight * (1.0 + p.newcomer_hurt * post.author.is_newcomer)
