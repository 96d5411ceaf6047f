"""Raffle: a prize for one of today's visitors attracts visits, as long as it is new.

Lever: `raffle`. Outcome: today's visits, and the winner's interest and trust. Count:
`cost_raffles`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.trust import lift
from comsim.reference.member import ReferenceMember, saturating
from comsim.reference.rounding import cents


def announce(community: CommunityState) -> None:
    """A prize raises visits by as much as its worth exceeds what the community is used to.

    worth  = sat(raffle, raffle_half)
    rhythm = rhythm x (1 + raffle_pull x max(worth - used to raffles, 0))
    used to raffles += raffle_adaptation x (worth - used to raffles)

    Rhythm multiplies every member's chance to visit today. Part of `visit`.
    """
    p = community.p
    worth = saturating(community.levers[0].raffle, p.raffle_half)
    news = max(worth - community.used_to_raffles, 0.0)
    community.rhythm *= 1.0 + p.raffle_pull * news
    community.used_to_raffles += p.raffle_adaptation * (worth - community.used_to_raffles)


def raffle(community: CommunityState) -> None:
    """One of today's visitors, drawn at random, wins the prize.

    interest += raffle_joy x (1 - interest)
    trust is lifted by raffle_joy (see `lift`)
    """
    prize = community.levers[0].raffle
    if prize > 0.0 and community.visitors:
        winner = max(community.visitors, key=lot)
        joy = community.p.raffle_joy
        winner.interest += joy * (1.0 - winner.interest)
        lift(winner, joy)
        community.today["cost_raffles"] = cents(prize)


def lot(member: ReferenceMember) -> tuple[float, int]:
    """A visitor's random rank. The greatest rank wins; in a tie, the lowest id."""
    return member.uniforms(Purpose.RAFFLE)[0], -member.person
