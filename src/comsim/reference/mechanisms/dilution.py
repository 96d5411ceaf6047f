"""Dilution: the more people talk in one room, the less one knows each of them."""

from comsim.reference.mechanisms.sight import near_posts
from comsim.reference.member import Member, saturating


def familiarity(member: Member) -> float:
    """What is left of the worth of strangers' posts, the more authors share the feed."""
    p = member.model.p
    authors = len({post.author for post in near_posts(member)})
    return 1.0 - p.dilution * saturating(authors, p.dilution_half)
