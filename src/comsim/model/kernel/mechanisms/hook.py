"""Hook: whether the first visit makes a newcomer return. Part of `learn`.

Most people who come once do not return. Some are hooked by what they find, and by the answers they
get. Founders are exempt, since they were chosen by hand. Off if `bounce` is 0.
"""

import numpy as np

from comsim.model.declare import Parameter
from comsim.model.kernel.basics import FOUNDER, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.people import NO_DAY, draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

HOOK_DRAW = np.uint32(Purpose.HOOK)

PARAMETERS = [
    Parameter("bounce", 0.85, "share", 0, 1,
              "share of interest that a newcomer loses on the evening of the first visit, unless "
              "hooked; 0: everybody is hooked",
              "assumption; half of the authors in real communities post only once",
              label="interest lost unless hooked", label_zh="未被吸引者失去的兴趣"),
    Parameter("hook_chance", 0.7, "share", 0, 1,
              "chance that a first visit of very high value hooks a newcomer",
              label="hooked by value", label_zh="首次到访的吸引力"),
    Parameter("hook_half", 0.15, "value of a visit", 0.01, 1,
              "value of a first visit that has half of that effect",
              label="value of half the hooking effect", label_zh="半效吸引的价值"),
    Parameter("hook_reply", 0.5, "share", 0, 1,
              "chance that very many replies on the first day hook a newcomer; staff "
              "answers are weighted by staff_reply_weight",
              sign="Joyce and Kraut 2006", label="hooked by replies", label_zh="首日回复的吸引力"),
]  # fmt: skip


@njit
def chance_of_hook(p, gained, joy, solved):
    """The chance that a first visit hooks: by its value or, independently, by answers."""
    by_value = p.hook_chance * saturating(gained, p.hook_half)
    by_answers = p.hook_reply * max(joy, p.staff_reply_weight * solved)
    return 1.0 - (1.0 - by_value) * (1.0 - by_answers)


@njit
def lost_by_bounce(p, key, visit, inviter, gained, joy):
    """The share of interest that a visitor who joined today loses: 0 if hooked."""
    if inviter == FOUNDER:
        return 0.0
    u = uniform(draw(key, HOOK_DRAW, NO_DAY, visit.person, 0)[0])
    return 0.0 if u < chance_of_hook(p, gained, joy, visit.solved) else p.bounce
