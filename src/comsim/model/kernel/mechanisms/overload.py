"""Overload: where there is more to read than anybody can, more members leave. Part of `leave`.

Members who stay away leave sooner too. What counts is the number of today's posts that can be seen
from a subgroup, so that splitting a community relieves it. Off unless `overload` is set.
"""

import numpy as np

from comsim.model.declare import Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.belonging import CORE

PARAMETERS = [
    Parameter("overload", 2, "share", 0, 100,
              "how much more members leave, and leave in absence, where there are very many posts; "
              "0 for none", sign="Jones, Ravid and Rafaeli 2004; Butler 2001", label_zh="信息过载"),
    Parameter("overload_half", 10.0, "multiple of attention", 0.01, 1000,
              "today's posts in sight, beyond those that a visit has attention for, that have half "
              "of that effect", label="posts of half overload", label_zh="半效过载的帖数"),
]  # fmt: skip


@njit
def strain(p, posts):
    """The factor of leaving with so many posts in sight: 1 + overload x sat(posts beyond attention,
    overload_half x attention)."""
    beyond = np.float64(posts) - p.attention
    if beyond <= 0.0:
        return 1.0
    return 1.0 + p.overload * saturating(beyond, p.overload_half * p.attention)


@njit
def weigh_on(w):
    """The strain of today's posts on the members of each subgroup; without subgroups, on all."""
    p, now, subgroups = w.p[0], w.now[0], w.subgroups
    if p.overload <= 0.0:
        return
    if now.subgroups == 0:
        subgroups[CORE].strain = strain(p, now.posts)
    for home in range(now.subgroups):
        here = subgroups[home]
        hears = home != CORE and here.child == 0
        here.strain = strain(p, here.posts + (subgroups[CORE].posts if hears else 0))


@njit
def strain_on(w, row):
    """The factor of a member's chance to leave today."""
    return w.subgroups[w.m.subgroup[row]].strain if w.p[0].overload > 0.0 else 1.0
