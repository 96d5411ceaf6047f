"""Spells: everyday life keeps members away for a while. Part of `visit`.

Parameters: `idle_chance`, `idle_days`. Outcome: visits.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.member import ReferenceMember

LONGEST_SPELL = 400.0  # days


def begin_spell(member: ReferenceMember) -> None:
    """After a visit, an idle spell begins with probability `idle_chance`.

    days = whole part of min(idle_days x v / (1 - v), 400)

    v is a separate random number. The median is `idle_days`, and one spell in ten is at least nine
    times as long (a log-logistic distribution). The times between a person's actions have such
    heavy tails (Barabasi 2005). Until the spell is over, the member does not visit.
    """
    p, community = member.model.p, member.model
    if p.idle_chance == 0.0:
        return
    u, v, *_ = member.uniforms(Purpose.SPELL)
    if u < p.idle_chance:
        days = int(min(p.idle_days * v / (1.0 - v), LONGEST_SPELL))
        member.idle_until = community.day + 1 + days


def is_idle(member: ReferenceMember) -> bool:
    """Whether the member is in an idle spell today."""
    return member.model.day < member.idle_until
