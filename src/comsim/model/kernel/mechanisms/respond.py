"""Respond: staff answer posts that no member has answered. Part of `read` and `learn`.

An answer keeps a newcomer (Joyce and Kraut 2006); one by the staff has less effect than a member's,
and forms no tie.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import cell_of, cents, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.topics import GOOD
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.kernel.states import visit_of
from comsim.model.rng import Purpose

RESPOND_DRAW = np.uint32(Purpose.RESPOND)

# An author whom staff answered today: their visit, and whether members answered too.
HELPED = np.dtype([("visit", "i4"), ("heard", "i4")])

PARAMETERS = [
    Parameter("staff_reply_weight", 0.5, "share", 0, 1,
              "effect of an answer by the staff, as a share of the effect of a member's",
              effect="response_rate", label="weight of a staff reply", label_zh="官方回复的分量"),
    Parameter("staff_reply_cost", 0.5, "currency an answer", 0, 1e3,
              "cost of staff time to answer a post", doubt=1, label="cost of a staff reply",
              label_zh="单次官方回复成本"),
]  # fmt: skip

LEVERS = [
    Lever("response_rate", 0.0, "share", 0, 1,
          "share of posts without an answer from members that the staff answer",
          meaning_zh="没有成员回应的帖子，官方回应的比例", group="rules", grade="elsewhere",
          sources=("Proserpio and Zervas 2017", "Eckles et al. 2016"), paid_from="cost_responses",
          price="staff_reply_cost for each answer", label="response rate of the staff",
          label_zh="官方回应率"),
]  # fmt: skip

COLUMNS = [
    Column("answered", "posts", "members' posts of today that members answered",
           label="posts answered by members", label_zh="成员已回复的帖子"),
    Column("staff_replies", "posts", "members' posts of today that the staff answered instead",
           label="posts answered by the staff", label_zh="官方已回复的帖子"),
    Column("cost_responses", "currency", "staff time for answers", 100, ledger="cost",
           label="staff replies", label_zh="官方回应"),
]  # fmt: skip


@njit
def answer(w, day, first, last):
    """Staff review an author's posts, first .. last - 1; returns how many they answer."""
    author = np.int64(w.posts[first].author)
    rate = w.levers[day, cell_of(w, author, day)].response_rate
    answers, heard = 0, 0
    for post in range(first, last):
        if w.echoes[post].replies > 0:
            heard = 1
        elif w.about[post].kind == GOOD and rate > 0.0:
            word = draw(w.people.key, RESPOND_DRAW, day, w.m.person[author], post - first + 1)[0]
            answers += uniform(word) < rate
    if answers > 0:
        now, p, at = w.now[0], w.p[0], visit_of(w, author)
        visit = w.visits[at]
        visit.solved = saturating(np.float64(answers), 1.0)
        joy = p.staff_reply_weight * visit.solved
        visit.value = min(visit.value + p.reply_joy * joy, 1.0)
        helped = w.helped[now.helped]
        helped.visit, helped.heard = at, heard
        now.helped += 1
    return answers


@njit
def respond(w, day):
    """Staff answer a share of the good posts that got no reply today, which pleases their
    authors."""
    now, daily = w.now[0], w.daily[day]
    now.helped = 0
    careful = False
    for cell in range(w.levers.shape[1]):
        careful |= w.levers[day, cell].response_rate > 0.0
    if not careful:
        return
    first = 0
    for post in range(now.posts):
        last = post + 1
        if last == now.posts or w.echoes[last].first != w.echoes[first].first:
            daily.staff_replies += answer(w, day, first, last)
            first = last
    daily.cost_responses = daily.staff_replies * cents(w.p[0].staff_reply_cost)


@njit
def take_answers(w):
    """Authors whom only the staff has answered keep their confidence to post."""
    p = w.p[0]
    for k in range(w.now[0].helped):
        helped = w.helped[k]
        if helped.heard == 0:
            mine = w.m.own[w.visits[helped.visit].row]
            voice = np.float64(mine.voice)
            mine.voice = voice + p.voice_learning * p.staff_reply_weight * (1.0 - voice)
