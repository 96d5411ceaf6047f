"""Moderate: staff remove posts before anybody reads them; some of these were good.

Bad posts are found early as rules get stricter; wrong removals come later and grow faster. Their
authors lose confidence, trust and interest: strictness towards newcomers leads to decline
(Halfaker, Geiger, Morgan and Riedl 2013). The same rules for all, community-level moderation, also
remove good posts far from the main topic (Ren and Kraut 2014). Part of `publish` and `learn`.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import NOTHING, cell_of, cents
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.conduct import CONDUCT_DRAW
from comsim.model.kernel.mechanisms.topics import GOOD, MAIN_TOPIC, fit_between
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.kernel.states import set_interest, visit_of

# A post removed today: its author's row, and whether there was something wrong with it.
REMOVED = np.dtype([("author", "i4"), ("kind", "i4")])

PARAMETERS = [
    Parameter("detection", 0.9, "share", 0, 1,
              "share of bad posts that the strictest moderation removes", effect="moderation",
              label="detection of bad posts", label_zh="不良帖的识别率"),
    Parameter("false_alarms", 0.25, "share", 0, 1,
              "share of good posts that the strictest moderation removes",
              sign="Halfaker et al. 2013", effect="moderation", label="good posts removed",
              label_zh="误删率"),
    Parameter("narrowness", 0.2, "share", 0, 1,
              "additional share of good posts opposite to the main topic that it removes",
              "assumption; after community-level moderation in Ren and Kraut 2014",
              effect="moderation", label="narrowness of moderation",
              label_zh="审核对偏离主题的苛刻"),
    Parameter("injustice", 9.0, "share", 0, 20,
              "how much more the removal of a good post hurts than that of a bad one",
              effect="moderation", label="injustice of a wrong removal", label_zh="误删的不公感"),
    Parameter("removal_silencing", 0.03, "share", 0, 1,
              "share of the confidence to post that an author loses when a bad post is removed",
              "assumption; chosen with F17 in sight", effect="moderation",
              label="voice lost by a removal", label_zh="删帖损耗的发言信心"),
    Parameter("removal_chill", 0.03, "share", 0, 1, "share of interest that the author loses",
              "assumption; chosen with F17 in sight", effect="moderation",
              label="interest lost by a removal", label_zh="删帖损耗的兴趣"),
    Parameter("newcomer_hurt", 1.0, "share", 0, 20,
              "how much more a removal hurts a newcomer than others",
              sign="Halfaker et al. 2013", effect="moderation", label="removals and newcomers",
              label_zh="删帖对新人的额外伤害"),
    Parameter("moderation_cost", 0.10, "currency a post", 0, 1e3,
              "cost of staff time to check a post, with the strictest moderation", doubt=1,
              label="cost of checking a post", label_zh="单帖审核成本"),
]  # fmt: skip

LEVERS = [
    Lever("moderation", 0.0, "share", 0, 1, "strictness with which members' posts are removed",
          meaning_zh="删帖的严格程度", group="rules", grade="elsewhere",
          sources=("Beknazar-Yuzbashev et al. 2022", "Horta Ribeiro et al. 2023"),
          paid_from="cost_moderation",
          price="moderation_cost times its value for each post checked", label_zh="内容审核"),
]  # fmt: skip

COLUMNS = [
    Column("removed", "posts", "members' posts that moderators removed today",
           label="posts removed", label_zh="被删帖子"),
    Column("removed_good", "posts", "of these, posts with nothing wrong with them",
           observable=False, label="good posts removed", label_zh="误删帖子"),
    Column("cost_moderation", "currency", "staff time for moderation", 100, ledger="cost",
           label="moderation", label_zh="内容审核"),
]  # fmt: skip


@njit(forceinline=True)
def chance_to_go(p, about, strictness):
    """Chance that a post is removed.

    bad: detection x s (2 - s); good: (false alarms + narrowness x distance) x s^3
    """
    if about.kind != GOOD:
        return p.detection * strictness * (2.0 - strictness)
    astray = 1.0 - fit_between(p.breadth, np.float64(about.topic), MAIN_TOPIC)
    return (p.false_alarms + p.narrowness * astray) * (strictness * strictness * strictness)


@njit
def weight_of(p, kind, newcomer):
    """The weight of a removal: 1, and more for a good post or a newcomer's post."""
    weight = 1.0 + (p.injustice if kind == GOOD else 0.0)
    return weight * (1.0 + p.newcomer_hurt * newcomer)


@njit
def remove(w, day, post):
    """Record a removed post and its weight, for the trust of its author."""
    now, daily, kind = w.now[0], w.daily[day], w.about[post].kind
    visit = w.visits[visit_of(w, np.int64(w.posts[post].author))]
    visit.removals += weight_of(w.p[0], kind, visit.cell % 2)
    w.removed[now.removed].author = w.posts[post].author
    w.removed[now.removed].kind = kind
    now.removed += 1
    daily.removed += 1
    daily.removed_good += kind == GOOD


@njit
def keep(w, post, kept, first):
    """A post that stays moves up to the first free place."""
    w.posts[kept].author, w.posts[kept].value = w.posts[post].author, w.posts[post].value
    w.about[kept].topic, w.about[kept].kind = w.about[post].topic, w.about[post].kind
    w.standings[kept] = w.standings[post]
    w.echoes[kept].first = first


@njit
def review(w, day, checked):
    """Review every post in turn; the remaining ones close the gaps. Replies come later, so at this
    point echoes differ only in their authors' first posts."""
    m, p, now = w.m, w.p[0], w.now[0]
    kept, first, begun = 0, 0, np.int64(NOTHING)
    for post in range(now.posts):
        author, start = np.int64(w.posts[post].author), np.int64(w.echoes[post].first)
        if start != begun:
            begun, first = start, kept
            m.post_of[author] = NOTHING
        cell = cell_of(w, author, day)
        strictness = w.levers[day, cell].moderation
        if strictness > 0.0:
            checked[cell] += 1
            word = draw(w.people.key, CONDUCT_DRAW, day, m.person[author], post - start + 1)[1]
            if uniform(word) < chance_to_go(p, w.about[post], strictness):
                remove(w, day, post)
                continue
        m.post_of[author] = first
        keep(w, post, kept, first)
        kept += 1
    now.posts = kept


@njit
def moderate(w, day):
    """Remove posts of authors whose group is moderated, and pay the staff."""
    now, cells = w.now[0], w.levers.shape[1]
    now.removed = 0
    strict = False
    for cell in range(cells):
        strict |= w.levers[day, cell].moderation > 0.0
    if not strict:
        return
    checked = np.zeros(cells, np.int64)
    review(w, day, checked)
    for cell in range(cells):
        price = w.p[0].moderation_cost * w.levers[day, cell].moderation
        w.daily[day].cost_moderation += cents(price * checked[cell])


@njit
def take_removals(w):
    """A removal costs the author voice and interest (for trust see `trust`). It costs more if the
    post was good or the author is a newcomer."""
    p = w.p[0]
    for at in range(w.now[0].removed):
        row = np.int64(w.removed[at].author)
        visit, mine = w.visits[visit_of(w, row)], w.m.own[row]
        weight = weight_of(p, w.removed[at].kind, visit.cell % 2)
        voice, interest = np.float64(mine.voice), np.float64(visit.interest)
        mine.voice = voice - min(p.removal_silencing * weight, 1.0) * voice
        set_interest(w, visit, interest - min(p.removal_chill * weight, 1.0) * interest)
