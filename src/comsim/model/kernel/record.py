"""Record: what happened today, as rows of the event table; only if requested."""

import numpy as np

from comsim.model.kernel.compile import njit
from comsim.model.kernel.reply import MOST_REPLIES
from comsim.model.kernel.visit import CHUNK, chunks_of

JOIN, VISIT, POST, REPLY, ORDER, MUTE, UNMUTE, LEAVE = range(8)


EVENT = np.dtype([("day", "i4"), ("kind", "i4"), ("member", "i8"), ("target", "i8")])


@njit(forceinline=True)
def note(event, day, kind, member, target):
    """Fill in one row of the event table."""
    event.day = day
    event.kind = kind
    event.member = np.int64(member)
    event.target = np.int64(target)


@njit
def record(w, day):
    """The day's events, kind by kind; a target is a person, or -1."""
    now, person, own = w.now[0], w.m.person, w.m.own
    at = now.events
    for row in range(now.first_new, now.rows):
        target = np.int64(-1) if own[row].inviter < 0 else np.int64(person[own[row].inviter])
        note(w.events[at], day, JOIN, person[row], target)
        at += 1
    for visit in range(now.visitors):
        note(w.events[at], day, VISIT, person[w.visits[visit].row], -1)
        at += 1
    for post in range(now.posts):
        note(w.events[at], day, POST, person[w.posts[post].author], -1)
        at += 1
    for k in range(now.removed):
        note(w.events[at], day, POST, person[w.removed[k].author], -1)
        at += 1
    for chunk in range(chunks_of(now.visitors)):
        for k in range(w.replied[chunk]):
            reply = w.replies[chunk * CHUNK * MOST_REPLIES + k]
            writer, author = w.visits[reply.at].row, w.posts[reply.post].author
            note(w.events[at], day, REPLY, person[writer], person[author])
            at += 1
    for k in range(now.switched):
        kind = MUTE if w.was_muted[k] else UNMUTE
        note(w.events[at], day, kind, person[w.switched[k]], -1)
        at += 1
    for k in range(now.leavers):
        note(w.events[at], day, LEAVE, person[w.leavers[k]], -1)
        at += 1
    for k in range(now.orders):
        note(w.events[at], day, ORDER, person[w.orders[k]], -1)
        at += 1
    now.events = at
