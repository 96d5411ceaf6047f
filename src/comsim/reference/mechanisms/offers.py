"""Offers: official posts that sell. They are worth less, tire, cost trust, and bring orders.

Part of `read`, `learn` (fatigue and trust) and `settle`. Lever: `offers`.
"""

from __future__ import annotations

from comsim.reference.member import ReferenceMember, saturating


def content_worth(member: ReferenceMember) -> float:
    """The worth of an official post: its quality, reduced by the share of offers.

    content worth = content_quality x (1 - offer_dullness x offers)
    """
    levers = member.levers
    return levers.content_quality * (1.0 - member.model.p.offer_dullness * levers.offers)


def offers_read(member: ReferenceMember) -> float:
    """The number of offers among the official posts read today; not a whole number.

    offers read = offers x official posts read
    """
    return member.levers.offers * member.visit.official


def offer_lift(member: ReferenceMember) -> float:
    """The factor by which offers read increase orders.

    offer lift = 1 + offer_sales x sat(offers read, offer_half)
    """
    p = member.model.p
    return 1.0 + p.offer_sales * saturating(offers_read(member), p.offer_half)
