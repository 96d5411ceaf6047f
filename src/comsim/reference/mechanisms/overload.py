"""Overload: if there are more posts than anybody can read, more members leave. Part of `leave`.

Parameters, not levers: `overload`, `overload_half`. Outcome: the chance to leave.
"""

from __future__ import annotations

from comsim.reference.mechanisms.sight import near_posts
from comsim.reference.member import ReferenceMember, saturating


def strain(member: ReferenceMember) -> float:
    """The factor of the chance to leave, for visiting and absent members. It rises with posts.

    strain = 1 + overload x sat(posts beyond attention, overload_half x attention)

    Posts are today's posts in the member's subgroup and in the core, or all posts if there are no
    subgroups. Up to `attention` posts cause no strain.
    """
    p = member.model.p
    beyond = len(near_posts(member)) - p.attention
    if p.overload == 0.0 or beyond <= 0:
        return 1.0
    return 1.0 + p.overload * saturating(beyond, p.overload_half * p.attention)
