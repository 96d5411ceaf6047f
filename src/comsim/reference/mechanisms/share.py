"""Share: who has just bought something invites more; rewards for both sides."""

from __future__ import annotations

from comsim.reference.member import Member, saturating
from comsim.rng import Purpose


def shares(member: Member) -> int | None:
    """An outsider whom somebody who ordered yesterday invites, if any.

    chance = share after an order x interest x trust, for one contact by lot
    """
    community = member.model
    chance = community.p.share_after_order * member.interest * member.trust
    wants, which, _, _ = member.luck(Purpose.SHARE)
    if wants >= chance:
        return None
    other = community.market.acquaintance(member.person, which)
    return None if other is None or other in community.joined else other


def counts_as(member: Member, after_order: bool) -> int:
    """How many invitations one of today's counts as: with a reward for the new one, often two."""
    p = member.model.p
    chance = p.newcomer_pull * saturating(member.levers.newcomer_reward, p.newcomer_half)
    return 1 + (member.luck(Purpose.FISSION, int(after_order))[0] < chance)
