"""Stated rules: newcomers who see the rules break them less often, and more of them post.

On r/science, rules pinned above discussions made newcomers comply more often, and more newcomers
took part (Matias 2019). Part of `publish`; stated rules have no effect on established members.
"""

import numpy as np

from comsim.model.declare import Lever, Parameter
from comsim.model.kernel.basics import cell_of
from comsim.model.kernel.compile import njit

PARAMETERS = [
    Parameter("rules_conduct", 0.2, "share", 0, 1,
              "share of newcomers' toxic and off-topic posts that fully visible rules prevent",
              sign="Matias 2019", effect="stated_rules", label="bad posts prevented by rules",
              label_zh="明文规则防止的不良帖"),
    Parameter("rules_voice", 0.1, "share", 0, 10,
              "by how much fully visible rules raise posting by newcomers who have never posted",
              sign="Matias 2019", effect="stated_rules", label="first posts prompted by rules",
              label_zh="明文规则带来的首帖"),
]  # fmt: skip

LEVERS = [
    Lever("stated_rules", 0.0, "0 to 1", 0, 1, "how visibly the rules are stated to newcomers",
          meaning_zh="向新人展示规则的醒目程度", group="rules", grade="measured",
          sources=("Matias 2019",), label_zh="明文规则"),
]  # fmt: skip


@njit(forceinline=True)
def conduct_under_rules(w, day, author):
    """The factor of an author's toxic and off-topic posts: below 1 for newcomers who see the
    rules."""
    cell = cell_of(w, author, day)
    if cell % 2 == 0:
        return 1.0
    return 1.0 - w.p[0].rules_conduct * w.levers[day, cell].stated_rules


@njit
def invite_first_posts(w, day):
    """Newcomers who have never posted contribute more today where the rules are stated."""
    levers, strength = w.levers[day], w.p[0].rules_voice
    if strength <= 0.0 or levers.stated_rules.max() <= 0.0:
        return
    for at in range(w.now[0].visitors):
        visit = w.visits[at]
        level = levers[visit.cell].stated_rules
        if visit.cell % 2 == 1 and level > 0.0 and w.m.own[visit.row].last_post < 0:
            visit.contribution = np.float64(visit.contribution) * (1.0 + strength * level)
