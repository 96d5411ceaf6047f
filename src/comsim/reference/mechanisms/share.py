"""Share: buyers invite others, and both sides may get rewards. Part of `arrive`.

Levers: `newcomer_reward` (see Persuade) and `referral_reward` (for the inviter, see Arrive).
Parameter: `share_after_order`. Counts: `invitations_shared`, `cost_fission` (fission is the
operators' term for growth by rewarded invitations).
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.mechanisms.trust import bearing
from comsim.reference.member import ReferenceMember


def shares(member: ReferenceMember) -> int | None:
    """The person whom one of yesterday's buyers invites, if any.

    chance = share_after_order x interest x bearing(trust_invitations, trust)

    One contact is drawn at random. If this contact is not outside, nobody is invited.
    """
    community = member.model
    p = community.p
    chance = p.share_after_order * member.interest * bearing(p.trust_invitations, member.trust)
    wants, which, _, _ = member.uniforms(Purpose.SHARE)
    if wants >= chance:
        return None
    other = community.market.acquaintance(member.person, which)
    return None if other is None or not community.is_outside(other) else other
