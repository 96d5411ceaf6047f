"""Read and react, the fourth function of the day: attention, ads, replies and ties.

A visitor has attention for some items: first the ads, then official posts and members' posts
in proportion to what there is; friends' posts first, those of popular authors more often, and in
a crowd a post may be met twice. A visit's value is what was read, dulled by what is no longer
new, less the annoyance of ads. (Numbers in capitals, here and in other files, are assumptions.)
"""

import numpy as np
from numba import prange

from comsim.declare import Column, Lever, Parameter
from comsim.kernel.basics import GONE, NOTHING, TIE_SLOTS, ranked, saturating
from comsim.kernel.compile import njit
from comsim.kernel.random import philox4x32, uniform
from comsim.kernel.visit import CHUNK
from comsim.rng import Purpose

FEED_DRAW = np.uint32(Purpose.FEED)
MOST_REPLIES = 4
STRONGEST = 255
LANES = 8  # draws that processors make at once

PARAMETERS = [
    Parameter("attention", 24, "items", 0, 200,
              "items that a member with full interest takes in on a visit", whole=True,
              fitted=True),
    Parameter("official_weight", 4.13, "posts", 0, 100,
              "how many members' posts one official post is as prominent as", fitted=True),
    Parameter("official_half", 1.38, "posts", 0.01, 100,
              "official posts read that give half of what they can give", fitted=True),
    Parameter("credit_floor", 0.3, "share", 0, 1,
              "worth of official posts to a member without trust in the operator"),
    Parameter("social_half", 2.2, "posts", 0.01, 100,
              "members' posts read (weighted by quality) that give half of what they can give",
              fitted=True),
    Parameter("friend_bonus", 1.0, "share", 0, 10, "how much more a friend's post is worth"),
    Parameter("herding", 0.5, "share", 0, 1,
              "how often a reader takes, of two posts, the one whose author stands higher",
              "assumption; the sign after Salganik, Dodds and Watts 2006"),
    Parameter("reply_rate", 0.267, "a post read", 0, 1,
              "chance that a reader with full interest replies to a stranger's best post",
              fitted=True),
    Parameter("friend_reply", 1.5, "share", 0, 20, "how much more a friend is replied to"),
    Parameter("novelty_floor", 0.12, "share", 0, 1, "value of a visit when nothing is new",
              fitted=True),
    Parameter("ad_annoyance", 0.0258, "value of a visit", 0, 1, "value lost to very many ads",
              fitted=True),
    Parameter("ad_half", 3.0, "ads a visit", 0.01, 100, "ads that annoy half as much"),
]  # fmt: skip

LEVERS = [Lever("ad_pressure", 1.0, "ads a visit", 0, 20, "ads shown to a visitor")]

COLUMNS = [
    Column("replies", "replies", "replies to members' posts today"),
    Column("ad_impressions", "ads", "ads shown today"),
    Column("items_official", "items", "official posts read today", observable=False),
    Column("items_members", "items", "members' posts read today", observable=False),
]


@njit
def friends_posts(start, stop, post_of, tie, visits, found):
    """For each visitor of a chunk and each of its ties: the friend's first post of today.

    All gathers at once and without a branch, so that the processor waits for many together.
    """
    for at in range(start, stop):
        row = visits[at].row
        for slot in range(TIE_SLOTS):
            other = tie[row, slot]
            post = post_of[max(other, 0)]
            found[at - start, slot] = post if other >= 0 else NOTHING


@njit
def meet(found, at, row, bonds, tie, tie_strength, friends):
    """Look after a member's ties: who has left is let go, who has posted today is noted down.

    Returns how many friends' posts are in `friends`, and how many friends were found gone.
    """
    posted, gone = 0, 0
    for slot in range(TIE_SLOTS):
        friends[posted] = found[at, slot]
        posted += np.int64(found[at, slot] >= 0)
        gone += np.int64(found[at, slot] == GONE)
    if gone > 0:
        for slot in range(TIE_SLOTS):
            if found[at, slot] == GONE:
                tie[row, slot] = -1
                tie_strength[row, slot] = 0
        bonds[row] -= gone
    return posted, gone


@njit
def strengthen(row, other, bonds, tie, tie_strength):
    """A tie from one member to another grows by 1, or takes a slot, or wears down the weakest.

    A fixed number of slots keeps the most frequent partners (after Misra and Gries 1982, who wear
    down all).
    """
    weakest, free = 0, -1
    for slot in range(TIE_SLOTS):
        if tie[row, slot] == other:
            tie_strength[row, slot] = min(np.int64(tie_strength[row, slot]) + 1, STRONGEST)
            return
        if tie[row, slot] < 0:
            if free < 0:
                free = slot
        elif tie_strength[row, slot] < tie_strength[row, weakest]:
            weakest = slot
    if free >= 0:
        bonds[row] += 1
    elif tie_strength[row, weakest] > 1:
        tie_strength[row, weakest] -= 1
        return
    else:
        free = weakest
    tie[row, free] = other
    tie_strength[row, free] = 1


@njit
def share_attention(slots, official, posts, weight):
    """How many official and how many members' posts fit: in proportion to what there is, and
    what one kind leaves over goes to the other."""
    prominence = weight * official
    share = prominence / (prominence + posts) if posts > 0 else 1.0
    first = np.int64(slots * share + 0.5)
    read_posts = min(posts, slots - min(official, first))
    return min(official, slots - read_posts), read_posts


@njit
def pick(p, luck, standings, posts, friends, posted, picked, number):
    """Which posts are read: all if there is time, else friends' first, then the popular.

    A stranger's post is the first of two drawn, or, if the reader follows the herd, the one
    whose author stands higher.
    """
    if number == posts:
        for k in range(number):
            picked[k] = k
        return
    for k in range(posted, number):
        post = np.int64(uniform(luck[0, k + 1]) * posts)
        rival = np.int64(uniform(luck[1, k + 1]) * posts)
        better = standings[rival] > standings[post]
        herds = uniform(luck[3, k + 1]) < p.herding
        picked[k] = rival if better & herds else post
    for k in range(min(posted, number)):
        picked[k] = friends[k]


@njit
def react(p, row, x, bonded, tie, luck, post_table, picked, number, replies, at):
    """Read the posts picked: returns what they are worth, and how many got a reply."""
    worth, replied = 0.0, 0
    for k in range(number):
        post = post_table[picked[k]]
        friend = False
        if bonded:
            for slot in range(TIE_SLOTS):
                friend |= tie[row, slot] == post.author
        own = np.int64(post.author) == row
        value = np.float64(post.value)
        worth += 0.0 if own else value * (1.0 + p.friend_bonus if friend else 1.0)
        chance = p.reply_rate * x * value * (1.0 + p.friend_reply if friend else 1.0)
        if uniform(luck[2, k + 1]) < chance and not own and replied < MOST_REPLIES:
            replies[at, replied] = picked[k]
            replied += 1
    return worth, replied


@njit
def read_chunk(
    chunk, visitors, day, k0, k1, p, levers, official_today, posts, post_of, bonds, tie,
    tie_strength, post_table, standings, visits, replies,
):  # fmt: skip
    """One chunk of visitors. Writes only to each visitor's own places.

    The value of a visit is taste x members' posts + (1 - taste) x official posts, both with
    diminishing returns, official posts as far as the operator is trusted; dulled by what is no
    longer new; less the annoyance of ads; never below 0.
    """
    p = p[0]
    today = np.uint32(day)
    most = 1 + np.int64(p.attention)
    friends, picked = np.empty(TIE_SLOTS + 1, np.int64), np.empty(most, np.int64)
    luck = np.empty((4, most + LANES), np.uint32)
    start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, visitors)
    found = np.empty((CHUNK, TIE_SLOTS), np.int32)
    friends_posts(start, stop, post_of, tie, visits, found)
    for at in range(start, stop):
        visit = visits[at]
        row = np.int64(visit.row)
        lever = levers[day, visit.cell]
        x = np.float64(visit.interest)
        items = 1 + np.int64(p.attention * x)
        # All draws at once, and some more: whole vectors and no rest take the least time.
        for k in range((items + LANES) // LANES * LANES):
            luck[0, k], luck[1, k], luck[2, k], luck[3, k] = philox4x32(
                visit.person, np.uint32(k), today, FEED_DRAW, k0, k1
            )
        posted, gone = meet(found, at - start, row, bonds, tie, tie_strength, friends)

        ads = min(np.int64(lever.ad_pressure + uniform(luck[0, 0])), items)
        official, number = share_attention(
            items - ads, official_today[visit.cell], posts, p.official_weight
        )
        pick(p, luck, standings, posts, friends, posted, picked, number)
        worth, replied = react(
            p, row, x, bonds[row] > 0, tie, luck, post_table, picked, number, replies, at
        )
        for k in range(replied):
            author = np.int64(post_table[replies[at, k]].author)
            strengthen(row, author, bonds, tie, tie_strength)

        social = saturating(worth, p.social_half)
        credit = p.credit_floor + (1.0 - p.credit_floor) * np.float64(visit.trust)
        operator = lever.content_quality * credit * saturating(official, p.official_half)
        fit = np.float64(visit.taste)
        dull = p.novelty_floor + (1.0 - p.novelty_floor) * np.float64(visit.novelty)
        annoyance = p.ad_annoyance * saturating(ads, p.ad_half)
        visit.value = max((fit * social + (1.0 - fit) * operator) * dull - annoyance, 0.0)
        visit.ads = ads
        visit.official = official
        visit.members = number
        visit.lost = gone
        visit.replied = replied


@njit
def chunk_by_chunk(w, day, chunks):
    """All chunks, one after the other."""
    m, now = w.m, w.now[0]
    for chunk in range(chunks):
        read_chunk(
            chunk, now.visitors, day, w.people.key[0], w.people.key[1], w.p, w.levers,
            w.official_today, now.posts, m.post_of, m.bonds, m.tie, m.tie_strength,
            w.posts, w.standings, w.visits, w.replies,
        )  # fmt: skip


@njit(parallel=True)
def chunks_in_threads(w, day, chunks):
    """The same, spread over threads."""
    m, now = w.m, w.now[0]
    visitors, posts, k0, k1 = now.visitors, now.posts, w.people.key[0], w.people.key[1]
    p, levers, official_today = w.p, w.levers, w.official_today
    post_of, bonds, tie, tie_strength = m.post_of, m.bonds, m.tie, m.tie_strength
    post_table, standings, visits, replies = w.posts, w.standings, w.visits, w.replies
    for chunk in prange(chunks):
        read_chunk(
            chunk, visitors, day, k0, k1, p, levers, official_today, posts, post_of, bonds, tie,
            tie_strength, post_table, standings, visits, replies,
        )  # fmt: skip


@njit
def reply(w, day):
    """Replies are counted at the posts; each author is tied to one of the day's repliers.

    That is the one with the greatest luck of the day, or of equals the one with the lowest id.
    """
    m, now, daily = w.m, w.now[0], w.daily[day]
    ads, official, members, replies = 0, 0, 0, 0
    for at in range(now.visitors):
        visit = w.visits[at]
        ads += visit.ads
        official += visit.official
        members += visit.members
        replies += visit.replied
        for k in range(visit.replied):
            echo = w.echoes[w.replies[at, k]]
            echo.replies += 1
            first = w.echoes[echo.first]
            rank = ranked(visit.reply, visit.person)
            if rank > first.rank:
                first.rank, first.replier = rank, visit.row
    daily.ad_impressions, daily.replies = ads, replies
    daily.items_official, daily.items_members = official, members
    for post in range(now.posts):
        author, replier = np.int64(w.posts[post].author), np.int64(w.echoes[post].replier)
        if replier >= 0:
            strengthen(author, replier, m.bonds, m.tie, m.tie_strength)


@njit
def read(w, day, threaded):
    """Everyone reads; then replies and ties are written down."""
    chunks = (w.now[0].visitors + CHUNK - 1) // CHUNK
    if threaded:
        chunks_in_threads(w, day, chunks)
    else:
        chunk_by_chunk(w, day, chunks)
    reply(w, day)
