"""Overload: if there are more posts than anybody can read, more members leave. Part of `leave`.

This includes absent members. The effect depends on the number of today's posts that are visible
from a subgroup, so splitting a community relieves it. Off if `overload` is 0.
"""

import numpy as np

from comsim.model.declare import Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.belonging import CORE

PARAMETERS = [
    Parameter("overload", 2, "share", 0, 100,
              "by how much very many posts raise the chance to leave, for visiting and for absent "
              "members; 0: not at all", sign="Jones, Ravid and Rafaeli 2004; Butler 2001",
              label_zh="信息过载"),
    Parameter("overload_half", 10.0, "multiple of attention", 0.01, 1000,
              "number of today's visible posts, beyond those that a visit has attention for, that "
              "has half of that effect", label="posts of half overload", label_zh="半效过载的帖数"),
]  # fmt: skip


@njit
def strain(p, posts):
    """The factor of the chance to leave, with this many visible posts: 1 + overload x sat(posts
    beyond attention, overload_half x attention)."""
    beyond = np.float64(posts) - p.attention
    if beyond <= 0.0:
        return 1.0
    return 1.0 + p.overload * saturating(beyond, p.overload_half * p.attention)


@njit
def weigh_on(w):
    """The strain of today's posts on the members of each subgroup, or on all without subgroups."""
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
