"""Read and react, the fourth function of the day: attention, ads, replies and ties.

A visitor has attention for some items: first the ads, then official posts and members' posts
in proportion to what there is; friends' posts first, popular ones more often. A visit's value
is what was read, dulled by what is no longer new, less the annoyance of ads.
"""

import numpy as np
from numba import prange

from comsim.declare import Column, Lever, Parameter
from comsim.kernel.arrive import GONE, cell, priority
from comsim.kernel.compile import njit
from comsim.kernel.random import philox4x32, uniform
from comsim.kernel.visit import TIE_SLOTS
from comsim.rng import Purpose

FEED_DRAW = np.uint32(Purpose.FEED)
TIE_DRAW = np.uint32(Purpose.TIE)
CHUNK = 512
MOST_REPLIES = 4
ADS_KEY = np.uint32(255)
STRONGEST = 255

PARAMETERS = [
    Parameter("attention", 14, "items", 0, 200,
              "items that a member with full interest takes in on a visit", whole=True),
    Parameter("official_weight", 3.0, "posts", 0, 100,
              "how many members' posts one official post is as prominent as"),
    Parameter("official_half", 1.0, "posts", 0.01, 100,
              "official posts read that give half of what they can give"),
    Parameter("credit_floor", 0.3, "share", 0, 1,
              "worth of official posts to a member without trust in the operator"),
    Parameter("social_half", 1.5, "posts", 0.01, 100,
              "members' posts read (weighted by quality) that give half of what they can give"),
    Parameter("friend_bonus", 1.0, "share", 0, 10, "how much more a friend's post is worth"),
    Parameter("herding", 0.5, "share", 0, 1,
              "how often a reader takes the more popular of two posts",
              "assumption; the sign after Salganik, Dodds and Watts 2006"),
    Parameter("reply_rate", 0.10, "a post read", 0, 1,
              "chance that a reader with full interest replies to a stranger's best post"),
    Parameter("friend_reply", 1.5, "share", 0, 20, "how much more a friend is replied to"),
    Parameter("novelty_floor", 0.35, "share", 0, 1, "value of a visit when nothing is new"),
    Parameter("ad_annoyance", 0.35, "value of a visit", 0, 1, "value lost to very many ads"),
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
def read_chunk(
    chunk, visitors, day, k0, k1, p, levers, newcomer_days, official_today, posts, person, group,
    joined_day, interest, trust, novelty, taste, post_of, bonds, tie, tie_strength, post_table, visits,
    replies,
):  # fmt: skip
    """One chunk of visitors. Writes only to each visitor's own places."""
    p = p[0]
    today = np.uint32(day)
    friends = np.empty(TIE_SLOTS, np.int64)
    most = 1 + np.int64(p.attention)
    luck, picked = np.empty((4, most), np.uint32), np.empty(most, np.int64)
    for at in range(chunk * CHUNK, min((chunk + 1) * CHUNK, visitors)):
        visit = visits[at]
        row = np.int64(visit.row)
        levers_here = levers[day, cell(group[row], joined_day[row], day, newcomer_days)]
        quality = levers_here.content_quality
        x = np.float64(interest[row])
        who = person[row]

        # Ties: who has left is let go, who has posted is read first.
        n_friends, gone = 0, 0
        for slot in range(TIE_SLOTS):
            other = np.int64(tie[row, slot])
            if other < 0:
                continue
            post = np.int64(post_of[other])
            if post == GONE:
                tie[row, slot] = -1
                tie_strength[row, slot] = 0
                gone += 1
            elif post >= 0:
                friends[n_friends] = post
                n_friends += 1
        bonds[row] -= gone

        # Attention: ads take their share first, the rest goes by what there is.
        items = 1 + np.int64(p.attention * x)
        chance = uniform(philox4x32(who, ADS_KEY, today, FEED_DRAW, k0, k1)[0])
        ads = min(np.int64(levers_here.ad_pressure + chance), items)
        slots = items - ads
        official = np.int64(official_today[cell(group[row], joined_day[row], day, newcomer_days)])
        read_official, read_posts = 0, 0
        if official + posts > 0:
            weighted = p.official_weight * official
            read_official = min(official, np.int64(slots * (weighted / (weighted + posts)) + 0.5))
            read_posts = min(posts, slots - read_official)
            read_official = min(official, slots - read_posts)

        # Members' posts: all of them if there is time, else friends' first, then the popular.
        for k in range(read_posts):  # no branch, so that these become vectors
            luck[0, k], luck[1, k], luck[2, k], luck[3, k] = philox4x32(
                who, np.uint32(k), today, FEED_DRAW, k0, k1
            )
        if read_posts == posts:
            for k in range(read_posts):
                picked[k] = k
        else:
            for k in range(read_posts):
                post = np.int64(uniform(luck[0, k]) * posts)
                rival = np.int64(uniform(luck[1, k]) * posts)
                better = post_table[rival].standing > post_table[post].standing
                herds = uniform(luck[3, k]) < p.herding
                picked[k] = rival if better & herds else post
            for k in range(min(n_friends, read_posts)):
                picked[k] = friends[k]
        worth, n_replies = 0.0, 0
        for k in range(read_posts):
            post = post_table[picked[k]]
            is_friend = False
            for slot in range(TIE_SLOTS):
                is_friend |= tie[row, slot] == post.author
            own = np.int64(post.author) == row
            quality_here = np.float64(post.value)
            worth += 0.0 if own else quality_here * (1.0 + p.friend_bonus if is_friend else 1.0)
            chance = p.reply_rate * x * quality_here * (1.0 + p.friend_reply if is_friend else 1.0)
            if uniform(luck[2, k]) < chance and not own and n_replies < MOST_REPLIES:
                replies[at, n_replies] = picked[k]
                n_replies += 1

        social = worth / (worth + p.social_half)
        credit = p.credit_floor + (1.0 - p.credit_floor) * np.float64(trust[row])
        operator = quality * credit * read_official / (read_official + p.official_half)
        fit = np.float64(taste[row])
        dull = p.novelty_floor + (1.0 - p.novelty_floor) * np.float64(novelty[row])
        annoyance = p.ad_annoyance * ads / (ads + p.ad_half)
        visit.value = max((fit * social + (1.0 - fit) * operator) * dull - annoyance, 0.0)
        visit.ads = ads
        visit.official = read_official
        visit.members = read_posts
        visit.lost = gone
        visit.replied = n_replies


@njit
def chunk_by_chunk(w, day, chunks):
    """All chunks, one after the other."""
    m, now = w.m, w.now[0]
    for chunk in range(chunks):
        read_chunk(
            chunk, now.visitors, day, w.people.key[0], w.people.key[1], w.p, w.levers,
            w.newcomer_days, w.official_today, now.posts, m.person, m.group, m.joined_day,
            m.interest, m.trust, m.novelty, m.taste, m.post_of, m.bonds, m.tie, m.tie_strength, w.posts,
            w.visits, w.replies,
        )  # fmt: skip


@njit(parallel=True)
def chunks_in_threads(w, day, chunks):
    """The same, spread over threads."""
    m, now = w.m, w.now[0]
    visitors, posts, k0, k1 = now.visitors, now.posts, w.people.key[0], w.people.key[1]
    p, levers, newcomer_days, official_today = w.p, w.levers, w.newcomer_days, w.official_today
    person, group, joined_day, interest = m.person, m.group, m.joined_day, m.interest
    trust, novelty, taste, post_of, bonds = m.trust, m.novelty, m.taste, m.post_of, m.bonds
    tie, tie_strength, post_table, visits = m.tie, m.tie_strength, w.posts, w.visits
    replies = w.replies
    for chunk in prange(chunks):
        read_chunk(
            chunk, visitors, day, k0, k1, p, levers, newcomer_days, official_today, posts,
            person, group, joined_day, interest, trust, novelty, taste, post_of, bonds, tie,
            tie_strength, post_table, visits, replies,
        )  # fmt: skip


@njit
def strengthen(m, row, other):
    """A tie from one member to another grows by 1, or takes a slot, or wears down the weakest.

    A fixed number of slots keeps the most frequent partners (Misra and Gries 1982).
    """
    weakest, free = 0, -1
    for slot in range(TIE_SLOTS):
        if m.tie[row, slot] == other:
            m.tie_strength[row, slot] = min(np.int64(m.tie_strength[row, slot]) + 1, STRONGEST)
            return
        if m.tie[row, slot] < 0:
            if free < 0:
                free = slot
        elif m.tie_strength[row, slot] < m.tie_strength[row, weakest]:
            weakest = slot
    if free >= 0:
        m.bonds[row] += 1
    elif m.tie_strength[row, weakest] > 1:
        m.tie_strength[row, weakest] -= 1
        return
    else:
        free = weakest
    m.tie[row, free] = other
    m.tie_strength[row, free] = 1


@njit
def reply(w, day):
    """Replies are counted at the posts; they tie the reader to the author, and the author to
    one of the day's repliers, picked by a keyed priority."""
    m, now, daily = w.m, w.now[0], w.daily[day]
    for at in range(now.visitors):
        visit = w.visits[at]
        row = np.int64(visit.row)
        daily.ad_impressions += visit.ads
        daily.items_official += visit.official
        daily.items_members += visit.members
        for k in range(visit.replied):
            post = w.posts[w.replies[at, k]]
            author = np.int64(post.author)
            post.replies += 1
            daily.replies += 1
            strengthen(m, row, author)
            first = w.posts[m.post_of[author]]
            best = np.int64(first.replier)
            to = np.int64(m.person[author])
            if best < 0 or priority(
                w.people.key, TIE_DRAW, day, np.int64(m.person[row]), to
            ) > priority(w.people.key, TIE_DRAW, day, np.int64(m.person[best]), to):
                first.replier = row
    for post in range(now.posts):
        if w.posts[post].replier >= 0:
            strengthen(m, np.int64(w.posts[post].author), np.int64(w.posts[post].replier))


@njit
def read(w, day, threaded):
    """Everyone reads; then replies and ties are written down."""
    chunks = (w.now[0].visitors + CHUNK - 1) // CHUNK
    if threaded:
        chunks_in_threads(w, day, chunks)
    else:
        chunk_by_chunk(w, day, chunks)
    reply(w, day)
