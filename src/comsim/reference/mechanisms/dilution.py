"""Dilution: the more authors share a feed, the less readers know each of them. Part of `read`.

Parameters, not levers: `dilution`, `dilution_half`. Outcome: the value of strangers' posts, and
their replies.
"""

from comsim.reference.mechanisms.sight import near_posts
from comsim.reference.member import ReferenceMember, saturating


def familiarity(member: ReferenceMember) -> float:
    """The factor of the value of strangers' posts: the more authors, the lower.

    familiarity = 1 - dilution x sat(authors today, dilution_half)

    Authors are those in sight: of the whole community, or of the reader's subgroup and the core.
    """
    p = member.model.p
    authors = len({post.author for post in near_posts(member)})
    return 1.0 - p.dilution * saturating(authors, p.dilution_half)
