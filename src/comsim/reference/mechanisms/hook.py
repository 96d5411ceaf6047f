"""Hook: whether a newcomer's first visit makes them come again. Part of `learn`.

Parameters, not levers: `bounce`, `hook_chance`, `hook_half`, `hook_reply`. Outcome: interest.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.member import ReferenceMember, saturating


def lost_by_bounce(member: ReferenceMember, gained: float, joy: float) -> float:
    """The share of interest that a visitor loses on the evening of the day of joining.

    lost   = bounce, unless hooked or a founder; on later days, nothing
    hooked with chance 1 - (1 - by value) x (1 - by replies), where
    by value   = hook_chance x sat(gained, hook_half)
    by replies = hook_reply x joy

    Gained is the value of the visit, replies included, and joy stands for the replies to the day's
    posts (see `take_in`).
    """
    p = member.model.p
    if p.bounce == 0.0 or member.joined_day < member.model.day or member.founder:
        return 0.0
    by_value = p.hook_chance * saturating(gained, p.hook_half)
    chance = 1.0 - (1.0 - by_value) * (1.0 - p.hook_reply * joy)
    return 0.0 if member.uniforms(Purpose.HOOK)[0] < chance else p.bounce
