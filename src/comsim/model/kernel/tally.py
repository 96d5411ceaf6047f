"""Tally: counts of posts as sources show them (`comsim.measure.observation`); only if requested.

These are what the features of variability and shape are made from (`comsim.measure.shape`), counted
in the run itself for several sources at once, since recording events takes longer than the run.
Day 0 of a source is the day of the first post that it shows, and the first two years count.
"""

import numpy as np

from comsim.model.kernel.compile import njit
from comsim.model.kernel.people import draw
from comsim.model.kernel.random import uniform
from comsim.model.kernel.reply import MOST_REPLIES
from comsim.model.kernel.visit import CHUNK, chunks_of
from comsim.model.periods import MONTH, TWO_YEARS, WEEK
from comsim.model.rng import Purpose

OBSERVE_DRAW = np.uint32(Purpose.OBSERVE)
POSTED, REPLIED = np.int64(0), np.int64(1)
WEEKS = TWO_YEARS // WEEK

# Of each source: the day of its first post, or -1; the sum of posters over days; whether somebody
# posted after the two years.
TALLY = np.dtype([("first_day", "i8"), ("poster_days", "i8"), ("over", "i8")])
TALLIED_WEEK = np.dtype([("posters", "i8"), ("posts", "i8")])
# Of each source and member: the first and the last day with a post, counted from the source's day
# 0; posts; bit k says whether one of them lies 30 k to 30 k + 29 days after the first day.
AUTHOR = np.dtype([("first", "i4"), ("last", "i4"), ("posts", "i4"), ("months", "i4")])
# Of each member: a day, counted from 1, and how many posts and replies on it so far.
ACTED = np.dtype([("day", "i4"), ("number", "i4")])


@njit(forceinline=True)
def luck_of(key, day, person, k):
    """The uniform that decides whether sources show the k-th post or reply of a member on a day:
    the same for all sources."""
    return uniform(draw(key, OBSERVE_DRAW, day, person, k)[0])


@njit(forceinline=True)
def is_shown(shares, act, before, luck):
    """Whether a source shows a post or a reply; `before`: how many of its author it showed so far.

    shares, shape (2, 2): of posts and of replies, before the author's first one that is shown and
    after it.
    """
    return luck < shares[act, np.int64(before > 0)]


@njit(from_python=True)
def shown(key, shares, day, person, row, act):
    """Which posts and replies a source shows, as booleans; they are in the order of the event
    table. row: members numbered from 0; act: POSTED or REPLIED."""
    result = np.empty(day.shape[0], np.bool_)
    rows = np.int64(row.max()) + 1 if row.shape[0] > 0 else 0
    posts, acted = np.zeros(rows, np.int64), np.zeros(rows, ACTED)
    for at in range(day.shape[0]):
        k = next_act(acted[row[at]], day[at])
        luck = luck_of(key, day[at], person[at], k)
        result[at] = is_shown(shares, act[at], posts[row[at]], luck)
        posts[row[at]] += result[at]
    return result


@njit(forceinline=True)
def next_act(acted, day):
    """The number of a member's posts and replies on this day before this one."""
    if acted.day != day + 1:
        acted.day, acted.number = day + 1, 0
    acted.number += 1
    return acted.number - 1


@njit
def count(tally, weeks, author, day):
    """Count a post that a source shows."""
    if tally.first_day < 0:
        tally.first_day = day
    since = day - tally.first_day
    if since >= TWO_YEARS:
        tally.over = 1
        return
    week, new = since // WEEK, author.posts == 0
    if new:
        author.first = since
    tally.poster_days += new or author.last < since
    weeks[week].posters += new or author.last // WEEK < week
    weeks[week].posts += 1
    author.months |= 1 << (since - author.first) // MONTH
    author.last = since
    author.posts += 1


@njit
def notice(w, day, row, act):
    """A post or a reply of the member in a row."""
    luck = luck_of(w.people.key, day, w.m.person[row], next_act(w.acted[row], day))
    for source in range(w.sources.shape[0]):
        author = w.authors[source, row]
        if w.tally[source].over == 0 and is_shown(w.sources[source], act, author.posts, luck):
            count(w.tally[source], w.tallied_weeks[source], author, day)


@njit
def tally(w, day):
    """Today's posts and replies, in the order of the event table."""
    now = w.now[0]
    for post in range(now.posts):
        notice(w, day, np.int64(w.posts[post].author), POSTED)
    for k in range(now.removed):
        notice(w, day, np.int64(w.removed[k].author), POSTED)
    for chunk in range(chunks_of(now.visitors)):
        for k in range(w.replied[chunk]):
            reply = w.replies[chunk * CHUNK * MOST_REPLIES + k]
            notice(w, day, np.int64(w.visits[reply.at].row), REPLIED)
