"""The day in plain numba: a struct of arrays in float32, and one loop over members or visitors for
each step. Draws are by xoshiro128+ in a few lines, which takes a third of the time of numba's own
generator. No chunks, no prefetching, and only the vectorisation that the compiler finds."""

import math
from collections import namedtuple

import numpy as np
from numba import njit
from workload import (
    DORMANT_AFTER,
    MOST_POSTS,
    MOST_REPLIES,
    STRONGEST,
    TIE_SLOTS,
    P,
    count,
    traits,
)

COMPILES = True
ACTIVE, MUTED, LEFT = 0, 1, 2
NO_POST, GONE = -1, -2

TRAITS = ("activity", "contribution", "taste", "forgetfulness", "first_trust")
FIRST = ("interest", "trust")
STATES = ("habit", "fatigue", "expectation", "novelty", "voice", "standing")
NUMBERS = ("last_visit", "last_post", "visits", "posts", "received", "given", "ordered", "post_of")
LISTS = ("came", "absent", "ads", "official", "read", "lost")
Members = namedtuple(
    "Members",
    [*TRAITS, *FIRST, *STATES, *NUMBERS, *LISTS, "status", "bonds", "role", "tie", "strength",
     "value", "author", "first", "replies", "replier", "repliers", "quality", "renown",
     "visit_count"],
)  # fmt: skip


def newcomers(members: int, days: int, seed: int) -> Members:
    """Everybody on the morning of day 0, and room for the day's visits and posts."""
    drawn = traits(np.random.default_rng(seed), members)
    arrays = {name: drawn[name] for name in TRAITS}
    arrays |= {name: drawn[f"first_{name}"].copy() for name in FIRST}
    arrays |= {name: np.zeros(members, np.float32) for name in (*STATES, "value")}
    arrays |= {name: np.zeros(members, np.int32) for name in (*NUMBERS, *LISTS)}
    arrays |= {name: np.zeros(members, np.uint8) for name in ("status", "bonds", "role")}
    posts = MOST_POSTS * members
    for name in ("author", "first", "replies", "replier", "repliers"):
        arrays[name] = np.empty(posts, np.int32)
    for name in ("quality", "renown"):
        arrays[name] = np.empty(posts, np.float32)
    arrays["tie"] = np.full((members, TIE_SLOTS), -1, np.int32)
    arrays["strength"] = np.zeros((members, TIE_SLOTS), np.uint8)
    arrays["visit_count"] = np.zeros(days, np.int64)
    m = Members(**arrays)
    m.expectation[:], m.novelty[:], m.voice[:] = P.first_expectation, 1.0, 0.5
    m.last_post[:], m.post_of[:] = -1, NO_POST
    return m


@njit(inline="always")
def uniform(state):
    """The next random number in [0, 1): xoshiro128+ (Blackman and Vigna 2021)."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    drawn = np.uint32(a + d)
    c, d = c ^ a, d ^ b
    state[0], state[1], state[2] = a ^ d, b ^ c, c ^ np.uint32(b << np.uint32(9))
    state[3] = np.uint32(d << np.uint32(11)) | (d >> np.uint32(21))
    return np.float32(drawn >> np.uint32(8)) * np.float32(2.0**-24)


@njit(inline="always")
def saturating(amount, half):
    return amount / (amount + half)


@njit(inline="always")
def bearing(strength, trust):
    """The factor by which trust acts on members' activity."""
    return 1.0 - strength * (1.0 - trust)


@njit(error_model="numpy")
def trust_on(m, row, day):
    """Trust moves towards a member's disposition until they come again."""
    trust, healed = m.trust[row], 1.0 - math.exp(-P.trust_healing * (day - m.last_visit[row]))
    return trust + healed * (m.first_trust[row] - trust)


@njit(error_model="numpy")
def decide(m, day, random):
    """A night passes; records the visitors and the long absent. Returns both numbers."""
    came, absent = 0, 0
    for row in range(m.status.shape[0]):
        if day == 0:
            m.came[row] = row
            came += 1
            continue
        if m.status[row] == LEFT:
            continue
        interest = m.interest[row] * (1.0 - P.forgetting * m.forgetfulness[row])
        habit = m.habit[row] * (1.0 - P.habit_fading)
        fatigue = m.fatigue[row] * (1.0 - P.recovery)
        m.interest[row] = interest if interest > 1e-9 else 0.0
        m.habit[row] = habit if habit > 1e-9 else 0.0
        m.fatigue[row] = fatigue if fatigue > 1e-9 else 0.0
        chance = (
            m.activity[row]
            * saturating(interest * interest, P.interest_half * P.interest_half)
            * (P.habit_floor + (1.0 - P.habit_floor) * habit)
            * (1.0 + P.tie_pull / TIE_SLOTS * m.bonds[row])
            * (1.0 - fatigue)
        )
        if m.status[row] == MUTED:
            chance *= P.muted_visits
        u = uniform(random)
        # Members who would come have second thoughts, which need no separate random number.
        if u < chance and u < min(chance, 1.0) * bearing(P.trust_visits, trust_on(m, row, day)):
            m.came[came] = row
            came += 1
        elif (day - m.last_visit[row]) % DORMANT_AFTER == 0:
            m.absent[absent] = row
            m.role[row] = 0
            absent += 1
    return came, absent


@njit(error_model="numpy")
def publish(m, day, came, random):
    """Visitors are counted, and write. Returns how many posts there are."""
    posts = 0
    for at in range(came):
        row = m.came[at]
        if day > 0:
            m.visit_count[m.last_visit[row]] -= 1
        m.visit_count[day] += 1
        m.trust[row] = trust_on(m, row, day)
        m.last_visit[row] = day
        m.visits[row] += 1
        rate = (
            m.contribution[row]
            * m.interest[row]
            * bearing(P.trust_posts, m.trust[row])
            * (P.voice_floor + 2.0 * (1.0 - P.voice_floor) * m.voice[row])
            * (1.0 + P.tie_voice / TIE_SLOTS * m.bonds[row])
        )
        written = min(int(rate + uniform(random)), MOST_POSTS)
        if written > 0:
            m.post_of[row], m.last_post[row] = posts, day
            m.posts[row] += written
        for post in range(posts, posts + written):
            m.author[post], m.first[post], m.replies[post] = row, posts, 0
            m.replier[post], m.repliers[post] = -1, 0
            m.quality[post], m.renown[post] = uniform(random), m.standing[row]
        posts += written
    return posts


@njit
def befriend(m, row, other):
    """The tie to another grows, or takes a free slot, or wears down the weakest one."""
    free, weakest, least = -1, 0, STRONGEST + 1
    for slot in range(TIE_SLOTS):
        friend = m.tie[row, slot]
        if friend == other:
            m.strength[row, slot] = min(np.int64(m.strength[row, slot]) + 1, STRONGEST)
            return
        if friend < 0:
            if free < 0:
                free = slot
        elif m.strength[row, slot] < least:
            weakest, least = slot, np.int64(m.strength[row, slot])
    if free < 0 and least > 1:
        m.strength[row, weakest] -= 1
        return
    if free >= 0:
        m.bonds[row] += 1
    else:
        free = weakest
    m.tie[row, free], m.strength[row, free] = other, 1


@njit(error_model="numpy")
def read(m, came, posts, random, answered):
    """Visitors read; replies are noted, and arrive when all have read. Returns the sums of posts
    read, ads and replies."""
    items_read, ads_seen, replies = 0, 0, 0
    shown = int(P.official_posts)
    share = P.official_weight * shown / (P.official_weight * shown + posts)
    friends = np.empty(TIE_SLOTS, np.int64)
    for at in range(came):
        row = m.came[at]
        items = 1 + int(P.attention * m.interest[row])
        ads = min(int(P.ad_pressure * items / (1.0 + P.attention) + uniform(random)), items)
        slots = items - ads
        number = min(posts, slots - min(shown, int(slots * share + 0.5)))
        official = min(shown, slots - number)
        friendly, lost = 0, 0
        for slot in range(TIE_SLOTS):
            other = m.tie[row, slot]
            if other < 0:
                continue
            post = m.post_of[other]
            if post == GONE:
                m.tie[row, slot], m.strength[row, slot] = -1, 0
                m.bonds[row] -= 1
                lost += 1
            elif post >= 0:
                friends[friendly] = post
                friendly += 1
        worth, written = 0.0, 0
        for place in range(number):
            if number == posts:
                post = place
            elif place < friendly:
                post = friends[place]
            else:
                post = int(uniform(random) * posts)
                if uniform(random) < P.herding:
                    rival = int(uniform(random) * posts)
                    if m.renown[rival] > m.renown[post]:
                        post = rival
            by = m.author[post]
            if by == row:
                continue
            friend = False
            for slot in range(TIE_SLOTS):
                friend |= m.tie[row, slot] == by
            quality = m.quality[post]
            worth += quality * (1.0 + P.friend_bonus * friend)
            chance = P.reply_rate * m.interest[row] * quality * (1.0 + P.friend_reply * friend)
            if written < MOST_REPLIES and uniform(random) < chance:
                answered[replies, 0], answered[replies, 1] = row, post
                replies += 1
                written += 1
        m.given[row] += written
        items_read += number
        ads_seen += ads
        credit = P.credit_floor + (1.0 - P.credit_floor) * m.trust[row]
        operator = P.content_quality * credit * saturating(official, P.official_half)
        value = m.taste[row] * saturating(worth, P.social_half) + (1.0 - m.taste[row]) * operator
        value *= P.novelty_floor + (1.0 - P.novelty_floor) * m.novelty[row]
        value -= P.ad_annoyance * saturating(ads, P.ad_half)
        m.value[at], m.ads[at], m.official[at] = max(value, 0.0), ads, official
        m.read[at], m.lost[at] = number, lost
    for reply in range(replies):
        row, post = answered[reply, 0], answered[reply, 1]
        m.replies[post] += 1
        first = m.first[post]
        m.repliers[first] += 1
        if uniform(random) * m.repliers[first] < 1.0:
            m.replier[first] = row
        befriend(m, row, m.author[post])
    for post in range(posts):
        if m.replier[post] >= 0:
            befriend(m, m.author[post], m.replier[post])
    return items_read, ads_seen, replies


@njit(error_model="numpy")
def is_hooked(gained, joy, random):
    """Whether a first visit makes a newcomer return."""
    by_value = P.hook_chance * saturating(gained, P.hook_half)
    return uniform(random) < 1.0 - (1.0 - by_value) * (1.0 - P.hook_reply * joy)


@njit(error_model="numpy")
def learn(m, day, came, posts, random):
    """What the visit leaves behind in each visitor."""
    for at in range(came):
        row = m.came[at]
        received, written, post = 0, 0, m.post_of[row]
        if post >= 0:
            while post + written < posts and m.first[post + written] == post:
                received += m.replies[post + written]
                written += 1
            m.voice[row] += P.voice_learning * ((received > 0) - m.voice[row])
            echo = received / (received + written)
            m.standing[row] += P.standing_learning * (echo - m.standing[row])
            m.received[row] += received
        joy = saturating(received, 1.0)
        gained = min(m.value[at] + P.reply_joy * joy, 1.0)
        surprise = gained - m.expectation[row]
        interest = m.interest[row]
        interest += P.learning * surprise * (1.0 - interest if surprise > 0.0 else interest)
        interest -= P.loss_grief / TIE_SLOTS * m.lost[at] * interest
        if m.visits[row] == 1 and not is_hooked(gained, joy, random):
            interest -= P.bounce * interest
        m.interest[row] = interest
        m.expectation[row] += P.adaptation * (P.comparison * gained - m.expectation[row])
        trust, promised = m.trust[row], P.first_expectation
        good = P.value_trust * saturating(gained, promised) + P.reply_trust * joy
        bad = P.disappointment * max(1.0 - gained / promised, 0.0)
        bad += P.silence * (written > 0 and received == 0)
        bad += P.ad_distrust * m.ads[at] * (1.0 - P.ad_tolerance * trust)
        trust = (trust + good * (1.0 - trust)) * (1.0 - bad)
        m.trust[row] = trust
        m.habit[row] += P.habit_gain * (1.0 - m.habit[row])
        seen = m.official[at] + m.read[at]
        clutter = m.ads[at] / max(m.ads[at] + seen, 1)
        tiring = P.ad_fatigue * m.ads[at] + P.content_fatigue * m.official[at]
        tiring += P.ad_clutter * clutter * clutter * clutter * clutter
        m.fatigue[row] += min(tiring, 1.0) * (1.0 - m.fatigue[row])
        m.novelty[row] -= P.wear * min(seen / P.attention, 1.0) * m.novelty[row]
        posting = m.last_post[row] >= 0 and day - m.last_post[row] < DORMANT_AFTER
        role = int(posting)
        if posting and m.posts[row] >= P.expert_posts and m.standing[row] >= P.expert_standing:
            role = 2
        if (m.given[row] >= P.coordinator_replies and m.bonds[row] >= P.coordinator_ties
                and trust >= P.coordinator_trust):  # fmt: skip
            role = 4
        m.role[row] = role


@njit(error_model="numpy")
def leave_and_order(m, day, came, absent, random):
    """Visitors mute, unmute, leave or order; the long absent may leave. Returns both counts."""
    left, orders = 0, 0
    for at in range(came):
        row = m.came[at]
        fatigue = m.fatigue[row]
        m.post_of[row] = NO_POST
        if m.status[row] == ACTIVE:
            over = (fatigue - P.mute_threshold) / (1.0 - P.mute_threshold)
            if over > 0.0 and uniform(random) < P.mute_rate * over:
                m.status[row] = MUTED
        elif 2.0 * fatigue < P.mute_threshold and uniform(random) < P.unmute_rate:
            m.status[row] = ACTIVE
        interest, trust = m.interest[row], m.trust[row]
        chance = P.leave_rate * (1.0 - interest) * (1.0 - P.trust_loyalty * trust)
        if uniform(random) < chance * (1.0 + P.leave_with_friends * m.lost[at]):
            m.status[row], m.post_of[row] = LEFT, GONE
            left += 1
            continue
        lift = 1.0 + P.ad_sales * saturating(m.ads[at], P.ad_half)
        if uniform(random) < P.order_rate * interest * bearing(P.trust_orders, trust) * lift:
            m.ordered[row] += 1
            orders += 1
    for at in range(absent):
        row = m.absent[at]
        if uniform(random) < P.lapse_rate * (1.0 - P.trust_loyalty * trust_on(m, row, day)):
            m.status[row], m.post_of[row] = LEFT, GONE
            left += 1
    return left, orders


@njit(error_model="numpy")
def all_days(m, days, random, daily):
    """The whole life; a row of `daily` for each day."""
    answered = np.empty((MOST_REPLIES * m.status.shape[0], 2), np.int32)
    for day in range(days):
        came, absent = decide(m, day, random)
        posts = publish(m, day, came, random)
        items, ads, replies = read(m, came, posts, random, answered)
        learn(m, day, came, posts, random)
        left, orders = leave_and_order(m, day, came, absent, random)
        members, muted, interest, trust = 0, 0, 0.0, 0.0
        for row in range(m.status.shape[0]):
            if m.status[row] != LEFT:
                members += 1
                muted += m.status[row] == MUTED
                interest += m.interest[row]
        for at in range(came):
            trust += m.trust[m.came[at]]
        wau = m.visit_count[max(day - 6, 0) : day + 1].sum()
        daily[day, 0], daily[day, 1], daily[day, 2], daily[day, 3] = members, muted, came, wau
        daily[day, 4], daily[day, 5], daily[day, 6], daily[day, 7] = posts, replies, items, ads
        daily[day, 8], daily[day, 9] = left, orders
        daily[day, 10], daily[day, 11] = interest, trust


def live(members: int, days: int, seed: int) -> dict[str, np.ndarray]:
    """A life, from the seed to the daily counts."""
    daily = np.zeros((days, 12))
    random = np.random.SeedSequence(seed).generate_state(4)
    all_days(newcomers(members, days, seed), days, random, daily)
    return count(daily)
