"""Feed: which members' posts a chunk of visitors reads, and what they make of them. Part of `read`.

A feed has a place for each post that is read, visitor after visitor: `reader` says by which visitor
of the chunk, `item` as which post of the visit, from 1 on. Each step is a simple loop over all
places, without branches, which becomes vector instructions: half the time of a loop per visitor.
"""

import numpy as np

from comsim.kernel.basics import TIE_SLOTS
from comsim.kernel.compile import njit
from comsim.kernel.random import philox4x32, uniform
from comsim.rng import Purpose

FEED_DRAW = np.uint32(Purpose.FEED)
LANES = 8  # numbers that a processor handles at once


@njit
def draw_ads(who, today, k0, k1, word):
    """A word for each visitor's ads."""
    for at in range(who.shape[0]):
        word[at] = philox4x32(who[at], np.uint32(0), today, FEED_DRAW, k0, k1)[0]


@njit
def lay_out(at, number, end, reader, item):
    """Places for the posts that a visitor reads, from `end` on; returns the new end."""
    for k in range(LANES):  # most often enough, and a fixed number is quicker
        reader[end + k], item[end + k] = at, k + 1
    for k in range(LANES, number):
        reader[end + k], item[end + k] = at, k + 1
    return end + number


@njit
def handed(given, reader, places):
    """What each visitor of the chunk is given, at each place of theirs."""
    for place in range(places.shape[0]):
        places[place] = given[np.uint32(reader[place])]


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
def friends_first(reader, item, friends, posted, post):
    """A visitor's first items are the friends' posts."""
    for place in range(post.shape[0]):
        at, k = np.uint32(reader[place]), item[place] - np.uint32(1)
        friend = friends[at, min(k, np.uint32(TIE_SLOTS))]
        post[place] = friend if k < posted[at] else post[place]


@njit
def all_there_is(reader, item, visits, start, posts, post):
    """Where there is time for all posts, they are read in order."""
    for place in range(post.shape[0]):
        if visits[start + reader[place]].members == posts:
            post[place] = item[place] - 1


@njit
def look_up(post, post_table, author, value):
    """Author and quality of each post read."""
    for place in range(post.shape[0]):
        author[place] = post_table[np.uint32(post[place])].author
        value[place] = post_table[np.uint32(post[place])].value


@njit
def know(reader, row, ties, author, own, friend):
    """Which authors are their readers, or friends of theirs."""
    for place in range(own.shape[0]):
        own[place] = row[np.uint32(reader[place])] == author[place]
    for place in range(friend.shape[0]):
        at, known = np.uint32(reader[place]), False
        for slot in range(TIE_SLOTS):
            known |= ties[slot, at] == author[place]
        friend[place] = known


@njit
def judge(p, interest, own, value, friend, word, worth, wants):
    """What each post is worth to its reader, and whether it moves them to reply.

    A friend's counts for more; one's own for nothing.
    """
    for place in range(worth.shape[0]):
        bonus = 1.0 + p.friend_bonus * np.float64(friend[place])
        worth[place] = np.float64(value[place]) * bonus * (1.0 - np.float64(own[place]))
    for place in range(worth.shape[0]):
        eager = 1.0 + p.friend_reply * np.float64(friend[place])
        chance = p.reply_rate * np.float64(interest[place]) * np.float64(value[place]) * eager
        wants[place] = (uniform(word[place]) < chance) & (own[place] == 0)
