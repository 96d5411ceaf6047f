"""Interactive posts: official posts that invite members to take part, such as questions, polls and
contests. Part of `publish`.

They draw more posts from the day's visitors, with diminishing returns, and need staff to host them.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import cents, saturating
from comsim.model.kernel.compile import njit

PARAMETERS = [
    Parameter("interactive_pull", 0.8, "share", 0, 10,
              "by how much very many interactive posts a day raise posting",
              sign="de Vries, Gensler and Leeflang 2012", effect="interactivity",
              label="pull of interactive posts", label_zh="互动帖的拉力"),
    Parameter("interactive_half", 1.0, "posts a day", 0.01, 100,
              "interactive posts that have half of that effect", effect="interactivity",
              label="interactive posts of half effect", label_zh="半效互动帖数"),
    Parameter("interactive_cost", 20.0, "currency a post", 0, 1e5,
              "additional cost of hosting an interactive post", doubt=1,
              label="cost of an interactive post", label_zh="单个互动帖的成本"),
]  # fmt: skip

LEVERS = [
    Lever("interactivity", 0.0, "share", 0, 1,
          "share of official posts that invite members to take part: questions, polls, contests",
          meaning_zh="邀请成员参与的官方帖比例：提问、投票、比赛", group="content",
          grade="sign only", sources=("de Vries, Gensler and Leeflang 2012",),
          paid_from="cost_interactive", price="interactive_cost for each interactive post",
          label="interactive posts", label_zh="互动帖占比"),
]  # fmt: skip

COLUMNS = [
    Column("cost_interactive", "currency", "hosting interactive posts", 100, ledger="cost",
           label="interactive posts", label_zh="互动帖"),
]  # fmt: skip


@njit
def call_for_posts(w, day):
    """Visitors who are asked contribute more today. The cost is that of the group with the most
    interactive posts."""
    p, cells = w.p[0], w.levers.shape[1]
    drawn, most = np.ones(cells), 0.0
    for cell in range(cells):
        calls = w.levers[day, cell].interactivity * np.float64(w.official_today[cell])
        drawn[cell] = 1.0 + p.interactive_pull * saturating(calls, p.interactive_half)
        most = max(most, calls)
    w.daily[day].cost_interactive = cents(p.interactive_cost * most)
    if most > 0.0:
        for at in range(w.now[0].visitors):
            visit = w.visits[at]
            visit.contribution = np.float64(visit.contribution) * drawn[visit.cell]
