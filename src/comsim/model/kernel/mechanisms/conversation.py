"""Conversation: a reply brings the author of a post back, and the author then posts more.

Authors whose posts were answered by members are notified, and may return the next day because of
it. Answered authors who visit post more than they otherwise would. One exchange thus leads to the
next, as in self-exciting processes (Hawkes 1971). It can't explode: a member visits at most once a
day, and the posts and replies of a visit are limited.
"""

import numpy as np

from comsim.model.declare import Parameter
from comsim.model.kernel.basics import ACTIVE, COMES
from comsim.model.kernel.compile import njit
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.kernel.states import visit_of
from comsim.model.rng import Purpose

RECALL_DRAW = np.uint32(Purpose.RECALL)

PARAMETERS = [
    Parameter("recall", 0.2, "share", 0, 1,
              "chance that a member whose post was answered visits the next day because of it "
              "(lower with little trust; none in an idle spell)",
              sign="Joyce and Kraut 2006: newcomers who get a reply post again",
              label="return after a reply", label_zh="回复的召回"),
    Parameter("talk_back", 0.5, "share", 0, 5,
              "how much more a visitor posts if a post of theirs was answered the day before",
              sign="Joyce and Kraut 2006: newcomers who get a reply post again",
              label="response to a reply", label_zh="对回复的再回应"),
]  # fmt: skip


@njit
def listen(w):
    """List the authors whose posts members answered today; posts are in the order of rows."""
    now, p = w.now[0], w.p[0]
    now.answered = 0
    if p.recall <= 0.0 and p.talk_back <= 0.0:
        return
    last = np.int64(-1)
    for post in range(now.posts):
        author = np.int64(w.posts[post].author)
        if w.echoes[post].replies > 0 and author != last:
            w.answered[now.answered] = author
            now.answered += 1
            last = author


@njit
def call_back(w, day, start, stop):
    """Mark the members in rows start to stop - 1 who return because of yesterday's replies."""
    recall, status, answered = w.p[0].recall, w.m.status, w.answered[: w.now[0].answered]
    at = np.searchsorted(answered, start)
    while at < answered.shape[0] and answered[at] < stop:
        row = np.int64(answered[at])
        word = draw(w.people.key, RECALL_DRAW, day, w.m.person[row], 0)[0]
        if status[row] == ACTIVE and uniform(word) < recall:
            w.marks[row] = COMES
        at += 1


@njit
def talk_back(w):
    """Visitors who were answered yesterday contribute more today."""
    now, more = w.now[0], 1.0 + w.p[0].talk_back
    if now.visitors == 0 or more <= 1.0:
        return
    for k in range(now.answered):
        visit = w.visits[visit_of(w, np.int64(w.answered[k]))]
        if visit.row == w.answered[k]:
            visit.contribution = np.float64(visit.contribution) * more
