"""Dilution: the more people talk in one room, the less one knows each of them. Part of `read`.

Parameters, not levers: `dilution`, `dilution_half`. Outcome: what strangers' posts are worth, and
how often they are replied to.
"""

from comsim.reference.mechanisms.sight import near_posts
from comsim.reference.member import ReferenceMember, saturating


def familiarity(member: ReferenceMember) -> float:
    """What is left of the worth of strangers' posts, the more authors share the feed.

    familiarity = 1 - dilution x sat(authors today, dilution_half)

    Authors are those in sight of the reader: of the whole community, or of the subgroup and core.
    """
    p = member.model.p
    authors = len({post.author for post in near_posts(member)})
    return 1.0 - p.dilution * saturating(authors, p.dilution_half)
