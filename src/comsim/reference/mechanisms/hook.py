"""Hook: whether the first visit makes a newcomer return. Part of `learn`.

Parameters, not levers: `bounce`, `hook_chance`, `hook_half`, `hook_reply`. Outcome: interest.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.member import ReferenceMember, saturating


def lost_by_bounce(member: ReferenceMember, gained: float, joy: float) -> float:
    """The share of interest that a visitor loses on the evening of the day of joining.

    lost   = bounce, unless hooked or a founder; on later days, nothing
    hooked with chance 1 - (1 - by value) x (1 - by answers), where
    by value   = hook_chance x sat(gained, hook_half)
    by answers = hook_reply x max(joy, staff_reply_weight x solved)

    Gained is the value of the visit, including replies. Joy represents replies to the day's posts
    (see `take_in`), and solved represents answers by the staff (see Respond).
    """
    p = member.model.p
    if p.bounce == 0.0 or member.joined_day < member.model.day or member.founder:
        return 0.0
    by_value = p.hook_chance * saturating(gained, p.hook_half)
    solved = member.model.helped.get(member, 0.0)
    by_answers = p.hook_reply * max(joy, p.staff_reply_weight * solved)
    chance = 1.0 - (1.0 - by_value) * (1.0 - by_answers)
    u = member.model.market.uniforms(Purpose.HOOK, member.person)[0]
    return 0.0 if u < chance else p.bounce
