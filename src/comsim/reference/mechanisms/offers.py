"""Offers: official posts that sell. They say less, tire, cost trust, and bring orders.

Part of `read`, `learn` (which has how they tire and cost trust) and `settle`. Lever: `offers`.
"""

from __future__ import annotations

from comsim.reference.member import ReferenceMember, saturating


def content_worth(member: ReferenceMember) -> float:
    """What an official post is worth: its quality, less as far as posts are offers.

    content worth = content_quality x (1 - offer_dullness x offers)
    """
    levers = member.levers
    return levers.content_quality * (1.0 - member.model.p.offer_dullness * levers.offers)


def offers_read(member: ReferenceMember) -> float:
    """How many of the official posts read on today's visit were offers; not a whole number.

    offers read = offers x official posts read
    """
    return member.levers.offers * member.visit.official


def offer_lift(member: ReferenceMember) -> float:
    """How much more somebody orders who has read offers.

    offer lift = 1 + offer_sales x sat(offers read, offer_half)
    """
    p = member.model.p
    return 1.0 + p.offer_sales * saturating(offers_read(member), p.offer_half)
