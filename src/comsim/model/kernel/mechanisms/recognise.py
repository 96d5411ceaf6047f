"""Recognise: badges, titles and thanks for members who post; an unpaid incentive.

Recognised members post more for a while, above all those who have posted much: awards motivate
people who already work hard (Restivo and van de Rijt 2014). Members soon get used to recognition,
so occasional recognition does more than regular recognition. Unlike rewards (`publish`), it creates
no expectation: when it ends, nobody posts less than before it began.
"""

import numpy as np

from comsim.model.declare import Lever, MemberField, Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import lift

PARAMETERS = [
    Parameter("recognition_pull", 0.6, "share", 0, 10,
              "by how much full recognition raises posting by members who have posted very much",
              sign="Gallus 2017 and Restivo and van de Rijt 2012", effect="recognition",
              label="pull of recognition", label_zh="荣誉对发帖的拉力"),
    Parameter("recognition_half", 1.0, "posts", 0.01, 1e4,
              "number of posts so far at which recognition has half of that effect",
              sign="Restivo and van de Rijt 2014: only hard workers respond", effect="recognition",
              label="posts of half effect of recognition", label_zh="荣誉半效的发帖数"),
    Parameter("recognition_fading", 0.03, "a visit", 0, 1,
              "share of the effect of recognition that fades with each visit", effect="recognition",
              label="fading of recognition", label_zh="荣誉作用的消退"),
    Parameter("recognition_trust", 0.02, "share", 0, 1,
              "how far full recognition of a day's posts lifts trust", effect="recognition",
              label="recognition and trust", label_zh="荣誉对信任的提升"),
    Parameter("recognition_adaptation", 0.6, "a day with posts", 0, 1,
              "how fast an author gets used to recognition; only the surprise counts",
              effect="recognition",
              label="getting used to recognition", label_zh="对荣誉的习惯速度"),
]  # fmt: skip

LEVERS = [
    Lever("recognition", 0.0, "0 to 1", 0, 1, "badges, titles and thanks for members who post",
          meaning_zh="给发帖者的徽章、头衔和感谢", group="incentives", grade="measured",
          sources=("Gallus 2017", "Restivo and van de Rijt 2012", "Burtch et al. 2022",
                   "Matias et al. 2020"),
          label_zh="荣誉激励"),
]  # fmt: skip

FIELDS = [
    MemberField("recognised", "f4", "recognition that this member is used to, 0 to 1"),
    MemberField("stirred", "f4", "recent recognition that still makes this member post, 0 to 1"),
]  # fmt: skip


@njit(forceinline=True)
def felt(level, used):
    """Recognition as felt by an author who is used to some of it."""
    return level * (1.0 - used)


@njit
def spur(w):
    """Recently recognised visitors contribute more today; part of `publish`."""
    m, p, now = w.m, w.p[0], w.now[0]
    if now.recognition_known == 0:
        return
    for at in range(now.visitors):
        visit, mine = w.visits[at], m.own[w.visits[at].row]
        stirred = np.float64(mine.stirred)
        if stirred > 0.0:
            moved = saturating(np.float64(mine.posts), p.recognition_half)
            pull = p.recognition_pull * stirred * moved
            visit.contribution = np.float64(visit.contribution) * (1.0 + pull)
            left = stirred - p.recognition_fading * stirred
            mine.stirred = left if left > 1e-9 else 0.0


@njit
def recognise(w, day):
    """Today's authors are recognised, by the lever of their group. Runs from the first day on which
    any group is recognised, since members who are used to recognition can lose that habit."""
    now = w.now[0]
    for cell in range(w.levers.shape[1]):
        if w.levers[day, cell].recognition > 0.0:
            now.recognition_known = 1
    if now.recognition_known == 0:
        return
    m, p, at = w.m, w.p[0], 0
    for post in range(now.posts):
        if w.echoes[post].first != post:
            continue  # of an author who has had their turn
        row = w.posts[post].author
        while w.visits[at].row != row:  # both are in order of joining
            at += 1
        visit, mine = w.visits[at], m.own[row]
        level = w.levers[day, visit.cell].recognition
        used = np.float64(mine.recognised)
        new = felt(level, used)
        mine.stirred = max(np.float64(mine.stirred), new)
        lift(w, visit, p.recognition_trust * new)
        mine.recognised = used + p.recognition_adaptation * (level - used)
