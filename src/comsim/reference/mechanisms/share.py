"""Share: buyers invite others, and both sides may get rewards. Part of `arrive`.

Lever: `newcomer_reward` (for the inviter's reward, `referral_reward`, see Arrive). Parameter:
`share_after_order`. Counts: `invitations_shared`, `cost_fission` (in the trade, fission means
growth by rewarded invitations).
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.mechanisms.trust import bearing
from comsim.reference.member import ReferenceMember, saturating


def shares(member: ReferenceMember) -> int | None:
    """The person whom one of yesterday's buyers invites, if any.

    chance = share_after_order x interest x bearing(trust_invitations, trust)

    One contact is drawn at random. If this contact has ever joined, nobody is invited.
    """
    community = member.model
    p = community.p
    chance = p.share_after_order * member.interest * bearing(p.trust_invitations, member.trust)
    wants, which, _, _ = member.uniforms(Purpose.SHARE)
    if wants >= chance:
        return None
    other = community.market.acquaintance(member.person, which)
    return None if other is None or other in community.joined else other


def counts_as(member: ReferenceMember, after_order: bool) -> int:
    """How many invitations one invitation counts as: sometimes two, if newcomers get a reward.

    probability of two = newcomer_pull x sat(newcomer_reward, newcomer_half), else one
    """
    p = member.model.p
    chance = p.newcomer_pull * saturating(member.levers.newcomer_reward, p.newcomer_half)
    return 1 + (member.uniforms(Purpose.FISSION, int(after_order))[0] < chance)
