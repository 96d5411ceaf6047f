"""Record: what happened today, as rows of the event table. Only when asked for."""

import numpy as np

from comsim.kernel.arrive import LEFT, MUTED
from comsim.kernel.compile import njit

JOIN, VISIT, POST, REPLY, ORDER, MUTE, UNMUTE, LEAVE = range(8)


@njit
def note(w, day, row, kind, other):
    """One event; `other` is the row of the member it was about, or -1."""
    now = w.now[0]
    at = now.events
    w.event_day[at] = day
    w.event_member[at] = w.m.person[row]
    w.event_kind[at] = kind
    w.event_target[at] = -1 if other < 0 else np.int64(w.m.person[other])
    now.events = at + 1


@njit
def record(w, day):
    """The day's events, kind by kind."""
    m, now = w.m, w.now[0]
    for row in range(now.first_new, now.rows):
        note(w, day, row, JOIN, np.int64(m.inviter[row]))
    for at in range(now.visitors):
        note(w, day, w.visitors[at], VISIT, -1)
    for post in range(now.posts):
        note(w, day, w.post_author[post], POST, -1)
    for at in range(now.visitors):
        for k in range(w.replied[at]):
            note(w, day, w.visitors[at], REPLY, np.int64(w.post_author[w.reply_post[at, k]]))
    for at in range(now.orders):
        note(w, day, w.orders[at], ORDER, -1)
    for at in range(now.switched):
        row = w.switched[at]
        note(w, day, row, MUTE if w.was_muted[at] else UNMUTE, -1)
    for at in range(now.leavers):
        note(w, day, w.leavers[at], LEAVE, -1)
