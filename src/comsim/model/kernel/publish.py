"""Publish: the operator's calendar, and members' own posts."""

import numpy as np

from comsim.model.declare import R4DS, Column, Lever, Parameter
from comsim.model.kernel.basics import TIE_SLOTS, cents, saturating, whole_of
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.conduct import appraise
from comsim.model.kernel.mechanisms.conversation import talk_back
from comsim.model.kernel.mechanisms.core import only_who_may
from comsim.model.kernel.mechanisms.interactive import call_for_posts
from comsim.model.kernel.mechanisms.moderate import moderate
from comsim.model.kernel.mechanisms.recognise import spur
from comsim.model.kernel.mechanisms.sight import lay_out_posts
from comsim.model.kernel.mechanisms.stated_rules import invite_first_posts
from comsim.model.kernel.mechanisms.trust import bearing
from comsim.model.kernel.people import draw
from comsim.model.kernel.prefetch import AHEAD, prefetch
from comsim.model.kernel.random import uniform
from comsim.model.kernel.visit import CHUNK, chunks_of
from comsim.model.rng import Purpose

PUBLISH_DRAW = np.uint32(Purpose.PUBLISH)
MOST_POSTS = 8

# Today's members' posts: the author's row and the quality, as readers gather them; and what came
# back: replies, one replier's row, and the author's first post of the day.
POST = np.dtype([("author", "i4"), ("value", "f4")], align=True)
ECHO = np.dtype([("rank", "i8"), ("first", "i4"), ("replies", "i4"), ("replier", "i4")], align=True)

PARAMETERS = [
    Parameter("tie_voice", 0.5, "share", 0, 5, "how much more a member with all ties posts",
              label="ties and posting", label_zh="关系对发帖的促进"),
    Parameter("voice_floor", 0.261, "share", 0, 1,
              "posts of a member who has lost all confidence, as a share of full posting",
              fitted=R4DS, label="posting without confidence", label_zh="无信心时的发帖"),
    Parameter("reward_pull", 1.2, "share", 0, 10,
              "by how much a very large reward raises posting at once",
              sign="Garnefeld et al. 2012", effect="contribution_reward", label="pull of rewards",
              label_zh="奖励的拉力"),
    Parameter("reward_half", 1.0, "currency a post", 0.01, 1e3,
              "contribution reward that has half of that effect", effect="contribution_reward",
              label="reward of half effect", label_zh="半效奖励"),
    Parameter("crowding_out", 0.6, "share", 0, 1,
              "share of their own motivation that members lose once they count on rewards",
              sign="Garnefeld et al. 2012 and Deci et al. 1999", effect="contribution_reward",
              label="crowding out by rewards", label_zh="奖励的挤出效应"),
    Parameter("post_cost", 40.0, "currency a post", 0, 1e5, "cost of one official post", doubt=1,
              label="cost of an official post", label_zh="官方帖成本"),
]  # fmt: skip

LEVERS = [
    Lever("official_posts", 1.0, "posts a day", 0, 50, "content cadence of the operator",
          meaning_zh="官方每天发帖数", group="content", grade="elsewhere",
          sources=("Gong et al. 2017", "Nagaraj 2021"), paid_from="cost_content",
          price="post_cost for each post", slider=10, label="content cadence", label_zh="内容节奏"),
    Lever("content_quality", 0.6, "0 to 1", 0, 1, "quality of official posts",
          meaning_zh="官方帖的质量", group="content", grade="sign only",
          sources=("Zhu et al. 2020",), label_zh="内容质量"),
    Lever("contribution_reward", 0, "currency a post", 0, 100, "points or money for a post",
          meaning_zh="每发一帖得到的积分或钱", group="incentives", grade="sign only",
          sources=("Garnefeld et al. 2012", "Burtch et al. 2018"), paid_from="cost_rewards",
          price="its value for each post", slider=5, label_zh="贡献奖励"),
]  # fmt: skip

COLUMNS = [
    Column("official_posts", "posts", "official posts today, in the group that got the most",
           label_zh="官方帖"),
    Column("posts", "posts", "members' posts today", label="members' posts", label_zh="成员帖"),
    Column("posters", "people", "members who posted today", label_zh="发帖人数"),
    Column("cost_content", "currency", "official posts", 100, ledger="cost", label="content",
           label_zh="内容"),
    Column("cost_rewards", "currency", "contribution rewards", 100, ledger="cost", label="rewards",
           label_zh="奖励"),
]  # fmt: skip


@njit
def official(w, day):
    """Whole posts of the day for each group; the fraction is carried over to the next day."""
    most = 0
    for cell in range(w.levers.shape[1]):
        w.content_carry[cell] += w.levers[day, cell].official_posts
        whole = whole_of(w.content_carry[cell])
        w.content_carry[cell] -= whole
        w.official_today[cell] = whole
        most = max(most, whole)
    w.daily[day].official_posts = most
    w.daily[day].cost_content = most * cents(w.p[0].post_cost)


@njit
def posting_rate(p, visit, bonds, reward):
    """Expected posts of a visitor: contribution x interest x bearing of trust x voice x (1 + ties)
    x reward.

    A reward takes effect at once. Members who have come to count on it (`reward_norm`) post less of
    their own accord, which shows when the reward ends.
    """
    paid = 1.0 + p.reward_pull * saturating(reward, p.reward_half)
    own = 1.0 - p.crowding_out * np.float64(visit.reward_norm)
    return (
        np.float64(visit.contribution)
        * np.float64(visit.interest)
        * bearing(p.trust_posts, np.float64(visit.trust))
        * (p.voice_floor + 2.0 * (1.0 - p.voice_floor) * np.float64(visit.voice))
        * (1.0 + p.tie_voice * (np.float64(bonds) / TIE_SLOTS))
        * paid
        * own
    )


@njit
def write(start, stop, p, mood, levers, bonds, visits, writers, numbers):
    """Which visitors of a chunk write, and how many posts. Returns the number of writers. `mood` is
    the same for all."""
    writing = 0
    for at in range(start, stop):
        prefetch(bonds, np.int64(visits[min(at + AHEAD, stop - 1)].row))
        visit = visits[at]
        reward = levers[visit.cell].contribution_reward
        rate = posting_rate(p, visit, bonds[visit.row], reward) * mood
        number = min(np.int64(rate + uniform(visit.post)), MOST_POSTS)
        writers[writing], numbers[writing] = at, number
        writing += np.int64(number > 0)
    return writing


@njit
def publish(w, day):
    """Official posts, then each visitor writes a whole number of posts; moderators remove some."""
    m, now, daily = w.m, w.now[0], w.daily[day]
    official(w, day)
    call_for_posts(w, day)
    talk_back(w)
    spur(w)
    invite_first_posts(w, day)
    posts, posters, paid_cents = 0, 0, 0
    writers, numbers = np.empty(CHUNK + 1, np.int32), np.empty(CHUNK + 1, np.int32)
    for chunk in range(chunks_of(now.visitors)):
        start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, now.visitors)
        writing = write(
            start, stop, w.p[0], now.mood, w.levers[day], m.bonds, w.visits, writers, numbers
        )
        if w.levers[day, 0].pyramid > 0.0:
            writing = only_who_may(m.subgroup, w.subgroups, w.visits, writing, writers, numbers)
        for k in range(writing):
            soon = np.int64(w.visits[writers[min(k + AHEAD, writing - 1)]].row)
            prefetch(m.own, soon)
            prefetch(m.post_of, soon)
            visit, number = w.visits[writers[k]], np.int64(numbers[k])
            row = np.int64(visit.row)
            m.post_of[row] = posts
            for nth in range(number):
                post, echo = w.posts[posts], w.echoes[posts]
                words = draw(w.people.key, PUBLISH_DRAW, day, visit.person, nth + 1)
                post.author, post.value = row, uniform(words[0])
                w.standings[posts] = m.own[row].standing
                echo.first, echo.replies, echo.replier, echo.rank = posts - nth, 0, -1, -1
                posts += 1
            posters += 1
            paid_cents += number * cents(w.levers[day, visit.cell].contribution_reward)
            if m.own[row].last_post >= 0:
                w.poster_count[m.own[row].last_post] -= 1
            m.own[row].last_post = day
            m.own[row].posts += number
    w.poster_count[day] += posters
    now.posts = posts
    daily.posts = posts
    daily.posters = posters
    daily.cost_rewards = paid_cents
    appraise(w, day)
    moderate(w, day)
    lay_out_posts(w)
