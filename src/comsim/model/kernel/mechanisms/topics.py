"""Topics: members care for different things, and value what fits them more.

Everybody has a fixed place on a circle of topics, a keyed random number. The community's main
topic, which the operator writes about, is at 0. A post lies near its author's place. Its fit to a
reader is 1 for the same place and 1 - breadth for the opposite one: with breadth 1, half of a
random post's value, and of its chance of a reply, is left.

Matching ("a thousand faces") takes the better fitting of two posts instead of the more popular one,
and brings official posts closer to each reader. Personal moderation hides what does not fit from
each reader, instead of deleting it for all (Ren and Kraut 2014). Part of `publish` and `read`.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import NOTHING, cents
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.sight import at_place
from comsim.model.kernel.people import NO_DAY
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.rng import Purpose

TOPIC_DRAW = np.uint32(Purpose.TOPIC)
MATCH_DRAW = np.uint32(Purpose.MATCH)
SIFT_DRAW = np.uint32(Purpose.SIFT)
MAIN_TOPIC = 0.0

# Kinds of posts; the last two fit nobody. What a post of today is about, and what is wrong with it.
GOOD, TOXIC, OFF_TOPIC = range(3)
ABOUT = np.dtype([("topic", "f4"), ("kind", "i4")])

PARAMETERS = [
    Parameter("breadth", 0.0, "share", 0, 1,
              "how far members' interests lie apart: value that a post on the opposite topic loses",
              "assumption; topical breadth as in Ren and Kraut 2014", doubt=1,
              label="breadth of topics", label_zh="话题广度"),
    Parameter("straying", 0.2, "share of the circle", 0, 1,
              "width of the range of topics that one author writes about",
              label="straying of authors", label_zh="作者话题的散布"),
    Parameter("matching_gain", 0.5, "share", 0, 1,
              "share of the value that official posts lose by not fitting which full matching "
              "restores", effect="matching", label="gain of matched official posts",
              label_zh="官方帖匹配的增益"),
    Parameter("matching_cost", 40.0, "currency a day", 0, 1e5,
              "cost of full matching or personal moderation: data, software, variants of posts",
              doubt=1, label="cost of matching", label_zh="匹配成本"),
]  # fmt: skip

LEVERS = [
    Lever("matching", 0.0, "share", 0, 1,
          "share of places in a feed that take the better fitting of two posts",
          meaning_zh="信息流中按兴趣二选一的位置比例", group="content", grade="elsewhere",
          sources=("Cosley et al. 2007", "Holtz et al. 2020"), paid_from="cost_matching",
          price="matching_cost a day times the greater of matching and personal_moderation",
          label="personalised matching", label_zh="个性化匹配"),
    Lever("personal_moderation", 0.0, "share", 0, 1,
          "share of ill-fitting posts that are hidden from members",
          meaning_zh="对成员隐藏不合口味内容的程度", group="rules", grade="none",
          paid_from="cost_matching",
          price="matching_cost a day times the greater of matching and personal_moderation",
          label="personalised moderation", label_zh="个性化过滤"),
]  # fmt: skip

COLUMNS = [
    Column("hidden", "posts", "posts that a personal filter hid from a reader today",
           label="posts hidden from readers", label_zh="为读者过滤的帖子"),
    Column("cost_matching", "currency", "matching and personal moderation", 100, ledger="cost",
           label="matching", label_zh="个性化匹配"),
]  # fmt: skip


@njit(forceinline=True)
def interest_of(people, person):
    """A person's place on the circle of topics, 0 to 1."""
    return uniform(
        philox4x32(
            np.uint32(person), np.uint32(0), NO_DAY, TOPIC_DRAW, people.key[0], people.key[1]
        )[0]
    )


@njit(forceinline=True)
def fit_between(breadth, one, other):
    """1 for the same place on the circle, 1 - breadth for opposite ones."""
    apart = abs(one - other)
    return 1.0 - breadth * 2.0 * min(apart, 1.0 - apart)


@njit(forceinline=True)
def fit_of(breadth, place, about):
    """How well a post fits a reader; off-topic posts fit nobody."""
    fit = fit_between(breadth, place, np.float64(about.topic))
    return fit if about.kind < OFF_TOPIC else 0.0


@njit
def topic_of_post(p, people, day, person, nth):
    """The place of a person's nth post of the day (counted from 1): near the person's own."""
    word = philox4x32(
        np.uint32(person), np.uint32(nth), np.uint32(day), TOPIC_DRAW, people.key[0], people.key[1]
    )[0]
    place = interest_of(people, person) + p.straying * (uniform(word) - 0.5)
    if place < 0.0:
        return place + 1.0
    return place - 1.0 if place >= 1.0 else place


@njit
def seat_readers(start, queue, readers, seats, reader):
    """The visit of each visitor of a queue, and who of the queue reads at each place."""
    for at in range(queue.shape[0]):
        seats[at] = start + queue[at]
    begin = 0
    for k in range(readers.shape[0]):
        for at in range(readers[k]):
            reader[begin + at] = at
        begin += readers[k]


@njit
def stands_of(who, k0, k1, stand):
    """The place of each visitor of a queue on the circle."""
    for at in range(who.shape[0]):
        stand[at] = uniform(philox4x32(who[at], np.uint32(0), NO_DAY, TOPIC_DRAW, k0, k1)[0])


@njit
def match(p, levers, seats, visits, reader, item, person, today, k0, k1, stand, about, post,
          rival, suited):  # fmt: skip
    """At matched places the better fitting of two posts; NOTHING if they fit equally."""
    for place in range(post.shape[0]):
        suited[place] = NOTHING
        at = np.int64(reader[place])
        level = levers[visits[seats[at]].cell].matching
        word = philox4x32(person[place], item[place], today, MATCH_DRAW, k0, k1)[0]
        if uniform(word) < level:
            one = fit_of(p.breadth, stand[at], about[post[place]])
            other = fit_of(p.breadth, stand[at], about[rival[place]])
            if one != other:
                suited[place] = rival[place] if other > one else post[place]


@njit
def prefer(suited, post):
    """Matched posts are read instead."""
    for place in range(post.shape[0]):
        if suited[place] != NOTHING:
            post[place] = suited[place]


@njit
def another(word, mine, apart, subgroups, order):
    """The post that a word selects, among those that a visitor can see."""
    place = np.int64(uniform(word) * mine.near)
    return at_place(mine, place, subgroups, order) if apart else place


@njit
def sift(p, levers, seats, visits, reader, item, person, today, k0, k1, stand, about, start,
         apart, sight, subgroups, order, own, friend, post, blank):  # fmt: skip
    """Each reader's filter hides what does not fit; another post takes the place, and may be hidden
    as well. Visitors who have time for all posts miss only posts that fit nobody: `blank` places.
    Returns how often something was hidden."""
    hidden = 0
    for place in range(post.shape[0]):
        blank[place] = 0
        at = np.int64(reader[place])
        visit = visits[seats[at]]
        level = levers[visit.cell].personal_moderation
        if level <= 0.0 or own[place] != 0 or friend[place] != 0:
            continue
        mine = sight[seats[at] - start]
        everything = visit.members == mine.near + mine.far
        if everything and about[post[place]].kind < OFF_TOPIC:
            continue
        hide, second, hide_again, third = philox4x32(
            person[place], item[place], today, SIFT_DRAW, k0, k1
        )
        chance = level * (1.0 - fit_of(p.breadth, stand[at], about[post[place]]))
        if uniform(hide) >= chance:
            continue
        hidden += 1
        if everything:
            blank[place] = 1
            continue
        post[place] = another(second, mine, apart, subgroups, order)
        chance = level * (1.0 - fit_of(p.breadth, stand[at], about[post[place]]))
        if uniform(hide_again) < chance:
            hidden += 1
            post[place] = another(third, mine, apart, subgroups, order)
    return hidden


@njit
def suit(p, reader, stand, about, post, blank, fit, value):
    """How well each post fits its reader, and the resulting quality; nothing if nothing is read."""
    for place in range(post.shape[0]):
        fit[place] = fit_of(p.breadth, stand[reader[place]], about[post[place]])
        value[place] = 0.0 if blank[place] else np.float64(value[place]) * fit[place]


@njit(forceinline=True)
def official_fit(p, place, matching):
    """Official posts are about the main topic; matching brings them closer to the reader."""
    unmatched = fit_between(p.breadth, place, MAIN_TOPIC)
    return unmatched + matching * p.matching_gain * (1.0 - unmatched)


@njit
def pay_for_matching(w, day):
    """Matching is paid for by the day, at the level of the group with the most of it."""
    most = 0.0
    for cell in range(w.levers.shape[1]):
        here = w.levers[day, cell]
        most = max(most, max(here.matching, here.personal_moderation))
    w.daily[day].cost_matching = cents(w.p[0].matching_cost * most)
