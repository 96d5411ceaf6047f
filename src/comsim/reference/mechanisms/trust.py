"""Trust: what changes a member's trust in the operator, and what depends on it.

Part of `visit` (healing), `learn` (a visit) and `shake` (scars). It has no lever of its own.
Greetings, gifts, events, prizes, recognition and work lift trust (`lift`). Ads, offers, moderation
and answers change it on a visit. Outcomes: visits, posts, invitations, orders, events, leaving, and
how much ads annoy. Count: `trust_sum`.
"""

from __future__ import annotations

import math

from comsim.reference.mechanisms.moderate import weight_of
from comsim.reference.mechanisms.offers import offers_read
from comsim.reference.member import ReferenceMember


def build_trust(member: ReferenceMember, gained: float, joy: float) -> None:
    """The effect of a visit on trust. First trust rises, then it falls:

    good   = value_trust x gained / (gained + promised) + reply_trust x joy + answer_trust x solved
    bad    = disappointment x max(0, 1 - gained / promised) + silence x unheard
             + ad_distrust x ads x (1 - ad_tolerance x trust) + offer_distrust x offers read
             + toxic_distrust x toxic posts read + removal_distrust x removals
    trust += min(good, 1) x (1 - scar - trust), never negative
    trust -= min(bad, 1) x trust

    Promised is `first_expectation`, the value that people expect of a visit before they join.
    Solved is sat(answers by staff, 1). Unheard is 1 if the member posted today and neither members
    nor staff answered, else 0. Each removed post counts 1, or 1 + injustice if it was good, and
    more if its author is new (see Moderate).
    """
    p, visit = member.model.p, member.visit
    promised, trust = p.first_expectation, member.trust
    solved = member.model.helped.get(member, 0.0)
    unheard = bool(member.todays_posts) and not joy and not solved
    good = p.value_trust * (gained / (gained + promised) if gained else 0.0)
    good += p.reply_trust * joy
    good += p.answer_trust * solved
    bad = p.disappointment * ((promised - gained) / promised if gained < promised else 0.0)
    bad += p.silence * unheard
    bad += p.ad_distrust * visit.ads * (1.0 - p.ad_tolerance * trust)
    bad += p.offer_distrust * offers_read(member)
    bad += p.toxic_distrust * visit.toxic
    bad += p.removal_distrust * removals(member)
    risen = lifted(trust, member.scar, good)
    member.trust = risen - min(bad, 1.0) * risen


def removals(member: ReferenceMember) -> float:
    """The weight of the member's posts that moderators removed today."""
    return sum(weight_of(post) for post in member.model.removed if post.author is member)


def lifted(trust: float, scar: float, by: float) -> float:
    """Trust after a lift; a scar limits how far it can rise.

    trust += min(by, 1) x (1 - scar - trust), never negative
    """
    return trust + min(by, 1.0) * max(1.0 - scar - trust, 0.0)


def lift(member: ReferenceMember, by: float) -> None:
    """Lift a member's trust, as of today."""
    member.trust = lifted(member.trust, member.scar, by)


def trust_on(member: ReferenceMember) -> float:
    """A member's trust today. Between visits, it returns towards the trait first_trust:

    trust += (1 - exp(-trust_healing x days)) x (first_trust x (1 - scar) - trust)

    Days are counted from the last update of trust, by a visit, an event or a shock.
    """
    p, days = member.model.p, member.model.day - member.trust_day
    if p.trust_healing <= 0.0 or days <= 0:
        return member.trust
    share = 1.0 - math.exp(-p.trust_healing * days)
    return member.trust + share * (member.first_trust * (1.0 - member.scar) - member.trust)


def heal(member: ReferenceMember) -> None:
    """Bring a member's trust up to date."""
    member.trust = trust_on(member)
    member.trust_day = member.model.day


def deceive(member: ReferenceMember, damage: float) -> None:
    """Deceit leaves a scar, which never heals.

    scar += promise_scar x damage x (1 - scar)
    """
    member.scar += member.model.p.promise_scar * damage * (1.0 - member.scar)


def bearing(strength: float, trust: float) -> float:
    """The factor by which trust acts on an activity: 1 at full trust, 1 - strength without any.

    bearing = 1 - strength x (1 - trust)
    """
    return 1.0 - strength * (1.0 - trust)


def parting(member: ReferenceMember, trust: float) -> float:
    """The chance to leave at this level of trust, relative to that without any trust.

    parting = 1 - trust_loyalty x trust
    """
    return 1.0 - member.model.p.trust_loyalty * trust


def visit_factor(member: ReferenceMember) -> float:
    """The probability that a member who would visit does so, as far as it depends on trust.

    factor = 1 - trust_visits x (1 - trust)
    """
    return bearing(member.model.p.trust_visits, trust_on(member))
