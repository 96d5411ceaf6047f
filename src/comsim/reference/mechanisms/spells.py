"""Spells: everyday life keeps members away for a while. Part of `visit`.

Parameters: `idle_chance`, `idle_days`. Outcome: visits.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.member import ReferenceMember

LONGEST = 400.0  # days


def begin_spell(member: ReferenceMember) -> None:
    """After a visit, an idle spell begins with probability `idle_chance`.

    days = whole days with median idle_days (see `whole_days`)

    The times between a person's actions have such heavy tails (Barabasi 2005). Until the spell is
    over, the member does not visit.
    """
    p, community = member.model.p, member.model
    if p.idle_chance == 0.0:
        return
    u, v, *_ = member.uniforms(Purpose.SPELL)
    if u < p.idle_chance:
        member.idle_until = community.day + 1 + whole_days(p.idle_days, v)


def whole_days(median: float, u: float) -> int:
    """A random number of days with a heavy tail, below 400: log-logistic and truncated.

    v    = u x 400 / (400 + median)
    days = whole part of (median x v / (1 - v))

    If `median` is short, about half of all numbers are below it, and one in ten is about nine times
    as long or longer.
    """
    v = u * LONGEST / (LONGEST + median)
    return int(median * v / (1.0 - v))


def is_idle(member: ReferenceMember) -> bool:
    """Whether the member is in an idle spell today."""
    return member.model.day < member.idle_until
