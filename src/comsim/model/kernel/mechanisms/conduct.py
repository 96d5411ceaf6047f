"""Conduct: some posts are toxic or off topic, and hurt or annoy their readers.

Most toxic posts come from a few people (Cheng, Danescu-Niculescu-Mizil and Leskovec 2015), and
anybody writes more of them in a bad mood (Cheng et al. 2017): here, at low trust. Readers of toxic
posts get less value from their visit, trust less and post less. Off-topic posts (spam is one
kind of them) waste attention and annoy a little. Part of `publish`, `read` and `learn`.
"""

import numpy as np

from comsim.model.declare import Column, Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.stated_rules import conduct_under_rules
from comsim.model.kernel.mechanisms.topics import GOOD, OFF_TOPIC, TOXIC, topic_of_post
from comsim.model.kernel.people import NO_DAY, draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

CONDUCT_DRAW = np.uint32(Purpose.CONDUCT)

# What was bad about a visit: the sum of what others' posts lacked in fit (1 for one off topic),
# and how many were toxic.
HARM = np.dtype([("misfit", "f8"), ("toxic", "i8")])

PARAMETERS = [
    Parameter("toxicity", 0.0, "share", 0, 1,
              "share of members' posts that are toxic, at a trust of 0.5", doubt=1,
              label="toxic posts", label_zh="恶意帖占比"),
    Parameter("off_topic", 0.0, "share", 0, 1, "share of members' posts that are off topic",
              doubt=1, label="off-topic posts", label_zh="跑题帖占比"),
    Parameter("toxic_hurt", 0.10, "value of a visit", -0.5, 1,
              "value lost to very many toxic posts; below 0 if they engage more than they hurt",
              "assumption; Beknazar-Yuzbashev et al. 2022: less is viewed where they are hidden",
              label="hurt by toxic posts", label_zh="恶意帖的伤害"),
    Parameter("toxic_half", 1.0, "posts a visit", 0.01, 100,
              "toxic posts that have half of that effect", label="toxic posts of half hurt",
              label_zh="半数伤害的恶意帖数"),
    Parameter("misfit_annoyance", 0.15, "value of a visit", 0, 1,
              "value lost to very many posts that do not fit, including off-topic posts",
              "assumption; the cost of what is of no interest in Ren and Kraut 2014, chosen with "
              "F17 in sight", label="annoyance by what does not fit",
              label_zh="不合兴趣内容的烦扰"),
    Parameter("misfit_half", 6.0, "posts a visit", 0.01, 100,
              "posts without any fit that have half of that effect",
              label="misfit of half annoyance", label_zh="半数烦扰的不合帖数"),
    Parameter("toxic_silencing", 0.01, "a post", 0, 1,
              "share of the confidence to post that reading one toxic post takes",
              label="voice lost by a toxic post", label_zh="恶意帖损耗的发言信心"),
]  # fmt: skip

COLUMNS = [
    Column("posts_toxic", "posts", "toxic posts written today", observable=False,
           label="toxic posts", label_zh="恶意帖"),
    Column("posts_off_topic", "posts", "posts off topic written today", observable=False,
           label="off-topic posts", label_zh="跑题帖"),
    Column("toxic_read", "posts", "toxic posts read today, by all readers", observable=False,
           label="toxic posts read", label_zh="恶意帖阅读次数"),
]  # fmt: skip


@njit(forceinline=True)
def skewed(u):
    """A propensity with mean 1, more than half of which a tenth of the people have: 8 u^7."""
    square = u * u
    return 8.0 * (square * square * square * u)


@njit
def kind_of_post(p, people, day, person, trust, nth, careless):
    """What is wrong with a person's nth post of the day (from 1 on), if anything is.

    toxic: toxicity x malice x 2 (1 - trust); off topic: alike for all. Both are multiplied by
    `careless`, which is below 1 for newcomers who read the rules.
    """
    malice = draw(people.key, CONDUCT_DRAW, NO_DAY, person, 0)[0]
    u = uniform(draw(people.key, CONDUCT_DRAW, day, person, nth)[0])
    toxic = p.toxicity * skewed(uniform(malice)) * 2.0 * (1.0 - trust) * careless
    astray = p.off_topic * careless
    if u < toxic:
        return TOXIC
    return OFF_TOPIC if u < toxic + astray else GOOD


@njit(forceinline=True)
def posts_differ(p):
    """Whether posts have topics, or some are bad; if not, this whole file is skipped."""
    return p.breadth + p.toxicity + p.off_topic > 0.0


@njit
def appraise(w, day):
    """What today's posts are about, and what is wrong with some of them."""
    m, p, daily = w.m, w.p[0], w.daily[day]
    if not posts_differ(p):
        return
    for post in range(w.now[0].posts):
        author = np.int64(w.posts[post].author)
        person, nth = m.person[author], post - np.int64(w.echoes[post].first) + 1
        trust = np.float64(m.own[author].trust)
        about = w.about[post]
        about.topic = topic_of_post(p, w.people, day, person, nth)
        careless = conduct_under_rules(w, day, author)
        about.kind = kind_of_post(p, w.people, day, person, trust, nth, careless)
        daily.posts_toxic += about.kind == TOXIC
        daily.posts_off_topic += about.kind == OFF_TOPIC
        if about.kind == OFF_TOPIC:
            w.posts[post].value = 0.0


@njit
def suffer(seats, reader, about, post, own, blank, fit, worth, harm):
    """What each visitor of a queue met that was bad; toxic posts are worth nothing."""
    for at in range(seats.shape[0]):
        harm[seats[at]].misfit, harm[seats[at]].toxic = 0.0, 0
    for place in range(post.shape[0]):
        if own[place] != 0 or blank[place] != 0:
            continue
        met = harm[seats[reader[place]]]
        met.misfit += 1.0 - fit[place]
        if about[post[place]].kind == TOXIC:
            worth[place] = 0.0
            met.toxic += 1


@njit(forceinline=True)
def annoyance(p, harm):
    """What toxic posts, and posts that did not fit, take from the value of a visit."""
    hurt = p.toxic_hurt * saturating(np.float64(harm.toxic), p.toxic_half)
    return hurt + p.misfit_annoyance * saturating(harm.misfit, p.misfit_half)


@njit
def be_hurt(w, day):
    """Who has read toxic posts is less ready to speak (and trusts less: `trust`)."""
    p = w.p[0]
    if p.toxicity <= 0.0:
        return
    for at in range(w.now[0].visitors):
        toxic = np.float64(w.harm[at].toxic)
        if toxic > 0.0:
            w.daily[day].toxic_read += np.int64(toxic)
            mine = w.m.own[w.visits[at].row]
            voice = np.float64(mine.voice)
            mine.voice = voice - min(p.toxic_silencing * toxic, 1.0) * voice
