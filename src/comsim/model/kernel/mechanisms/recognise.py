"""Recognise: badges, titles and thanks for members who post; an unpaid incentive.

It lifts their voice and their trust, and they get used to it slowly. Members do not come to count
on it: when it ends, nothing is missed, unlike with a reward (`publish`).
"""

import numpy as np

from comsim.model.declare import Lever, MemberField, Parameter
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import lift

PARAMETERS = [
    Parameter("recognition_voice", 0.5, "share", 0, 1,
              "how far full recognition of a day's posts lifts the confidence to post",
              sign="Gallus 2017 and Restivo and van de Rijt 2012", effect=True,
              label="recognition and voice", label_zh="荣誉对发言信心的提升"),
    Parameter("recognition_trust", 0.05, "share", 0, 1,
              "how far full recognition of a day's posts lifts trust", effect=True,
              label="recognition and trust", label_zh="荣誉对信任的提升"),
    Parameter("recognition_adaptation", 0.02, "a day with posts", 0, 1,
              "how fast an author gets used to recognition", effect=True,
              label="getting used to recognition", label_zh="对荣誉的习惯速度"),
    Parameter("recognition_wear", 0.3, "share", 0, 1,
              "share of the effect that is lost on an author who is used to full recognition",
              effect=True, label="wear of recognition", label_zh="荣誉的消磨"),
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
]  # fmt: skip


@njit(forceinline=True)
def felt(p, level, used):
    """Recognition as an author feels it, who is used to some."""
    return level * (1.0 - p.recognition_wear * used)


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
        thanks, voice = felt(p, level, used), np.float64(mine.voice)
        mine.voice = voice + p.recognition_voice * thanks * (1.0 - voice)
        lift(w, visit, p.recognition_trust * thanks)
        mine.recognised = used + p.recognition_adaptation * (level - used)
