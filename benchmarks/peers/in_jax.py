"""The day in JAX: one compiled `scan` over a stretch of days, float32, on one thread.

XLA wants shapes that are known beforehand. So today's visitors and posts have a fixed number of
places, chosen anew for each stretch, a little more than the last one needed (`room_for`); if a
stretch needs more, it is lived again with more. What is read lies item by item, visitors side by
side. Random bits come from JAX's default generator, threefry, which on a processor takes a quarter
of the time of "unsafe_rbg". The first call compiles a program for each size of room.
"""

import math
import os

os.environ["XLA_FLAGS"] = (
    os.environ.get("XLA_FLAGS", "")
    + " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

from functools import partial  # after XLA's flags, as the imports that follow

import jax
import jax.numpy as jnp
import numpy as np
from workload import (
    COLUMNS,
    DORMANT_AFTER,
    MOST_POSTS,
    MOST_REPLIES,
    STRONGEST,
    TIE_SLOTS,
    P,
    traits,
)

COMPILES = True
STRETCHES = (1, 9, 20, 30)  # days; then as many as the last
ACTIVE, MUTED, LEFT = 0, 1, 2
NO_POST, GONE = -1, -2
ITEMS = int(P.attention)  # members' posts on a visit, at most
FULL = ("forgetfulness", "activity", "contribution", "taste", "first_trust")
HEALING = 1.0 - math.exp(-P.trust_healing)  # in a night

jax.config.update("jax_platforms", "cpu")


def newcomers(members: int, seed: int) -> dict:
    """All members on the morning of day 0."""
    drawn = traits(np.random.default_rng(seed), members)
    state = {name: jnp.asarray(drawn[name]) for name in FULL}
    state |= {"interest": jnp.asarray(drawn["first_interest"])}
    state |= {"trust": jnp.array(drawn["first_trust"])}
    for name in ("habit", "fatigue", "standing"):
        state[name] = jnp.zeros(members, jnp.float32)
    state["expectation"] = jnp.full(members, P.first_expectation, jnp.float32)
    state["novelty"] = jnp.ones(members, jnp.float32)
    state["voice"] = jnp.full(members, 0.5, jnp.float32)
    for name in ("last_visit", "visits", "posts", "received", "given", "ordered"):
        state[name] = jnp.zeros(members, jnp.int32)
    for name in ("last_post", "post_of"):
        state[name] = jnp.full(members, -1, jnp.int32)
    for name in ("status", "bonds", "role"):
        state[name] = jnp.zeros(members, jnp.uint8)
    state["tie"] = jnp.full((members, TIE_SLOTS), -1, jnp.int32)
    state["strength"] = jnp.zeros((members, TIE_SLOTS), jnp.uint8)
    state["key"] = jax.random.key(seed)
    return state


def saturating(amount, half):
    return amount / (amount + half)


def bearing(strength, trust):
    """The factor by which trust acts on members' activity."""
    return 1.0 - strength * (1.0 - trust)


def uniform(bits):
    """Numbers in [0, 1) from 32 random bits."""
    return (bits >> 8).astype(jnp.float32) * 2.0**-24


def once(x):
    """Compute this once, and not again in each loop that uses it, as XLA would."""
    return jax.lax.optimization_barrier(x)


def befriend(tied, with_whom):
    """For each visitor with a partner, the tie to the partner grows, takes a free slot, or weakens
    the weakest tie. A step of a scan over partners; a row is a slot, so visitors are contiguous."""
    tie, strength, bonds = tied
    other, wants = with_whom
    weight = jnp.where(tie == other, -1, jnp.where(tie < 0, 0, strength))
    least, slot = weight.min(axis=0), weight.argmin(axis=0)
    here = wants & (slot == jnp.arange(TIE_SLOTS)[:, None])
    takes = here & ((least == 0) | (least == 1))
    power = jnp.minimum(strength + jnp.where(least < 0, 1, -1), STRONGEST)
    tie = jnp.where(takes, other, tie)
    strength = jnp.where(takes, 1, jnp.where(here, power, strength))
    return (tie, strength, bonds + (wants & (least == 0))), None


def one_day(room, seats, state, day):
    """A day, with room for a fixed number of visitors and of posts."""
    s = dict(state)
    members = s["interest"].shape[0]
    s["key"], *keys = jax.random.split(s["key"], 5)
    bits = jax.random.bits(keys[0], (members,))
    draws = uniform(jax.random.bits(keys[1], (6, room)))

    # A night passes; who comes, and who has long been absent.
    awake = day > 0
    faded = {
        "interest": s["interest"] * (1.0 - awake * P.forgetting * s["forgetfulness"]),
        "habit": s["habit"] * (1.0 - P.habit_fading),
        "fatigue": s["fatigue"] * (1.0 - P.recovery),
    }
    s |= {name: jnp.where(x > 1e-9, x, 0.0) for name, x in faded.items()}
    # Trust heals a night at a time, for all members: quicker here than by the days of absence.
    s["trust"] += awake * HEALING * (s["first_trust"] - s["trust"])
    square = s["interest"] * s["interest"]
    chance = (
        s["activity"]
        * saturating(square, P.interest_half**2)
        * (P.habit_floor + (1.0 - P.habit_floor) * s["habit"])
        * (1.0 + P.tie_pull / TIE_SLOTS * s["bonds"])
        * (1.0 - s["fatigue"])
        * jnp.where(s["status"] == MUTED, P.muted_visits, 1.0)
    )
    chance = jnp.minimum(chance, 1.0) * bearing(P.trust_visits, s["trust"])  # second thoughts
    inside = s["status"] != LEFT
    u, chance = once((uniform(bits), chance))
    comes = inside & ((u < chance) | (day == 0))
    absent = inside & ~comes & ((day - s["last_visit"]) % DORMANT_AFTER == 0)
    lapse = P.lapse_rate * (1.0 - P.trust_loyalty * s["trust"])
    # Whether the absent leave: u is uniform above their chance to visit.
    lapses = absent & (u - chance < (1.0 - chance) * lapse)
    s["role"] = jnp.where(absent, 0, s["role"])

    row = jnp.nonzero(comes, size=room, fill_value=members)[0]
    came, here = comes.sum(), row < members
    at = {"mode": "fill", "fill_value": 0}
    single = [name for name in s if name not in ("key", "tie", "strength")]
    v = {name: s[name].at[row].get(**at) for name in single}
    tie = s["tie"].at[row].get(mode="fill", fill_value=-1).T
    strength = s["strength"].at[row].get(**at).T.astype(jnp.int32)
    v["bonds"] = v["bonds"].astype(jnp.int32)
    v["visits"] += 1
    v["last_visit"] = jnp.full(room, day)

    # Visitors write.
    rate = (
        v["contribution"]
        * v["interest"]
        * bearing(P.trust_posts, v["trust"])
        * (P.voice_floor + 2.0 * (1.0 - P.voice_floor) * v["voice"])
        * (1.0 + P.tie_voice / TIE_SLOTS * v["bonds"])
    )
    written = jnp.where(here, jnp.minimum((rate + draws[0]).astype(jnp.int32), MOST_POSTS), 0)
    end = jnp.cumsum(written)
    first, posts = end - written, end[-1]
    writes = written > 0
    writer = jnp.repeat(jnp.arange(room), written, total_repeat_length=seats)
    author = jnp.where(jnp.arange(seats) < posts, row[writer], members)
    quality = uniform(jax.random.bits(keys[2], (seats,)))
    renown = v["standing"][writer]
    post_of = s["post_of"].at[jnp.where(writes, row, members)].set(first, mode="drop")
    v["last_post"] = jnp.where(writes, day, v["last_post"])
    v["posts"] += written

    # Attention.
    shown = int(P.official_posts)
    share = P.official_weight * shown / (P.official_weight * shown + posts)
    items = 1 + (P.attention * v["interest"]).astype(jnp.int32)
    pressure = P.ad_pressure / (1.0 + P.attention) * items
    ads = jnp.minimum((pressure + draws[1]).astype(jnp.int32), items)
    slots = items - ads
    number = jnp.minimum(posts, slots - jnp.minimum(shown, (slots * share + 0.5).astype(jnp.int32)))
    number = jnp.where(here, number, 0)
    official = jnp.minimum(shown, slots - number)

    # Ties to those who left go; friends' posts come first.
    found = post_of.at[jnp.where(tie < 0, members, tie)].get(mode="fill", fill_value=-1)
    gone, posted = found == GONE, found >= 0
    lost = gone.sum(axis=0)
    tie, strength = jnp.where(gone, -1, tie), jnp.where(gone, 0, strength)
    v["bonds"] -= lost
    nth = jnp.where(posted, jnp.cumsum(posted, axis=0), 0)
    friends = [jnp.where(nth == k + 1, found, -1).max(axis=0) for k in range(TIE_SLOTS)]
    friends = jnp.stack(friends)

    # What is read, item by item.
    drawn = once(jax.random.bits(keys[3], (3, ITEMS, room)))
    post, rival = ((uniform(drawn[k]) * posts).astype(jnp.int32) for k in (0, 1))
    halves = drawn[2] & 0xFFFF, drawn[2] >> 16  # for two choices that need few bits
    herd, moved = (half.astype(jnp.float32) * 2.0**-16 for half in halves)
    post = jnp.where((herd < P.herding) & (renown[rival] > renown[post]), rival, post)
    item = jnp.arange(ITEMS)[:, None]
    post = post.at[:TIE_SLOTS].set(jnp.where(friends >= 0, friends, post[:TIE_SLOTS]))
    post = jnp.where(number == posts, item, post)
    post = once(post)
    by, worth = once((author[post], quality[post]))
    friend = (by[:, None] == tie).any(axis=1)
    counts = (item < number) & (by != row)
    chance = P.reply_rate * v["interest"] * worth * jnp.where(friend, 1.0 + P.friend_reply, 1.0)
    wants = once(counts & (moved < chance))
    total = jnp.where(counts, worth * jnp.where(friend, 1.0 + P.friend_bonus, 1.0), 0.0).sum(axis=0)

    # Replies arrive, and ties form.
    nth = jnp.cumsum(wants, axis=0, dtype=jnp.int8)
    answers = jnp.minimum(nth[-1].astype(jnp.int32), MOST_REPLIES)
    chosen = jnp.stack(
        [jnp.where(wants & (nth == k + 1), post, -1).max(axis=0) for k in range(MOST_REPLIES)]
    )
    to = jnp.where(chosen >= 0, chosen, seats)
    replies = jnp.zeros(seats, jnp.int32).at[to].add(1, mode="drop")
    whose = writer.at[to].get(mode="fill", fill_value=room)
    who = jnp.broadcast_to(jnp.arange(room), to.shape)
    replier = jnp.full(room, -1).at[whose].max(who, mode="drop")
    authors = author.at[to].get(mode="fill", fill_value=members)
    partners = jnp.concatenate([authors, row[replier][None]])
    wants = jnp.concatenate([chosen >= 0, (replier >= 0)[None]])
    (tie, strength, v["bonds"]), _ = jax.lax.scan(
        befriend, (tie, strength, v["bonds"]), (partners, wants)
    )

    # The value of the visit, and what it leaves behind.
    credit = P.credit_floor + (1.0 - P.credit_floor) * v["trust"]
    operator = P.content_quality * credit * saturating(official, P.official_half)
    value = v["taste"] * saturating(total, P.social_half) + (1.0 - v["taste"]) * operator
    value *= P.novelty_floor + (1.0 - P.novelty_floor) * v["novelty"]
    annoyed = P.ad_annoyance * saturating(ads, P.ad_half)
    value = jnp.maximum(value - annoyed, 0.0)
    got = jnp.concatenate([jnp.zeros(1, jnp.int32), jnp.cumsum(replies)])
    received = jnp.where(writes, got[end] - got[first], 0)
    voice = v["voice"] + P.voice_learning * ((received > 0) - v["voice"])
    echo = received / jnp.maximum(received + written, 1)
    standing = v["standing"] + P.standing_learning * (echo - v["standing"])
    v["voice"] = jnp.where(writes, voice, v["voice"])
    v["standing"] = jnp.where(writes, standing, v["standing"])
    v["received"] += received
    v["given"] += answers
    joy = saturating(received, 1.0)
    gained = jnp.minimum(value + P.reply_joy * joy, 1.0)
    surprise, interest = gained - v["expectation"], v["interest"]
    interest += P.learning * surprise * jnp.where(surprise > 0.0, 1.0 - interest, interest)
    interest -= P.loss_grief / TIE_SLOTS * lost * interest
    by_value = P.hook_chance * saturating(gained, P.hook_half)
    hooked = draws[5] < 1.0 - (1.0 - by_value) * (1.0 - P.hook_reply * joy)
    v["interest"] = interest - jnp.where((day == 0) & ~hooked, P.bounce, 0.0) * interest
    v["expectation"] += P.adaptation * (P.comparison * gained - v["expectation"])
    trust, promised = v["trust"], P.first_expectation
    good = P.value_trust * saturating(gained, promised) + P.reply_trust * joy
    bad = P.disappointment * jnp.maximum(1.0 - gained / promised, 0.0)
    bad += P.silence * (writes & (received == 0))
    bad += P.ad_distrust * ads * (1.0 - P.ad_tolerance * trust)
    v["trust"] = (trust + good * (1.0 - trust)) * (1.0 - bad)
    v["habit"] += P.habit_gain * (1.0 - v["habit"])
    seen = official + number
    clutter = ads / jnp.maximum(ads + seen, 1)
    clutter *= clutter
    tiring = P.ad_fatigue * ads + P.content_fatigue * official + P.ad_clutter * clutter * clutter
    v["fatigue"] += jnp.minimum(tiring, 1.0) * (1.0 - v["fatigue"])
    v["novelty"] -= P.wear * jnp.minimum(seen / P.attention, 1.0) * v["novelty"]
    posting = (v["last_post"] >= 0) & (day - v["last_post"] < DORMANT_AFTER)
    expert = posting & (v["posts"] >= P.expert_posts) & (v["standing"] >= P.expert_standing)
    replied, tied = v["given"] >= P.coordinator_replies, v["bonds"] >= P.coordinator_ties
    coordinator = replied & tied & (v["trust"] >= P.coordinator_trust)
    v["role"] = jnp.where(coordinator, 4, jnp.where(expert, 2, posting))

    # Mute, unmute, leave, order.
    over = (v["fatigue"] - P.mute_threshold) / (1.0 - P.mute_threshold)
    mutes = (v["status"] == ACTIVE) & (draws[2] < P.mute_rate * over)
    rested = (v["status"] == MUTED) & (2.0 * v["fatigue"] < P.mute_threshold)
    status = jnp.where(rested & (draws[2] < P.unmute_rate), ACTIVE, v["status"])
    status = jnp.where(mutes, MUTED, status)
    chance = P.leave_rate * (1.0 - v["interest"]) * (1.0 - P.trust_loyalty * v["trust"])
    leaves = here & (draws[3] < chance * (1.0 + P.leave_with_friends * lost))
    v["status"] = jnp.where(leaves, LEFT, status)
    v["post_of"] = jnp.where(leaves, GONE, NO_POST)
    lift = 1.0 + P.ad_sales * saturating(ads, P.ad_half)
    chance = P.order_rate * v["interest"] * bearing(P.trust_orders, v["trust"]) * lift
    orders = here & ~leaves & (draws[4] < chance)
    v["ordered"] += orders

    # Back into the arrays of all members.
    v = once(v)
    for name, x in v.items():
        if name not in FULL:
            x = x.astype(s[name].dtype)
            s[name] = (
                s[name].at[row].set(x, mode="drop", unique_indices=True, indices_are_sorted=True)
            )
    for name, x in ("tie", tie), ("strength", strength):
        x = x.T.astype(s[name].dtype)
        s[name] = s[name].at[row].set(x, mode="drop", unique_indices=True, indices_are_sorted=True)
    s["status"] = jnp.where(lapses, jnp.uint8(LEFT), s["status"])
    s["post_of"] = jnp.where(lapses, GONE, s["post_of"])
    inside = s["status"] != LEFT
    counts = (
        inside.sum(), (s["status"] == MUTED).sum(), came, (s["last_visit"] > day - 7).sum(), posts,
        answers.sum(), number.sum(), jnp.where(here, ads, 0).sum(), leaves.sum() + lapses.sum(),
        orders.sum(), jnp.where(inside, s["interest"], 0.0).sum(),
        jnp.where(here, v["trust"], 0.0).sum(),
    )  # fmt: skip
    return s, dict(zip(COLUMNS, counts, strict=True))


@partial(jax.jit, static_argnames=("days", "room", "seats"))
def stretch(state, first, days, room, seats):
    """Days from `first` on: the state after them, and their counts."""
    return jax.lax.scan(partial(one_day, room, seats), state, first + jnp.arange(days))


def room_for(visitors: float, members: int) -> int:
    """The next larger of 64, 96, 128, 192, 256, ...: few sizes, so that few programs compile."""
    size = 64
    while size < visitors:
        size = size * 3 // 2 if size & (size - 1) == 0 else size // 3 * 4
    return min(size, members)


def live(members: int, days: int, seed: int) -> dict[str, np.ndarray]:
    """A life, from the seed to the daily counts."""
    state, done, lived = newcomers(members, seed), [], 0
    room, seats_a_visitor = members, 0.5
    while lived < days:
        length = min(STRETCHES[min(len(done), len(STRETCHES) - 1)], days - lived)
        seats = int(seats_a_visitor * room)
        after, counts = stretch(state, lived, length, room, seats)
        counts = {name: np.asarray(x) for name, x in counts.items()}
        came = counts["dau"].max()
        if came > room:
            room = room_for(came, members)
            continue
        if counts["posts"].max() > seats:
            seats_a_visitor *= 2
            continue
        state, lived = after, lived + length
        done.append(counts)
        room = room_for(0.3 * members if lived == 1 else 1.1 * counts["dau"][-1] + 20, members)
    return {name: np.concatenate([one[name] for one in done]).astype(float) for name in COLUMNS}
