"""Release: a new product restores novelty and brings members back.

Lever: `release`. Outcome: novelty and interest of all members, visiting or not.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState


def release(community: CommunityState) -> None:
    """On the morning of a release, novelty and interest rise, and so does the novelty that
    newcomers will inherit. The share of novelty restored is the square of the size:

    share = release x release
    novelty  += share x (1 - novelty)
    interest += release_interest x share x (1 - interest)

    Afterwards, interest fades and novelty wears off as usual.
    """
    p, size = community.p, community.levers[0].release
    if size > 0.0:
        share = size * size
        lift = p.release_interest * share
        community.novelty += share * (1.0 - community.novelty)
        for member in community.each(community.agents):
            member.novelty += share * (1.0 - member.novelty)
            member.interest += lift * (1.0 - member.interest)
