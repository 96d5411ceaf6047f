"""Share: who has just bought something invites more; rewards for both sides. Part of `arrive`.

Lever: `newcomer_reward` (that of the inviter is `referral_reward`, in Arrive). Parameter:
`share_after_order`. Counts: `invitations_shared`, `cost_fission` (fission is the trade's word for
growth by invitations that are rewarded).
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.member import ReferenceMember, saturating


def shares(member: ReferenceMember) -> int | None:
    """An outsider whom somebody who ordered yesterday invites, if any.

    chance = share_after_order x interest x trust

    One contact is drawn by lot; if that one has ever joined, nobody is invited.
    """
    community = member.model
    chance = community.p.share_after_order * member.interest * member.trust
    wants, which, _, _ = member.uniforms(Purpose.SHARE)
    if wants >= chance:
        return None
    other = community.market.acquaintance(member.person, which)
    return None if other is None or other in community.joined else other


def counts_as(member: ReferenceMember, after_order: bool) -> int:
    """How many invitations one of today's counts as: with a reward for the new one, often two.

    chance of two = newcomer_pull x sat(newcomer_reward, newcomer_half), else one
    """
    p = member.model.p
    chance = p.newcomer_pull * saturating(member.levers.newcomer_reward, p.newcomer_half)
    return 1 + (member.uniforms(Purpose.FISSION, int(after_order))[0] < chance)
