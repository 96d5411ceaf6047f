"""KOL: paid key opinion leaders reach people of the market; a few of these join.

Lever: `kol_reach`. Outcome: newcomers, who have less interest and trust than others. Counts:
`kol_reached`, `joined_kol`, `cost_kol`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.arrive import join
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.membership import accepts
from comsim.reference.rounding import cents, whole_of


def campaign(community: CommunityState) -> None:
    """Key opinion leaders reach the next people of a queue; some of those who are outside join.

    The queue is a second random order of the market, and starts again at its end. Nobody is reached
    twice a day. Everyone reached costs `kol_cost`, including members. These newcomers differ from
    others:

    interest = kol_interest x interest
    trust    = kol_trust x trust
    """
    p, market, today = community.p, community.market, community.today
    if community.levers[0].kol_reach <= 0.0:
        return
    community.kol_carry += community.levers[0].kol_reach
    whole = whole_of(community.kol_carry)
    community.kol_carry -= whole
    reached, fee = min(whole, market.size), community.levers[0].entry_fee
    for place in range(community.next_reached, community.next_reached + reached):
        person = market.unshuffled(Purpose.KOL_QUEUE, place % market.size)
        if community.is_outside(person) and is_won(community, person):
            if not accepts(community, person, fee):
                today["declined"] += 1
                continue
            member = join(community, person, fee)
            member.interest *= p.kol_interest
            member.trust *= p.kol_trust
            today["joined_kol"] += 1
    community.next_reached += reached
    today["kol_reached"] = reached
    today["cost_kol"] = cents(p.kol_cost * reached)


def is_won(community: CommunityState, person: int) -> bool:
    """Whether a person reached joins: chance = kol_conversion, each time."""
    word = words(community.seed, Purpose.KOL_JOIN, community.day, person)[0]
    return uniform_from(word) < community.p.kol_conversion
