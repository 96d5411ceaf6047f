"""Replies: which posts visitors reply to, and whom that ties to whom. Part of `read`."""

import numpy as np

from comsim.model.kernel.basics import ranked
from comsim.model.kernel.compile import njit
from comsim.model.kernel.prefetch import AHEAD, prefetch
from comsim.model.kernel.ties import strengthen
from comsim.model.kernel.visit import CHUNK

MOST_REPLIES = 4  # of a visit; assumption

# What a visitor wants to reply to; and a reply: to which of today's posts, at which of today's
# visits.
CHOICE = np.dtype([("post", "i4"), ("author", "i4")], align=True)
REPLY = np.dtype([("post", "i4"), ("at", "i4")], align=True)


@njit
def choose_replies(readers, queue, wants, post, author, answered, chosen):
    """The first few posts of the feed that each visitor of a chunk wants to reply to.

    `answered` is their number, for each visitor in order of the chunk.
    """
    answered[:] = 0
    willing = np.empty(queue.shape[0] + 1, np.int32)
    begin = 0
    for k in range(readers.shape[0]):
        end, count = begin + readers[k], 0
        eager, kth, by = wants[begin:end], post[begin:end], author[begin:end]
        for at in range(readers[k]):
            willing[count] = at
            count += eager[at]
        for number in range(count):
            at = willing[number]
            who = queue[at]
            if answered[who] < MOST_REPLIES:
                chosen[who, answered[who]].post = kth[at]
                chosen[who, answered[who]].author = by[at]
                answered[who] += 1
        begin = end


@njit
def write_replies(start, answered, chosen, bonds, tie, tie_strength, visits, replies):
    """Record replies, and tie their writers to the authors. Returns how many."""
    written = 0
    last = answered.shape[0] - 1
    for at in range(answered.shape[0]):
        soon = np.int64(visits[start + min(at + AHEAD, last)].row)
        prefetch(tie, soon)
        prefetch(tie_strength, soon)
        row = np.int64(visits[start + at].row)
        visits[start + at].replied = answered[at]
        for k in range(answered[at]):
            choice = chosen[at, k]
            replies[written].post, replies[written].at = choice.post, start + at
            written += 1
            strengthen(row, np.int64(choice.author), bonds, tie, tie_strength)
    return written


@njit
def count_replies(w, day, chunks):
    """Replies are counted at the posts; each author is tied to one of the day's repliers: the one
    with the largest random number or, of equal ones, the lowest id."""
    m, now, daily = w.m, w.now[0], w.daily[day]
    for chunk in range(chunks):
        daily.replies += w.replied[chunk]
        begin = chunk * CHUNK * MOST_REPLIES
        last = begin + w.replied[chunk] - 1
        for number in range(begin, last + 1):
            prefetch(w.echoes, np.int64(w.replies[min(number + AHEAD, last)].post))
            echo, visit = w.echoes[w.replies[number].post], w.visits[w.replies[number].at]
            echo.replies += 1
            first = w.echoes[echo.first]
            rank = ranked(visit.reply, visit.person)
            if rank > first.rank:
                first.rank, first.replier = rank, visit.row
    for post in range(now.posts):
        soon = np.int64(w.posts[min(post + AHEAD, now.posts - 1)].author)
        prefetch(m.tie, soon)
        prefetch(m.tie_strength, soon)
        daily.answered += w.echoes[post].replies > 0
        author, replier = np.int64(w.posts[post].author), np.int64(w.echoes[post].replier)
        if replier >= 0:
            strengthen(author, replier, m.bonds, m.tie, m.tie_strength)
