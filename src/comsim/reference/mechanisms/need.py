"""Need: orders satisfy the need for the product; it returns slowly, and with new products.

Part of `settle`. Lever: `release`. Outcome: orders, which fall with need. Parameters:
`need_wear` (0: unlimited need), `need_renewal`, `release_need`.
"""

from __future__ import annotations

import math

from comsim.reference.community import CommunityState
from comsim.reference.member import ReferenceMember


def need(member: ReferenceMember) -> float:
    """A member's remaining need for the product, 0 to 1.

    need = 1 - need_used x exp(-need_renewal x days since need_day)

    A satisfied need therefore returns at a constant daily rate.
    """
    p, days = member.model.p, member.model.day - member.need_day
    if p.need_wear == 0.0:
        return 1.0
    return 1.0 - member.need_used * math.exp(-p.need_renewal * days)


def use_up(member: ReferenceMember) -> None:
    """An order uses up a share of the remaining need.

    need_used = 1 - need x (1 - need_wear), need_day = today
    """
    if member.model.p.need_wear > 0.0:
        member.need_used = 1.0 - need(member) * (1.0 - member.model.p.need_wear)
        member.need_day = member.model.day


def renew_needs(community: CommunityState) -> None:
    """A product release renews part of every member's satisfied need.

    need_used -= release_need x release x need_used
    """
    share = community.p.release_need * community.levers[0].release
    if share > 0.0 and community.p.need_wear > 0.0:
        for member in community.each(community.agents):
            member.need_used *= 1.0 - share
