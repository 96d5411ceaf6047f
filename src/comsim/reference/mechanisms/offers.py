"""Offers: official posts that sell. They say less, tire, cost trust, and bring orders."""

from __future__ import annotations

from comsim.reference.member import Member, saturating


def content_worth(member: Member) -> float:
    """What an official post is worth: its quality, less as far as posts are offers."""
    levers = member.levers
    return levers.content_quality * (1.0 - member.model.p.offer_dullness * levers.offers)


def offers_read(member: Member) -> float:
    """As many of the official posts read on today's visit as were offers."""
    return member.levers.offers * member.visit.official


def offer_lift(member: Member) -> float:
    """How much more somebody orders who has read offers."""
    p = member.model.p
    return 1.0 + p.offer_sales * saturating(offers_read(member), p.offer_half)
