"""Sight: which members' posts a visitor can see in a community with subgroups.

These are the posts of the core group, of the visitor's own subgroup, and, for each friend
elsewhere, the first post of today. Child communities do not see the core group. Part of `publish`
and of `read`.

Today's posts are numbered in order of joining; `w.order` lists their numbers subgroup by subgroup,
starting with the core group. A `place` is the number of a post among those of the core group and
the visitor's own subgroup.
"""

import numpy as np

from comsim.model.kernel.basics import NOTHING, TIE_SLOTS
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.belonging import CORE
from comsim.model.kernel.mechanisms.core import may_speak
from comsim.model.kernel.random import uniform

# What one visitor has in sight: subgroup, posts of the core group, posts of both, and friends'
# posts elsewhere; and whether the visitor may speak.
SIGHT = np.dtype([("home", "i4"), ("core", "i4"), ("near", "i4"), ("far", "i4"), ("speaks", "i4")])


@njit
def lay_out_posts(w):
    """Today's posts, subgroup after subgroup, each subgroup's in order of joining."""
    now, subgroups, subgroup = w.now[0], w.subgroups, w.m.subgroup
    if now.subgroups == 0:
        return
    for home in range(now.subgroups):
        subgroups[home].posts = 0
    for post in range(now.posts):
        subgroups[subgroup[w.posts[post].author]].posts += 1
    begin, end = 0, np.empty(now.subgroups, np.int64)
    for home in range(now.subgroups):
        subgroups[home].begin, end[home] = begin, begin
        begin += subgroups[home].posts
    for post in range(now.posts):
        home = subgroup[w.posts[post].author]
        w.order[end[home]] = post
        end[home] += 1


@njit
def look_around(
    start, visits, tie, post_of, post_table, subgroup, subgroups, pyramid, sight, away, number
):
    """What each visitor of a chunk can see: the `number` of posts. Fills `away` with the posts of
    friends elsewhere, in the order of ties."""
    core = subgroups[CORE]
    for at in range(number.shape[0]):
        row = np.int64(visits[start + at].row)
        home, mine = np.int64(subgroup[row]), sight[at]
        here, far = subgroups[home], 0
        hears = home != CORE and here.child == 0
        mine.home = home
        mine.core = core.posts if hears else 0
        mine.near = mine.core + here.posts
        mine.speaks = np.int64(not pyramid or may_speak(subgroups, home))
        for slot in range(TIE_SLOTS):
            post = np.int64(post_of[tie[row, slot]]) if tie[row, slot] >= 0 else NOTHING
            if post >= 0:
                there = np.int64(subgroup[post_table[post].author])
                if there != home and not (hears and there == CORE):
                    away[at, far] = post
                    far += 1
        mine.far = far
        number[at] = mine.near + far


@njit
def one_room(posts, sight, number):
    """The same without subgroups: everybody can see all posts."""
    number[:] = posts
    for at in range(sight.shape[0]):
        sight[at].near, sight[at].far = posts, 0


@njit
def by_place(readers, queue, reader):
    """At each place of the feed: which visitor of the chunk reads."""
    begin = 0
    for k in range(readers.shape[0]):
        for at in range(readers[k]):
            reader[begin + at] = queue[at]
        begin += readers[k]


@njit
def at_place(mine, place, subgroups, order):
    """The number of the post at a place that a visitor can see."""
    if place < mine.core:
        return np.int64(order[place])
    return np.int64(order[subgroups[mine.home].begin + place - mine.core])


@njit
def drawn_near(word, reader, sight, subgroups, order, post):
    """The post that each word selects, among those at the visitor's places."""
    for place in range(post.shape[0]):
        mine = sight[reader[place]]
        number = np.int64(uniform(word[place]) * mine.near)
        post[place] = at_place(mine, number, subgroups, order) if mine.near > 0 else 0


@njit
def all_in_sight(reader, item, visits, start, sight, away, subgroups, order, post):
    """If there is time for all posts: those of friends elsewhere, then the others in order."""
    for place in range(post.shape[0]):
        at = np.int64(reader[place])
        mine, k = sight[at], np.int64(item[place]) - 1
        if np.int64(visits[start + at].members) == mine.near + mine.far:
            if k < mine.far:
                post[place] = away[at, k]
            else:
                post[place] = at_place(mine, k - mine.far, subgroups, order)


@njit
def hush(reader, sight, wants):
    """Members who may not speak do not reply."""
    for place in range(wants.shape[0]):
        wants[place] &= np.uint8(sight[reader[place]].speaks)
