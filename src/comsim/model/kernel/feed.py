"""Feed: which members' posts a chunk of visitors reads, and what they make of them. Part of `read`.

Visitors are queued, those who read most first. The feed has one place for each post that is read:
first everybody's first post, then the second post of all who read two or more, and so on, each time
in the order of the queue. The readers of an item are therefore contiguous, and each step is a
simple loop without branches or gathers of readers, which compiles to vector instructions. (Each
item is a slice, since an index that is a sum would be checked for its sign, which prevents
vectorising.) `readers[k]` is the number of visitors who read more than k posts.
"""

import numpy as np

from comsim.model.kernel.basics import TIE_SLOTS
from comsim.model.kernel.compile import njit
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.rng import Purpose

FEED_DRAW = np.uint32(Purpose.FEED)


@njit
def draw_ads(who, today, k0, k1, word):
    """A random word for each visitor's ads."""
    for at in range(who.shape[0]):
        word[at] = philox4x32(who[at], np.uint32(0), today, FEED_DRAW, k0, k1)[0]


@njit
def line_up(number, readers, queue):
    """Fill the queue, given how many posts each visitor of a chunk reads (a counting sort)."""
    readers[:] = 0
    for at in range(number.shape[0]):
        readers[number[at]] += 1
    longer = 0
    for k in range(readers.shape[0] - 1, -1, -1):
        longer, readers[k] = longer + readers[k], longer
    behind = readers.copy()
    for at in range(number.shape[0]):
        queue[behind[number[at]]] = at
        behind[number[at]] += 1


@njit
def hand_out(readers, who, interest, person, keen, item):
    """At each place of the feed: who reads, with how much interest, and as which item, counted from
    1."""
    begin = 0
    for k in range(readers.shape[0]):
        end = begin + readers[k]
        whose, how, which = person[begin:end], keen[begin:end], item[begin:end]
        for at in range(readers[k]):
            whose[at], how[at], which[at] = who[at], interest[at], k + 1
        begin = end


@njit
def draw_feed(person, item, today, k0, k1, first, second, reply, herd):
    """Four random words for each place."""
    for place in range(item.shape[0]):
        first[place], second[place], reply[place], herd[place] = philox4x32(
            person[place], item[place], today, FEED_DRAW, k0, k1
        )


@njit
def drawn(word, posts, post):
    """The number of the post that each word selects."""
    for place in range(post.shape[0]):
        post[place] = np.int64(uniform(word[place]) * posts)


@njit
def follow(word, herding, herds):
    """Which readers follow the herd."""
    for place in range(herds.shape[0]):
        herds[place] = uniform(word[place]) < herding


@njit
def choose(rival, herds, standings, post):
    """The first of two posts or, for readers who follow the herd, the one whose author has the
    higher standing."""
    for place in range(post.shape[0]):
        a, b = post[place], rival[place]
        higher = standings[np.uint32(b)] > standings[np.uint32(a)]
        post[place] = b if higher & (herds[place] != 0) else a


@njit
def friends_first(readers, friends, posted, post):
    """A visitor's first items are posts by friends."""
    begin = 0
    for k in range(min(TIE_SLOTS, readers.shape[0])):
        end = begin + readers[k]
        kth = post[begin:end]
        for at in range(readers[k]):
            kth[at] = friends[k, at] if k < posted[at] else kth[at]
        begin = end


@njit
def all_there_is(readers, posts, post):
    """Visitors at the front who have time for all posts read them in order."""
    begin = 0
    for k in range(posts):
        post[begin : begin + readers[posts - 1]] = k
        begin += readers[k]


@njit
def look_up(post, post_table, author, value):
    """Author and quality of each post read."""
    for place in range(post.shape[0]):
        author[place] = post_table[np.uint32(post[place])].author
        value[place] = post_table[np.uint32(post[place])].value


@njit
def know(readers, row, ties, author, own, friend):
    """Which authors are the readers themselves, or their friends."""
    begin = 0
    for k in range(readers.shape[0]):
        end = begin + readers[k]
        by, mine, theirs = author[begin:end], own[begin:end], friend[begin:end]
        for at in range(readers[k]):
            known = False
            for slot in range(TIE_SLOTS):
                known |= ties[slot, at] == by[at]
            mine[at], theirs[at] = row[at] == by[at], known
        begin = end


@njit(forceinline=True)
def chance_to_reply(p, interest, value, friend):
    """The chance that a reader of some interest replies to a post of some value; friends get more
    replies."""
    eager = 1.0 + p.friend_reply * np.float64(friend)
    return p.reply_rate * np.float64(interest) * np.float64(value) * eager


@njit
def judge(p, interest, own, value, friend, word, worth, wants):
    """The value of each post to its reader, and whether they reply.

    A friend's post counts for more, the reader's own for nothing.
    """
    for place in range(worth.shape[0]):
        bonus = 1.0 + p.friend_bonus * np.float64(friend[place])
        worth[place] = np.float64(value[place]) * bonus * (1.0 - np.float64(own[place]))
    for place in range(worth.shape[0]):
        chance = chance_to_reply(p, interest[place], value[place], friend[place])
        wants[place] = (uniform(word[place]) < chance) & (own[place] == 0)


@njit
def add_up(readers, worth, total):
    """The total value to each visitor of the posts that they read."""
    total[:] = 0.0
    begin = 0
    for k in range(readers.shape[0]):
        end = begin + readers[k]
        kth = worth[begin:end]
        for at in range(readers[k]):
            total[at] += kth[at]
        begin = end
