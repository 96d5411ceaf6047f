"""Release: a new product acts at once and brings lapsed members back; its effects fade.

On the morning of a release, part of the lost novelty is restored and interest rises, for all
members, however long they have been away. Afterwards, interest fades and novelty wears off as
usual. Both effects grow with the square of the size: major updates bring players back, and minor
ones change little (Zhong and Xu 2022).
"""

import numpy as np

from comsim.model.declare import Lever, Parameter
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.compile import njit

PARAMETERS = [
    Parameter("release_interest", 0.15, "share", 0, 1,
              "share of the way to 1 that a release of size 1 lifts the interest of all members",
              sign="Zhong and Xu 2022: major updates bring players back", effect="release",
              label="interest raised by a release", label_zh="产品发布激起的兴趣"),
]  # fmt: skip

LEVERS = [
    Lever("release", 0.0, "share", 0, 1,
          "size of a product release; its square is the share of novelty that it restores",
          meaning_zh="产品发布的力度；其平方为恢复新鲜感的比例", group="business",
          grade="elsewhere", sources=("Zhong and Xu 2022",), scope="community", act=True,
          label="product release", label_zh="产品发布"),
]  # fmt: skip


@njit
def release(w, day):
    """Today's release, if any: it restores part of the novelty and raises interest."""
    m, p, now = w.m, w.p[0], w.now[0]
    size = w.levers[day, 0].release
    if size <= 0.0:
        return
    share = size * size
    lift = p.release_interest * share
    now.novelty += share * (1.0 - now.novelty)
    for row in range(now.rows):
        if m.status[row] != LEFT:
            new, x = np.float64(m.own[row].novelty), np.float64(m.interest[row])
            m.own[row].novelty = new + share * (1.0 - new)
            m.interest[row] = x + lift * (1.0 - x)
