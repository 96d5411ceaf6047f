"""Recognise: badges, titles and thanks for members who post; an unpaid incentive.

For a while after, they post more: above all those who have posted much, since awards move people
who already work hard (Restivo and van de Rijt 2014). They soon get used to it, so that a surprise
does more than a scheme. But they do not come to count on it: when it ends, nothing is missed,
unlike with a reward (`publish`).
"""

import numpy as np

from comsim.model.declare import Lever, MemberField, Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import lift

PARAMETERS = [
    Parameter("recognition_pull", 0.6, "share", 0, 10,
              "by how much full recognition raises posting, of members who have posted very much",
              sign="Gallus 2017 and Restivo and van de Rijt 2012", effect=True,
              label="pull of recognition", label_zh="荣誉对发帖的拉力"),
    Parameter("recognition_half", 1.0, "posts", 0.01, 1e4,
              "posts so far of a member who is moved half as far",
              sign="Restivo and van de Rijt 2014: only those who work hard are moved", effect=True,
              label="posts of half the pull of recognition", label_zh="荣誉半效的发帖数"),
    Parameter("recognition_fading", 0.03, "a visit", 0, 1,
              "share of what recognition has stirred that fades on a visit", effect=True,
              label="fading of recognition", label_zh="荣誉作用的消退"),
    Parameter("recognition_trust", 0.02, "share", 0, 1,
              "how far full recognition of a day's posts lifts trust", effect=True,
              label="recognition and trust", label_zh="荣誉对信任的提升"),
    Parameter("recognition_adaptation", 0.6, "a day with posts", 0, 1,
              "how fast an author gets used to recognition: what counts is the surprise",
              effect=True,
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
    """Recognition as an author feels it, who is used to some."""
    return level * (1.0 - used)


@njit
def spur(w):
    """Visitors who were recognised of late contribute more today; part of `publish`."""
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
