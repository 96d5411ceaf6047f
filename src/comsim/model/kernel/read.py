"""Read and react: attention, ads, replies and ties.

A visitor has attention for a number of items: ads first, then official posts and members' posts in
proportion to their number; friends' posts first, those of popular authors more often. In a crowd a
post may be read twice. The value of a visit is that of what was read, lowered by what is no longer
new and by the annoyance of ads. (Numbers in capitals, here and in other files, are assumptions.)
"""

import numpy as np
from numba import prange

from comsim.model.declare import LISTENERS, R4DS, TEXTBOOKS, Column, Lever, Parameter
from comsim.model.kernel.basics import TIE_SLOTS, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.feed import (
    add_up,
    all_there_is,
    choose,
    draw_ads,
    draw_feed,
    drawn,
    follow,
    friends_first,
    hand_out,
    judge,
    know,
    line_up,
    look_up,
)
from comsim.model.kernel.mechanisms.conduct import annoyance, posts_differ, suffer
from comsim.model.kernel.mechanisms.conversation import listen
from comsim.model.kernel.mechanisms.empower import encourage
from comsim.model.kernel.mechanisms.offers import content_worth
from comsim.model.kernel.mechanisms.respond import respond
from comsim.model.kernel.mechanisms.sight import (
    SIGHT,
    all_in_sight,
    by_place,
    drawn_near,
    hush,
    look_around,
    one_room,
)
from comsim.model.kernel.mechanisms.topics import (
    match,
    official_fit,
    pay_for_matching,
    prefer,
    seat_readers,
    sift,
    stands_of,
    suit,
)
from comsim.model.kernel.people import key_of
from comsim.model.kernel.random import uniform
from comsim.model.kernel.reply import (
    CHOICE,
    MOST_REPLIES,
    choose_replies,
    count_replies,
    write_replies,
)
from comsim.model.kernel.ties import come, gather_friends, let_go, posted_today
from comsim.model.kernel.visit import CHUNK, chunks_of

PARAMETERS = [
    Parameter("attention", 27, "items", 0, 200,
              "items that a member with full interest takes in on a visit", whole=True, fitted=R4DS,
              label="attention a visit", label_zh="每次到访的注意力"),
    Parameter("official_weight", 13.6, "posts", 0, 100,
              "number of members' posts that are as prominent as one official post",
              fitted=TEXTBOOKS, effect="official_posts", label="prominence of official posts",
              label_zh="官方帖的显著度"),
    Parameter("official_half", 2.81, "posts", 0.01, 100,
              "official posts read that give half of the value that they can give",
              fitted=TEXTBOOKS, effect="official_posts", label="official posts of half effect",
              label_zh="半效官方帖数"),
    Parameter("credit_floor", 0.3, "share", 0, 1,
              "value of official posts to a member without trust in the operator, as a share of "
              "full value", effect="official_posts", label="official posts without trust",
              label_zh="无信任时官方帖的价值"),
    Parameter("social_half", 1.63, "posts", 0.01, 100,
              "members' posts read (weighted by quality) that give half of the value that they can "
              "give", fitted=R4DS, label="members' posts of half effect", label_zh="半效成员帖数"),
    Parameter("friend_bonus", 1.0, "share", 0, 10, "how much more valuable a friend's post is",
              label="worth of a friend's post", label_zh="朋友帖的额外价值"),
    Parameter("herding", 0.5, "share", 0, 1,
              "chance that a reader takes, of two posts, the one whose author has the higher "
              "standing", sign="Salganik, Dodds and Watts 2006", label_zh="从众"),
    Parameter("reply_rate", 0.332, "a post read", 0, 1,
              "chance that a reader with full interest replies to a stranger's best post",
              fitted=R4DS, label_zh="回复率"),
    Parameter("friend_reply", 1.5, "share", 0, 20,
              "how much more likely a reader is to reply to a friend", label="replies to friends",
              label_zh="对朋友的额外回复"),
    Parameter("novelty_floor", 0.192, "share", 0, 1,
              "value of a visit when nothing is new, as a share of full value", fitted=TEXTBOOKS,
              label="value without novelty", label_zh="无新鲜感时的价值"),
    Parameter("ad_annoyance", 0.0002, "value of a visit", 0, 1, "value lost to very many ads",
              fitted=LISTENERS, effect="ad_pressure", label="annoyance by ads",
              label_zh="广告的烦扰"),
    Parameter("ad_half", 3.0, "ads a visit", 0.01, 100, "ads that have half of that effect",
              effect="ad_pressure", label="ads of half annoyance", label_zh="半数烦扰的广告数"),
]  # fmt: skip

LEVERS = [
    Lever("ad_pressure", 1.0, "ads a visit", 0, 20,
          "ads shown on a visit of full length; shorter visits of less interested members have "
          "proportionally fewer",
          meaning_zh="一次完整到访看到的广告数；兴趣低的成员到访较短，广告按比例减少",
          group="reach", grade="elsewhere", sources=("Goli et al. 2025",), slider=10,
          label_zh="广告压力"),
]  # fmt: skip

COLUMNS = [
    Column("replies", "replies", "replies to members' posts today", label_zh="回复"),
    Column("ad_impressions", "ads", "ads shown today", label="ads shown", label_zh="广告展示"),
    Column("items_official", "items", "official posts read today", observable=False,
           label="official posts read", label_zh="官方帖阅读次数"),
    Column("items_members", "items", "members' posts read today", observable=False,
           label="members' posts read", label_zh="成员帖阅读次数"),
]  # fmt: skip


@njit
def share_attention(slots, official, posts, weight):
    """How many official and how many members' posts fit: in proportion to their number; what one
    kind leaves over goes to the other."""
    prominence = weight * official
    share = prominence / (prominence + posts) if posts > 0 else 1.0
    first = np.int64(slots * share + 0.5)
    read_posts = min(posts, slots - min(official, first))
    return min(official, slots - read_posts), read_posts


@njit
def divide_attention(start, stop, p, levers, official_today, word, visits, number):
    """Each visitor's ads, official and members' posts. `number` holds the number of members' posts
    that each visitor of the chunk can see, and afterwards the number that they read."""
    for at in range(start, stop):
        visit = visits[at]
        items = 1 + np.int64(p.attention * np.float64(visit.interest))
        length = np.float64(items) / (1.0 + p.attention)
        ads = np.int64(levers[visit.cell].ad_pressure * length + uniform(word[at - start]))
        ads = min(ads, items)
        official, members = share_attention(
            items - ads, official_today[visit.cell], number[at - start], p.official_weight
        )
        visit.ads, visit.official, visit.members = ads, official, members
        number[at - start] = members


@njit(forceinline=True)
def value_of_visit(p, visit, quality, total, fit, harm):
    """The value of a visit, given the total value of the members' posts read.

    The value is taste x members' posts + (1 - taste) x official posts, both with diminishing
    returns; official posts count as far as the operator is trusted and they fit. It is lowered by
    what is no longer new, by the annoyance of ads and by bad posts, and is never below 0.
    """
    social = saturating(total, p.social_half)
    credit = p.credit_floor + (1.0 - p.credit_floor) * np.float64(visit.trust)
    operator = quality * credit * saturating(visit.official, p.official_half) * fit
    taste = np.float64(visit.taste)
    dull = p.novelty_floor + (1.0 - p.novelty_floor) * np.float64(visit.novelty)
    annoyed = p.ad_annoyance * saturating(visit.ads, p.ad_half)
    return max((taste * social + (1.0 - taste) * operator) * dull - annoyed - harm, 0.0)


@njit
def value_of(start, queue, p, levers, total, lost, visits, seen):
    """The value of each visit; and the chunk's sums of ads, official and members' posts."""
    ads, official, members = 0, 0, 0
    quality = content_worth(p, levers)
    for at in range(queue.shape[0]):
        visit = visits[start + queue[at]]
        ads += visit.ads
        official += visit.official
        members += visit.members
        visit.value = value_of_visit(p, visit, quality[visit.cell], total[at], 1.0, 0.0)
        visit.lost = lost[at]
    seen[0], seen[1], seen[2] = ads, official, members


@njit
def value_where_posts_differ(
    seats, reader, p, levers, stand, total, blank, harm, visits, hidden, seen
):
    """The same if posts have topics or may be bad; hidden posts were not read."""
    quality = content_worth(p, levers)
    for at in range(seats.shape[0]):
        visit = visits[seats[at]]
        here = levers[visit.cell]
        fit = official_fit(p, stand[at], here.matching)
        visit.value = value_of_visit(
            p, visit, quality[visit.cell], total[at], fit, annoyance(p, harm[seats[at]])
        )
    for place in range(blank.shape[0]):
        if blank[place] != 0:
            visits[seats[reader[place]]].members -= 1
            seen[2] -= 1
    seen[3] = hidden


@njit
def read_chunk(w, day, chunk):
    """One chunk of visitors. Writes only to each visitor's own places.

    `authors`: how many people wrote today's posts.
    """
    m, p, levers, today, (k0, k1) = w.m, w.p[0], w.levers[day], np.uint32(day), key_of(w)
    post_of, bonds, tie, tie_strength, posts = (
        m.post_of,
        m.bonds,
        m.tie,
        m.tie_strength,
        w.now[0].posts,
    )
    post_table, about, harm, visits, seen = w.posts, w.about, w.harm, w.visits, w.seen
    subgroup, subgroups, order = m.subgroup, w.subgroups, w.order
    start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, w.now[0].visitors)
    size = stop - start
    who, word = np.empty(size, np.uint32), np.empty(size, np.uint32)
    number, queue = np.empty(size, np.int32), np.empty(size, np.int32)
    readers = np.empty(2 + np.int64(p.attention), np.int64)
    for at in range(size):
        who[at] = visits[start + at].person
    apart, differ = w.now[0].subgroups > 0, posts_differ(p)
    sight = np.empty(size if apart or differ else 0, SIGHT)
    away = np.empty((size if apart else 0, TIE_SLOTS + 1), np.int32)
    if apart:
        pyramid = levers[0].pyramid > 0.0
        look_around(
            start, visits, tie, post_of, post_table, subgroup, subgroups, pyramid, sight, away,
            number,
        )  # fmt: skip
    else:
        one_room(posts, sight, number)
    draw_ads(who, today, k0, k1, word)
    divide_attention(start, stop, p, levers, w.official_today, word, visits, number)
    line_up(number, readers, queue)
    row, interest = np.empty(size, np.int32), np.empty(size, np.float32)
    ties, first_post = np.empty((TIE_SLOTS, size), np.int32), np.empty((TIE_SLOTS, size), np.int32)
    friends = np.empty((TIE_SLOTS + 1, size), np.int32)
    posted, lost = np.empty(size, np.uint32), np.empty(size, np.int32)
    come(start, queue, tie, visits, row, who, interest, ties)
    if levers[0].empowerment > 0.0:
        encourage(row, p, levers[0].empowerment, m.own, interest)
    posted_today(ties, post_of, first_post)
    gather_friends(first_post, friends, posted, lost)
    for at in range(size):
        if lost[at] > 0:
            let_go(row[at], post_of, bonds, tie, tie_strength)
    places = readers.sum()
    person, item = np.empty(places, np.uint32), np.empty(places, np.uint32)
    keen = np.empty(places, np.float32)
    hand_out(readers, who, interest, person, keen, item)
    first, second = np.empty(places, np.uint32), np.empty(places, np.uint32)
    reply, herd = np.empty(places, np.uint32), np.empty(places, np.uint32)
    draw_feed(person, item, today, k0, k1, first, second, reply, herd)
    post, rival = np.empty(places, np.int32), np.empty(places, np.int32)
    herds = np.empty(places, np.uint8)
    visitor = np.empty(places if apart else 0, np.int32)
    if apart:
        by_place(readers, queue, visitor)
        drawn_near(first, visitor, sight, subgroups, order, post)
        drawn_near(second, visitor, sight, subgroups, order, rival)
    else:
        drawn(first, posts, post)
        drawn(second, posts, rival)
    seats, stand = np.empty(size * differ, np.int64), np.empty(size * differ)
    reader, suited = np.empty(places * differ, np.int64), np.empty(places * differ, np.int32)
    if differ:
        seat_readers(start, queue, readers, seats, reader)
        stands_of(who, k0, k1, stand)
        match(p, levers, seats, visits, reader, item, person, today, k0, k1, stand, about, post,
              rival, suited)  # fmt: skip
    follow(herd, p.herding, herds)
    choose(rival, herds, w.standings, post)
    if differ:
        prefer(suited, post)
    friends_first(readers, friends, posted, post)
    if apart:
        all_in_sight(visitor, item, visits, start, sight, away, subgroups, order, post)
    elif 0 < posts < readers.shape[0]:
        all_there_is(readers, posts, post)
    author, value = np.empty(places, np.int32), np.empty(places, np.float32)
    look_up(post, post_table, author, value)
    own, friend = np.empty(places, np.uint8), np.empty(places, np.uint8)
    know(readers, row, ties, author, own, friend)
    blank, fit = np.zeros(places * differ, np.uint8), np.empty(places * differ)
    hidden = 0
    if differ:
        hidden = sift(p, levers, seats, visits, reader, item, person, today, k0, k1, stand,
                      about, start, apart, sight, subgroups, order, own, friend, post,
                      blank)  # fmt: skip
        if hidden > 0:
            look_up(post, post_table, author, value)
            know(readers, row, ties, author, own, friend)
        suit(p, reader, stand, about, post, blank, fit, value)
    worth, wants = np.empty(places), np.empty(places, np.uint8)
    judge(p, keen, own, value, friend, reply, worth, wants)
    if apart:
        hush(visitor, sight, wants)
    if differ:
        suffer(seats, reader, about, post, own, blank, fit, worth, harm)
    answered, chosen = np.empty(size, np.int32), np.empty((size, MOST_REPLIES), CHOICE)
    choose_replies(readers, queue, wants, post, author, answered, chosen)
    w.replied[chunk] = write_replies(
        start, answered, chosen, bonds, tie, tie_strength, visits,
        w.replies[start * MOST_REPLIES :],
    )  # fmt: skip
    total = np.empty(size)
    add_up(readers, worth, total)
    value_of(start, queue, p, levers, total, lost, visits, seen[chunk])
    if differ:
        value_where_posts_differ(
            seats, reader, p, levers, stand, total, blank, harm, visits, hidden, seen[chunk]
        )


@njit(parallel=True)
def read_in_threads(w, day, chunks):
    """All chunks, spread over threads."""
    for chunk in prange(chunks):
        read_chunk(w, day, np.int64(chunk))


@njit
def count_items(w, day, chunks):
    """What all visitors read today."""
    daily = w.daily[day]
    for chunk in range(chunks):
        daily.ad_impressions += w.seen[chunk, 0]
        daily.items_official += w.seen[chunk, 1]
        daily.items_members += w.seen[chunk, 2]
        daily.hidden += w.seen[chunk, 3]


@njit
def read(w, day, threaded):
    """Everyone reads; then replies and ties are recorded."""
    chunks = chunks_of(w.now[0].visitors)
    if threaded:
        read_in_threads(w, day, chunks)
    else:
        for chunk in range(chunks):
            read_chunk(w, day, chunk)
    count_items(w, day, chunks)
    count_replies(w, day, chunks)
    listen(w)
    respond(w, day)
    pay_for_matching(w, day)
