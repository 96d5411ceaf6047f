"""Learn: interest, expectation, trust, habit, fatigue, voice, and the resulting role."""

import numpy as np
from numba import prange

from comsim.model.declare import LISTENERS, R4DS, TEXTBOOKS, Column, Parameter
from comsim.model.kernel.basics import ONE, TIE_SLOTS, fixed, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.conduct import be_hurt
from comsim.model.kernel.mechanisms.hook import lost_by_bounce
from comsim.model.kernel.mechanisms.membership import serve_payers
from comsim.model.kernel.mechanisms.moderate import take_removals
from comsim.model.kernel.mechanisms.respond import take_answers
from comsim.model.kernel.mechanisms.roles import role_of
from comsim.model.kernel.mechanisms.trust import after_visit
from comsim.model.kernel.people import key_of
from comsim.model.kernel.prefetch import AHEAD, prefetch
from comsim.model.kernel.visit import CHUNK, chunks_of

PARAMETERS = [
    Parameter("reply_joy", 0.25, "value of a visit", 0, 1,
              "value that very many replies to one's posts add to a visit", label="joy of replies",
              label_zh="回复带来的快乐"),
    Parameter("learning", 0.447, "share", 0, 1, "how far the surprise of one visit moves interest",
              fitted=R4DS, label="learning of interest", label_zh="兴趣的学习速度"),
    Parameter("adaptation", 0.0728, "share", 0, 1, "how far one visit moves expectation",
              "assumption; hedonic adaptation (Frederick and Loewenstein 1999)", fitted=R4DS,
              label="adaptation of expectation", label_zh="期望的适应速度"),
    Parameter("comparison", 0.85, "share", 0, 1,
              "share of the value received that a member comes to take for granted",
              "assumption; comparison level (Thibaut and Kelley 1959)", fitted=R4DS,
              label="value taken for granted", label_zh="被视为理所当然的价值"),
    Parameter("loss_grief", 0.5, "share", 0, 1,
              "share of interest lost by a member all of whose friends have left",
              "assumption; unravelling (Garcia, Mavrodiev and Schweitzer 2013)",
              label="grief for friends who left", label_zh="朋友离开的打击"),
    Parameter("habit_gain", 0.0954, "share", 0, 1, "how far one visit moves habit towards 1",
              "assumption; without fading 95 % in 58 days (Lally et al. 2010: 66)", fitted=R4DS,
              label="habit gained by a visit", label_zh="到访养成的习惯"),
    Parameter("ad_fatigue", 0.0025, "an ad", 0, 1, "how far one ad tires", fitted=LISTENERS,
              effect="ad_pressure", label="fatigue from an ad", label_zh="广告带来的疲劳"),
    Parameter("ad_clutter", 0.13, "share", 0, 1,
              "fatigue from a visit with nothing but ads; with other items, it falls with the "
              "fourth power of the share of ads",
              sign="Elliott and Speck 1998 (advertising clutter)", fitted=TEXTBOOKS,
              effect="ad_pressure", label="fatigue from nothing but ads",
              label_zh="满屏广告带来的疲劳"),
    Parameter("content_fatigue", 0.006, "a post", 0, 1, "how far one official post read tires",
              effect="official_posts", label="fatigue from an official post",
              label_zh="官方帖带来的疲劳"),
    Parameter("wear", 0.004, "share", 0, 1,
              "share of the remaining novelty that a visit with full attention uses up",
              "assumption; textbooks of community marketing give novelty about two years",
              fitted=TEXTBOOKS, label="wear of novelty", label_zh="新鲜感的消耗"),
    Parameter("novelty_memory", 30.0, "days", 1, 1000,
              "time constant with which the novelty that newcomers find follows that of visitors",
              clock=-1,
              label="memory of novelty", label_zh="新鲜感的记忆"),
    Parameter("voice_learning", 0.25, "share", 0, 1,
              "how far a day's replies, or their absence, move the confidence to post",
              label="learning of confidence to post", label_zh="发言信心的学习速度"),
    Parameter("standing_learning", 0.15, "share", 0, 1, "how fast standing follows replies",
              label="learning of standing", label_zh="声望的学习速度"),
    Parameter("reward_adaptation", 0.05, "share", 0, 1,
              "how far one visit moves the reward or coupon that a member counts on towards "
              "today's", effect="contribution_reward", label="getting used to rewards",
              label_zh="对奖励的习惯速度"),
]  # fmt: skip

COLUMNS = [
    Column("satisfied", "people", "visitors whose visit met their expectation",
           label="satisfied visitors", label_zh="满意的到访者"),
]  # fmt: skip


@njit
def learn_chunk(w, day, chunk):
    """One chunk of visitors: each learns from its own visit. Every state stays in [0, 1]."""
    m, p, levers, (k0, k1) = w.m, w.p[0], w.levers, key_of(w)
    interest, habit, fatigue, bonds, own = m.interest, m.habit, m.fatigue, m.bonds, m.own
    post_of, posts, echoes, visits = m.post_of, w.now[0].posts, w.echoes, w.visits
    role_change, change, harm = w.role_change, w.change, w.harm
    interest_change, novelty_sum, satisfied = 0, 0, 0
    empowerment = levers[day, 0].empowerment
    role_change[chunk, :] = 0
    stop = min((chunk + 1) * CHUNK, w.now[0].visitors)
    for at in range(chunk * CHUNK, stop):
        soon = np.int64(visits[min(at + AHEAD, stop - 1)].row)
        prefetch(own, soon)
        prefetch(interest, soon)
        prefetch(habit, soon)
        prefetch(fatigue, soon)
        prefetch(post_of, soon)
        visit = visits[at]
        row = np.int64(visit.row)
        here, mine = levers[day, visit.cell], own[row]
        ads, official = np.float64(visit.ads), np.float64(visit.official)
        offers = here.offers * official

        # Replies to today's posts: joy, trust, the confidence to post again, standing.
        received, written = 0, 0
        post = np.int64(post_of[row])
        if post >= 0:
            while post + written < posts and echoes[post + written].first == post:
                received += echoes[post + written].replies
                written += 1
            v = np.float64(mine.voice)
            s = np.float64(mine.standing)
            answered = 1.0 if received > 0 else 0.0
            echo = np.float64(received) / (received + written)
            mine.voice = v + p.voice_learning * (answered - v)
            mine.standing = s + p.standing_learning * (echo - s)
            mine.replies_received += received
        joy = saturating(np.float64(received), 1.0)
        gained = min(visit.value + p.reply_joy * joy, 1.0)

        # Interest follows the surprise; expectation follows what is received.
        x = np.float64(visit.interest)
        e = np.float64(mine.expectation)
        surprise = gained - e
        satisfied += np.int64(surprise >= 0.0)
        room = 1.0 - x if surprise > 0.0 else x
        after = x + p.learning * surprise * room
        after -= p.loss_grief * (np.float64(visit.lost) / TIE_SLOTS) * after
        if p.bounce > 0.0 and visit.joined == day:
            after -= lost_by_bounce(p, (k0, k1), visit, mine.inviter, gained, joy) * after
        interest_change -= fixed(visit.interest)
        visit.interest = after
        interest[row] = visit.interest
        interest_change += fixed(visit.interest)
        mine.expectation = e + p.adaptation * (p.comparison * gained - e)

        unheard = 1.0 if written > 0 and received == 0 and visit.solved == 0.0 else 0.0
        toxic = np.float64(harm[at].toxic) if p.toxicity > 0.0 else 0.0
        visit.trust = after_visit(
            p, np.float64(visit.trust), np.float64(mine.scar), gained, joy, visit.solved, unheard,
            ads, offers, toxic, visit.removals,
        )  # fmt: skip
        mine.trust = visit.trust

        h = np.float64(habit[row])
        habit[row] = h + p.habit_gain * (1.0 - h)
        f = np.float64(fatigue[row])
        tiring = p.ad_fatigue * ads + p.content_fatigue * official + p.offer_fatigue * offers
        clutter = ads / max(ads + official + np.float64(visit.members), 1.0)
        tiring += p.ad_clutter * (clutter * clutter * clutter * clutter)
        visit.fatigue = f + min(tiring, 1.0) * (1.0 - f)
        fatigue[row] = visit.fatigue

        # What has been read is no longer new.
        new = np.float64(mine.novelty)
        load = np.float64(visit.official + visit.members) / max(p.attention, 1.0)
        mine.novelty = new - p.wear * min(load, 1.0) * new
        novelty_sum += fixed(mine.novelty)

        counted = np.float64(mine.reward_norm)
        pay = saturating(here.contribution_reward, p.reward_half)
        mine.reward_norm = counted + p.reward_adaptation * (pay - counted)
        used = np.float64(mine.coupon_norm)
        visit.coupon_norm = used + p.reward_adaptation * (here.coupon - used)
        mine.coupon_norm = visit.coupon_norm

        mine.replies_given += visit.replied
        role = role_of(p, mine, bonds[row], visit.fatigue, empowerment, day, visit.person, k0, k1)
        if role != mine.role:
            role_change[chunk, mine.role] -= 1
            role_change[chunk, role] += 1
            mine.role = role
    change[chunk, 0] = interest_change
    change[chunk, 1] = novelty_sum
    change[chunk, 2] = satisfied


@njit(parallel=True)
def learn_in_threads(w, day, chunks):
    """All chunks, spread over threads."""
    for chunk in prange(chunks):
        learn_chunk(w, day, np.int64(chunk))


@njit
def learn(w, day, threaded):
    """Visitors learn from their visit.

    `now.novelty` is a running mean of what is still new to visitors.
    """
    now = w.now[0]
    serve_payers(w, day)
    chunks = chunks_of(now.visitors)
    if threaded:
        learn_in_threads(w, day, chunks)
    else:
        for chunk in range(chunks):
            learn_chunk(w, day, chunk)
    novelty_sum = 0
    for chunk in range(chunks):
        now.interest_sum += w.change[chunk, 0]
        novelty_sum += w.change[chunk, 1]
        w.daily[day].satisfied += w.change[chunk, 2]
        for role in range(w.role_count.shape[0]):
            w.role_count[role] += w.role_change[chunk, role]
    if now.visitors > 0:
        mean = np.float64(novelty_sum) / ONE / np.float64(now.visitors)
        now.novelty += (mean - now.novelty) / w.p[0].novelty_memory
    take_answers(w)
    be_hurt(w, day)
    take_removals(w)
