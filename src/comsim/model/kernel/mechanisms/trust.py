"""Trust in the operator: what changes it, and what depends on it.

A visit raises trust through value received, replies and solved problems. It lowers trust through
unmet expectations, unanswered posts, ads, offers, toxic posts and removals. Between visits, trust
returns towards the member's own disposition. Deceit leaves a scar that never heals. Other
mechanisms raise trust with `lift`, and use `bearing` where members' activity depends on it. A
member's trust is stored as of `trust_day` and is brought up to date when needed.
"""

import math

import numpy as np

from comsim.model.declare import Column, MemberField, Parameter
from comsim.model.kernel.basics import fixed
from comsim.model.kernel.compile import njit

FASTER = "Slovic 1993 (trust is lost faster than it is won)"
RECOMMENDS = "Anaya-Sanchez et al. 2020 (trust and repurchase, recommendation)"

PARAMETERS = [
    Parameter("value_trust", 0.025, "share", 0, 1,
              "how far a visit that gives much more than was promised lifts trust",
              "assumption; trust follows kept promises", label="trust gained by value",
              label_zh="所得价值带来的信任"),
    Parameter("reply_trust", 0.06, "share", 0, 1, "how far very many replies lift trust",
              label="trust gained by replies", label_zh="回复带来的信任"),
    Parameter("answer_trust", 0.10, "share", 0, 1,
              "how far very many answers by the staff lift trust",
              sign="Sirdeshmukh, Singh and Sabol 2002 (solving problems)", effect="response_rate",
              label="trust gained by staff answers", label_zh="官方回复带来的信任"),
    Parameter("disappointment", 0.08, "share", 0, 1,
              "share of trust lost on a visit that gives nothing of what was promised",
              sign=FASTER, label="trust lost by disappointment",
              label_zh="期望落空损耗的信任"),
    Parameter("silence", 0.02, "share", 0, 1,
              "share of trust that an author loses on a day when nobody replies",
              label="trust lost without replies", label_zh="无人回应损耗的信任"),
    Parameter("ad_distrust", 0.004, "an ad", 0, 1,
              "share of trust that a member with almost no trust loses by one ad",
              sign="van Doorn and Hoekstra 2013 (intrusiveness)", effect="ad_pressure",
              label="trust lost by an ad", label_zh="广告损耗的信任"),
    Parameter("ad_tolerance", 0.5, "share", 0, 1,
              "how much less trust a member with full trust loses by an ad", effect="ad_pressure",
              label="tolerance of ads", label_zh="对广告的容忍"),
    Parameter("offer_distrust", 0.004, "an offer", 0, 1, "share of trust lost by one offer",
              effect="offers", label="trust lost by an offer", label_zh="促销损耗的信任"),
    Parameter("toxic_distrust", 0.01, "a post", 0, 1, "share of trust lost by one toxic post",
              label="trust lost by a toxic post", label_zh="恶意帖损耗的信任"),
    Parameter("removal_distrust", 0.015, "share", 0, 1,
              "share of trust that an author loses when a bad post is removed", effect="moderation",
              label="trust lost by a removal", label_zh="删帖损耗的信任"),
    Parameter("trust_healing", 0.01, "a day", 0, 1,
              "how fast trust returns towards a member's own first trust",
              "assumption; trust recovers, after Schweitzer, Hershey and Bradlow 2006",
              clock=1, label="healing of trust", label_zh="信任的自愈"),
    Parameter("promise_scar", 0.6, "share", 0, 1,
              "share of trust that can't recover after the worst deceit, without any buffer",
              sign="Schweitzer, Hershey and Bradlow 2006 (after deceit trust never recovers fully)",
              label="scar of deceit", label_zh="欺骗留下的伤痕"),
    Parameter("trust_visits", 0.3, "share", 0, 1,
              "share of visits, and of attendance at events, lost without trust",
              label="trust and visits", label_zh="信任对到访的影响"),
    Parameter("trust_posts", 0.3, "share", 0, 1, "share of posts lost without trust",
              label="trust and posts", label_zh="信任对发帖的影响"),
    Parameter("trust_invitations", 0.7, "share", 0, 1, "share of invitations lost without trust",
              sign=RECOMMENDS, label="trust and invitations", label_zh="信任对邀请的影响"),
    Parameter("trust_orders", 0.5, "share", 0, 1,
              "share of orders, and of memberships bought, lost without trust", sign=RECOMMENDS,
              label="trust and orders", label_zh="信任对下单的影响"),
    Parameter("trust_loyalty", 0.4, "share", 0, 1,
              "how much less likely a member with full trust is to leave",
              label="trust and loyalty", label_zh="信任对留下的影响"),
]  # fmt: skip

COLUMNS = [
    Column("trust_sum", "2^-30", "sum of trust over today's visitors, in the evening",
           observable=False, mean="trust_mean", over="dau", days=7, label="trust",
           label_zh="信任"),
]  # fmt: skip

FIELDS = [
    MemberField("trust", "f4", "trust, 0 to 1, on the day `trust_day`"),
    MemberField("first_trust", "f4", "trait: disposition, towards which trust returns"),
    MemberField("scar", "f4", "part of trust that can't recover because of deceit, 0 to 1"),
    MemberField("trust_day", "i4", "last day on which trust was brought up to date"),
]  # fmt: skip

RAISES = ("worth", "replies", "answers")
TAKES = ("let_down", "silence", "ads", "offers", "toxic", "removed")


@njit(forceinline=True)
def causes(p, trust, gained, joy, solved, unheard, ads, offers, toxic, removals):
    """The effects of a visit on trust: RAISES, shares of the way to 1; then TAKES, shares of trust.

    `gained` is the value of the visit, and `first_expectation` is the promise. `joy` (replies) and
    `solved` (staff answers) are from 0 to 1. `unheard` is 1 for posts without any answer.
    """
    promised = p.first_expectation
    return (
        p.value_trust * (gained / (gained + promised) if gained > 0.0 else 0.0),
        p.reply_trust * joy,
        p.answer_trust * solved,
        p.disappointment * ((promised - gained) / promised if gained < promised else 0.0),
        p.silence * unheard,
        p.ad_distrust * ads * (1.0 - p.ad_tolerance * trust),
        p.offer_distrust * offers,
        p.toxic_distrust * toxic,
        p.removal_distrust * removals,
    )


@njit(forceinline=True)
def lifted(trust, scar, by):
    """Trust after a lift: a share of the way to the highest level that the scar allows."""
    return trust + min(by, 1.0) * max(1.0 - scar - trust, 0.0)


@njit(forceinline=True)
def after_visit(p, trust, scar, gained, joy, solved, unheard, ads, offers, toxic, removals):
    """Trust after a visit: first it rises, then it falls."""
    c = causes(p, trust, gained, joy, solved, unheard, ads, offers, toxic, removals)
    risen = lifted(trust, scar, c[0] + c[1] + c[2])
    return risen - min(c[3] + c[4] + c[5] + c[6] + c[7] + c[8], 1.0) * risen


@njit(forceinline=True)
def healed(p, trust, scar, first_trust, days):
    """Trust after a number of days: closer to the disposition, which the scar lowers."""
    if p.trust_healing <= 0.0 or days <= 0:
        return trust
    return trust + (1.0 - math.exp(-p.trust_healing * days)) * (first_trust * (1.0 - scar) - trust)


@njit
def trust_on(p, mine, day):
    """A member's trust on a day."""
    return healed(
        p, np.float64(mine.trust), np.float64(mine.scar), np.float64(mine.first_trust),
        day - np.int64(mine.trust_day),
    )  # fmt: skip


@njit
def heal(p, mine, day):
    """Bring a member's trust up to date."""
    mine.trust = trust_on(p, mine, day)
    mine.trust_day = day


@njit
def deceive(p, mine, damage):
    """Deceit leaves a scar in a member."""
    scar = np.float64(mine.scar)
    mine.scar = scar + p.promise_scar * damage * (1.0 - scar)


@njit
def lift(w, visit, by):
    """Lift the trust of one of today's visitors."""
    mine = w.m.own[visit.row]
    visit.trust = lifted(np.float64(visit.trust), np.float64(mine.scar), by)
    mine.trust = visit.trust


@njit(forceinline=True)
def bearing(strength, trust):
    """The factor of an activity at this level of trust: 1 at full trust, 1 - strength without."""
    return 1.0 - strength * (1.0 - trust)


@njit(forceinline=True)
def visit_factor(p, trust):
    """The chance that a member who would visit does so, at this level of trust."""
    return bearing(p.trust_visits, trust)


@njit(forceinline=True)
def parting(p, trust):
    """The chance to leave at this level of trust, relative to that without any trust."""
    return 1.0 - p.trust_loyalty * trust


@njit
def sum_trust(w):
    """The sum of trust over today's visitors, in fixed point."""
    total = np.int64(0)
    for at in range(w.now[0].visitors):
        total += fixed(w.visits[at].trust)
    return total
