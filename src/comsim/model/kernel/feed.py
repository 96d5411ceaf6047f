"""Feed: which members' posts a chunk of visitors reads, and what they make of them. Part of `read`.

Visitors stand in a queue, those who read most in front. The feed has a place for each post that is
read: first everybody's first, then the second of all who read two or more, and so on, each time in
the order of the queue. So item by item the readers lie side by side, and each step is a simple
loop without branches or gathers of readers, which becomes vector instructions (a slice for each
item, since an index that is a sum would be checked for its sign, which stops that). `readers[k]`
is how many read more than k posts.
"""

import numpy as np

from comsim.model.kernel.basics import TIE_SLOTS
from comsim.model.kernel.compile import njit
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.rng import Purpose

FEED_DRAW = np.uint32(Purpose.FEED)


@njit
def draw_ads(who, today, k0, k1, word):
    """A word for each visitor's ads."""
    for at in range(who.shape[0]):
        word[at] = philox4x32(who[at], np.uint32(0), today, FEED_DRAW, k0, k1)[0]


@njit
def line_up(number, readers, queue):
    """Fill the queue, from how many posts each visitor of a chunk reads. (A counting sort.)"""
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
    """At each place of the feed: who reads, with how much interest, as which item, from 1 on."""
    begin = 0
    for k in range(readers.shape[0]):
        end = begin + readers[k]
        whose, how, which = person[begin:end], keen[begin:end], item[begin:end]
        for at in range(readers[k]):
            whose[at], how[at], which[at] = who[at], interest[at], k + 1
        begin = end


@njit
def draw_feed(person, item, today, k0, k1, first, second, reply, herd):
    """Four words for each place."""
    for place in range(item.shape[0]):
        first[place], second[place], reply[place], herd[place] = philox4x32(
            person[place], item[place], today, FEED_DRAW, k0, k1
        )


@njit
def drawn(word, posts, post):
    """The number of the post on which each word falls."""
    for place in range(post.shape[0]):
        post[place] = np.int64(uniform(word[place]) * posts)


@njit
def follow(word, herding, herds):
    """Who follows the herd."""
    for place in range(herds.shape[0]):
        herds[place] = uniform(word[place]) < herding


@njit
def choose(rival, herds, standings, post):
    """Of two posts the first, or, following the herd, the one whose author stands higher."""
    for place in range(post.shape[0]):
        a, b = post[place], rival[place]
        higher = standings[np.uint32(b)] > standings[np.uint32(a)]
        post[place] = b if higher & (herds[place] != 0) else a


@njit
def friends_first(readers, friends, posted, post):
    """A visitor's first items are the friends' posts."""
    begin = 0
    for k in range(min(TIE_SLOTS, readers.shape[0])):
        end = begin + readers[k]
        kth = post[begin:end]
        for at in range(readers[k]):
            kth[at] = friends[k, at] if k < posted[at] else kth[at]
        begin = end


@njit
def all_there_is(readers, posts, post):
    """Those at the front who have time for all posts read them in order."""
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
    """Which authors are their readers, or friends of theirs."""
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
    """Of a reader with some interest to a post of some value: friends are replied to more."""
    eager = 1.0 + p.friend_reply * np.float64(friend)
    return p.reply_rate * np.float64(interest) * np.float64(value) * eager


@njit
def judge(p, interest, own, value, friend, word, worth, wants):
    """What each post is worth to its reader, and whether it moves them to reply.

    A friend's counts for more; one's own for nothing.
    """
    for place in range(worth.shape[0]):
        bonus = 1.0 + p.friend_bonus * np.float64(friend[place])
        worth[place] = np.float64(value[place]) * bonus * (1.0 - np.float64(own[place]))
    for place in range(worth.shape[0]):
        chance = chance_to_reply(p, interest[place], value[place], friend[place])
        wants[place] = (uniform(word[place]) < chance) & (own[place] == 0)


@njit
def add_up(readers, worth, total):
    """What the posts that each visitor reads are worth to them together."""
    total[:] = 0.0
    begin = 0
    for k in range(readers.shape[0]):
        end = begin + readers[k]
        kth = worth[begin:end]
        for at in range(readers[k]):
            total[at] += kth[at]
        begin = end
