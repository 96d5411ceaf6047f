"""Conversation: a reply brings an author back to post more. Part of `read`, `visit`, `publish`.

Parameters: `recall`, `talk_back`. Outcome: visits, posts and replies of the next day.

One exchange leads to the next, as in self-exciting processes (Hawkes 1971). It can't explode, since
a member visits at most once a day, and the posts and replies of a visit are limited.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.member import ACTIVE, ReferenceMember
from comsim.reference.rounding import single


def listen(community: CommunityState) -> None:
    """Record the authors whose posts members answered today. Answers by staff do not count."""
    community.answered = {post.author for post in community.posts if post.replies}


def is_called_back(member: ReferenceMember) -> bool:
    """Whether a member visits because of yesterday's replies: with probability `recall`, unless
    they have muted the community and get no notifications."""
    community = member.model
    if member not in community.answered or member.status != ACTIVE:
        return False
    return member.uniforms(Purpose.RECALL)[0] < community.p.recall


def talking_back(member: ReferenceMember, contribution: float) -> float:
    """The contribution of a visitor, raised on the day after an answer.

    contribution x (1 + talk_back)
    """
    if member in member.model.answered:
        return single(contribution * (1.0 + member.model.p.talk_back))
    return contribution
