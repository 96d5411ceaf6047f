"""Persuade: whether an invitation makes a person join, and when. Part of `arrive`.

Lever: `newcomer_reward`. Parameters: `word_of_mouth`, `joining_lag`, `newcomer_pull`,
`newcomer_half`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.spells import whole_days
from comsim.reference.member import ReferenceMember, saturating


def persuades(member: ReferenceMember, person: int) -> bool:
    """Whether an invitation by a member persuades a person to join.

    chance = word_of_mouth / contacts x eagerness
             x (1 + newcomer_pull x sat(newcomer_reward, newcomer_half))

    The u that decides is fixed for each pair, so inviting the same person again changes nothing
    (the independent cascade of Goldenberg, Libai and Muller 2001). A member who invites every
    acquaintance therefore brings `word_of_mouth` people on average, if none of them has joined yet.
    """
    community, p = member.model, member.model.p
    word = words(community.seed, Purpose.PERSUADE, 0, member.person, person)[0]
    chance = p.word_of_mouth / p.contacts * community.market.eagerness(person)
    reward = saturating(member.levers.newcomer_reward, p.newcomer_half)
    return uniform_from(word) < chance * (1.0 + p.newcomer_pull * reward)


def day_of_joining(community: CommunityState, person: int) -> int:
    """The day on which a person who is persuaded today joins.

    lag = whole days with median joining_lag (see Spells, `whole_days`)

    Each person has a fixed u. About half of the people join within `joining_lag` days, and a few
    very late (Iribarren and Moro 2009 found a heavy tail).
    """
    u = community.market.uniforms(Purpose.MARKET, person)[3]
    return community.day + whole_days(community.p.joining_lag, u)
