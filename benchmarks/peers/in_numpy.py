"""The day in vectorised numpy: float32 arrays, numpy's fastest generator (SFC64).

The pass over all members works in place, in blocks that stay in the processor's cache, on arrays
made beforehand. What a member's ties and status do to the chance to visit is kept as one number, so
that the pass needs no look at who has left. All else touches today's visitors only; they read in
chunks, for the cache again.
"""

import numpy as np
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

BLOCK, CHUNK = 16_384, 2_048  # members, visitors
ACTIVE, MUTED, LEFT = 0, 1, 2
NO_POST, GONE = -1, -2
NEVER = 255  # phase of members who have left
FLUSH_EVERY = 10  # days after which tiny numbers, which are slow, become 0
VISITS_OF = np.array([1.0, P.muted_visits, 0.0], np.float32)  # by status


def saturating(amount, half):
    return amount / (amount + half)


def bearing(strength, trust):
    """The factor by which trust acts on members' activity."""
    return 1 - strength + strength * trust


class Community:
    """The members, a row each, and the days."""

    def __init__(self, members: int, days: int, seed: int):
        self.rng = rng = np.random.Generator(np.random.SFC64(seed))
        drawn = traits(rng, members)
        self.activity, self.contribution = drawn["activity"], drawn["contribution"]
        self.taste = drawn["taste"]
        self.kept = 1 - np.float32(P.forgetting) * drawn["forgetfulness"]
        self.interest, self.first_trust = drawn["first_interest"], drawn["first_trust"]
        self.trust = self.first_trust.copy()  # on the day of the last visit
        self.habit, self.fatigue, self.standing = np.zeros((3, members), np.float32)
        self.expectation = np.full(members, P.first_expectation, np.float32)
        self.novelty = np.ones(members, np.float32)
        self.voice = np.full(members, 0.5, np.float32)
        self.eager = self.activity.copy()  # the part of the chance to visit that only visits change
        self.last_visit, self.visits, self.posts = np.zeros((3, members), np.int32)
        self.received, self.given, self.ordered = np.zeros((3, members), np.int32)
        self.last_post = np.full(members, -1, np.int32)
        self.post_of = np.full(members + 1, NO_POST, np.int32)  # the last row is nobody
        self.status, self.bonds, self.phase, self.role = np.zeros((4, members), np.uint8)
        self.tie = np.full((members, TIE_SLOTS), members, np.int32)
        self.strength = np.zeros((members, TIE_SLOTS), np.uint8)
        self.visit_count = np.zeros(days, np.int64)
        self.chance, self.square, self.draws = np.empty((3, BLOCK), np.float32)
        self.members = members

    def decide(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        """A night passes; returns the rows of the visitors, and of the long absent."""
        if day == 0:
            return np.arange(len(self.status)), np.zeros(0, np.int64)
        came, absent = [], []
        flush = day % FLUSH_EVERY == 0
        for start in range(0, len(self.status), BLOCK):
            block = slice(start, start + BLOCK)
            interest, habit, fatigue = self.interest[block], self.habit[block], self.fatigue[block]
            size = len(interest)
            chance, square, draws = self.chance[:size], self.square[:size], self.draws[:size]
            interest *= self.kept[block]
            habit *= np.float32(1 - P.habit_fading)
            fatigue *= np.float32(1 - P.recovery)
            if flush:
                for state in (interest, habit, fatigue):
                    state[state < 1e-9] = 0
            np.multiply(interest, interest, out=chance)
            np.add(chance, P.interest_half**2, out=square)
            chance /= square
            chance *= self.eager[block]
            np.multiply(habit, 1 - P.habit_floor, out=square)
            square += P.habit_floor
            chance *= square
            np.subtract(1, fatigue, out=square)
            chance *= square
            self.rng.random(dtype=np.float32, out=draws)
            comes = draws < chance
            came.append(self.think_again(day, start, comes, draws, chance))
            due = self.phase[block] == day % DORMANT_AFTER
            due &= ~comes
            absent.append(due.nonzero()[0] + start)
        return np.concatenate(came), np.concatenate(absent)

    def think_again(self, day, start, comes, draws, chance) -> np.ndarray:
        """Members who would come have second thoughts, which need no separate random number.
        Corrects `comes`; returns the rows of those who come, whose trust is brought up to date."""
        would = comes.nonzero()[0]
        trust = self.trust_on(would + start, day)
        does = draws[would] < np.minimum(chance[would], 1) * bearing(P.trust_visits, trust)
        comes[would[~does]] = False
        rows = would[does] + start
        self.trust[rows] = trust[does]
        return rows

    def trust_on(self, rows: np.ndarray, day: int) -> np.ndarray:
        """Trust moves towards a member's disposition until they come again."""
        trust = self.trust[rows]
        days = (day - self.last_visit[rows]).astype(np.float32)
        return trust + (1 - np.exp(-P.trust_healing * days)) * (self.first_trust[rows] - trust)

    def publish(self, v: np.ndarray, day: int) -> None:
        """Visitors are counted, and write: the day's posts."""
        if day > 0:
            self.visit_count -= np.bincount(self.last_visit[v], minlength=len(self.visit_count))
        self.visit_count[day] += len(v)
        self.last_visit[v], self.phase[v] = day, day % DORMANT_AFTER
        self.visits[v] += 1
        rate = self.contribution[v] * self.interest[v] * bearing(P.trust_posts, self.trust[v])
        rate *= P.voice_floor + 2 * (1 - P.voice_floor) * self.voice[v]
        rate *= 1 + np.float32(P.tie_voice / TIE_SLOTS) * self.bonds[v]
        rate += self.rng.random(len(v), np.float32)
        number = np.minimum(rate.astype(np.int32), MOST_POSTS)
        self.writing = number.nonzero()[0]  # places among the visitors
        self.writers, self.written = v[self.writing], number[self.writing]
        self.first = np.cumsum(self.written) - self.written
        self.author = np.repeat(self.writers, self.written).astype(np.int32)
        self.quality = self.rng.random(len(self.author), np.float32)
        self.renown = self.standing[self.author]
        self.post_of[self.writers] = self.first
        self.last_post[self.writers] = day
        self.posts[self.writers] += self.written

    def read(self, v: np.ndarray) -> tuple[np.ndarray, ...]:
        """A chunk of visitors read. Ads, official and members' posts, value and friends lost of
        each; the places in the chunk and the posts of replies."""
        rng, posts, size = self.rng, len(self.author), len(v)
        interest, ties = self.interest[v], self.tie[v]
        items = 1 + (np.float32(P.attention) * interest).astype(np.int32)
        pressure = np.float32(P.ad_pressure / (1.0 + P.attention)) * items
        ads = np.minimum((pressure + rng.random(size, np.float32)).astype(np.int32), items)
        slots, shown = items - ads, int(P.official_posts)
        share = P.official_weight * shown / (P.official_weight * shown + posts)
        number = np.minimum((slots * np.float32(share) + np.float32(0.5)).astype(np.int32), shown)
        number = np.minimum(posts, slots - number)
        official = np.minimum(shown, slots - number)
        found = self.post_of[ties]
        lost = self.let_go(v, ties, found)
        total, answering, answered = np.zeros(size, np.float32), v[:0], v[:0]
        places = int(number.sum())
        if places:
            begin = np.cumsum(number) - number
            reader = np.repeat(np.arange(size), number)
            post = (rng.random(places, np.float32) * posts).astype(np.int32)
            herd = (rng.random(places, np.float32) < P.herding).nonzero()[0]
            rival = (rng.random(len(herd), np.float32) * posts).astype(np.int32)
            mine = post[herd]
            post[herd] = np.where(self.renown[rival] > self.renown[mine], rival, mine)
            friendly, slot = (found >= 0).nonzero()
            nth = np.arange(len(friendly)) - np.searchsorted(friendly, friendly)
            fits = nth < number[friendly]
            friendly, slot, nth = friendly[fits], slot[fits], nth[fits]
            post[begin[friendly] + nth] = found[friendly, slot]
            if posts <= P.attention:  # some may read all there is
                whole = number[reader] == posts
                post[whole] = (np.arange(places) - begin[reader])[whole]
            by, worth = self.author[post], self.quality[post]
            friend = np.zeros(places, bool)
            for one in ties.T:
                friend |= np.repeat(one, number) == by
            worth[by == np.repeat(v, number)] = 0  # one's own
            chance = np.repeat(np.float32(P.reply_rate) * interest, number)
            chance *= worth
            chance *= np.where(friend, np.float32(1 + P.friend_reply), np.float32(1))
            moved = (rng.random(places, np.float32) < chance).nonzero()[0]
            worth *= np.where(friend, np.float32(1 + P.friend_bonus), np.float32(1))
            some = number.nonzero()[0]
            total[some] = np.add.reduceat(worth, begin[some])
            answering, answered = reader[moved], post[moved]
            few = np.arange(len(moved)) - np.searchsorted(answering, answering) < MOST_REPLIES
            answering, answered = answering[few], answered[few]
        taste, trust = self.taste[v], self.trust[v]
        credit = P.credit_floor + (1 - P.credit_floor) * trust
        value = (1 - taste) * P.content_quality * credit
        value *= saturating(official.astype(np.float32), P.official_half)
        value += taste * saturating(total, P.social_half)
        value *= P.novelty_floor + (1 - P.novelty_floor) * self.novelty[v]
        value -= P.ad_annoyance * saturating(ads.astype(np.float32), P.ad_half)
        return ads, official, number, np.maximum(value, 0), lost, answering, answered

    def let_go(self, v: np.ndarray, ties: np.ndarray, found: np.ndarray) -> np.ndarray:
        """Free the slots of friends who have left; how many those were, for each visitor."""
        gone = found == GONE
        lost = gone.sum(axis=1, dtype=np.int32)
        at, slot = gone.nonzero()
        if len(at):
            ties[at, slot] = self.members
            self.tie[v[at], slot], self.strength[v[at], slot] = self.members, 0
            self.bonds[v] -= lost.astype(np.uint8)
        return lost

    def befriend(self, rows: np.ndarray, others: np.ndarray) -> None:
        """Ties of members, each at most once, to others: they grow, or take a free slot, or wear
        down the weakest."""
        tie, strength = self.tie[rows], self.strength[rows]
        known = tie == others[:, None]
        weight = np.where(known, -1, strength.astype(np.int16))
        slot = weight.argmin(axis=1)
        least = weight[np.arange(len(rows)), slot]
        grown = np.minimum(strength[np.arange(len(rows)), slot], STRONGEST - 1) + 1
        power = np.where(least < 0, grown, np.where(least < 2, 1, least - 1))
        self.strength[rows, slot] = power
        takes = (least == 0) | (least == 1)
        self.tie[rows[takes], slot[takes]] = others[takes]
        self.bonds[rows[least == 0]] += 1

    def reply(self, v: np.ndarray, answering: np.ndarray, answered: np.ndarray) -> np.ndarray:
        """Replies arrive, and ties form. How many each post got."""
        self.given[v] += np.bincount(answering, minlength=len(v)).astype(np.int32)
        nth = np.arange(len(answering)) - np.searchsorted(answering, answering)
        for k in range(MOST_REPLIES):
            kth = (nth == k).nonzero()[0]
            self.befriend(v[answering[kth]], self.author[answered[kth]])
        replier = np.full(len(self.writers), -1)
        mixed = self.rng.permutation(len(answering))
        writer = np.repeat(np.arange(len(self.writers)), self.written)
        replier[writer[answered[mixed]]] = v[answering[mixed]]
        heard = (replier >= 0).nonzero()[0]
        self.befriend(self.writers[heard], replier[heard].astype(np.int32))
        return np.bincount(answered, minlength=len(self.author))

    def learn(self, v, day, ads, official, number, value, lost, replies) -> None:
        """What the visit leaves behind in each visitor."""
        received, unheard = np.zeros(len(v), np.float32), np.zeros(len(v), np.float32)
        if len(self.author):
            got = np.add.reduceat(replies, self.first).astype(np.float32)
            received[self.writing], unheard[self.writing] = got, got == 0
            voice, standing = self.voice[self.writers], self.standing[self.writers]
            self.voice[self.writers] = voice + P.voice_learning * ((got > 0) - voice)
            echo = got / (got + self.written.astype(np.float32))
            self.standing[self.writers] = standing + P.standing_learning * (echo - standing)
            self.received[self.writers] += got.astype(np.int32)
        joy = saturating(received, 1)
        gained = np.minimum(value + P.reply_joy * joy, 1)
        interest, expectation = self.interest[v], self.expectation[v]
        surprise = gained - expectation
        interest += P.learning * surprise * np.where(surprise > 0, 1 - interest, interest)
        interest -= np.float32(P.loss_grief / TIE_SLOTS) * lost * interest
        if day == 0:
            interest -= self.lost_by_bounce(gained, joy) * interest
        self.interest[v] = interest
        self.expectation[v] = expectation + P.adaptation * (P.comparison * gained - expectation)
        trust, ads = self.trust[v], ads.astype(np.float32)
        good = P.value_trust * saturating(gained, P.first_expectation) + P.reply_trust * joy
        bad = P.disappointment * np.maximum(1 - gained * (1 / P.first_expectation), 0)
        bad += P.silence * unheard + P.ad_distrust * ads * (1 - P.ad_tolerance * trust)
        trust += good * (1 - trust)
        trust *= 1 - bad
        self.trust[v] = trust
        habit = self.habit[v]
        self.habit[v] = habit + P.habit_gain * (1 - habit)
        seen = (official + number).astype(np.float32)
        clutter = ads / np.maximum(ads + seen, 1)
        clutter *= clutter
        tiring = P.ad_fatigue * ads + np.float32(P.content_fatigue) * official
        tiring += P.ad_clutter * clutter * clutter
        fatigue = self.fatigue[v]
        fatigue += np.minimum(tiring, 1) * (1 - fatigue)
        self.fatigue[v] = fatigue
        self.novelty[v] *= 1 - P.wear * np.minimum(seen * np.float32(1 / P.attention), 1)
        last = self.last_post[v]
        posting = (last >= 0) & (day - last < DORMANT_AFTER)
        expert = posting & (self.posts[v] >= P.expert_posts)
        expert &= self.standing[v] >= P.expert_standing
        coordinator = (self.given[v] >= P.coordinator_replies) & (trust >= P.coordinator_trust)
        coordinator &= self.bonds[v] >= P.coordinator_ties
        self.role[v] = np.where(coordinator, 4, np.where(expert, 2, posting))
        self.leave(v, ads, interest, trust, fatigue, lost)

    def lost_by_bounce(self, gained: np.ndarray, joy: np.ndarray) -> np.ndarray:
        """The share of interest lost by newcomers whom their first visit did not hook."""
        by_value = P.hook_chance * saturating(gained, P.hook_half)
        chance = 1 - (1 - by_value) * (1 - P.hook_reply * joy)
        return np.float32(P.bounce) * (self.rng.random(len(gained), np.float32) >= chance)

    def leave(self, v, ads, interest, trust, fatigue, lost) -> None:
        """Visitors mute, unmute, leave or order."""
        draws = self.rng.random((3, len(v)), np.float32)
        self.post_of[self.writers] = NO_POST
        status = self.status[v]
        over = np.float32(P.mute_rate / (1 - P.mute_threshold)) * (fatigue - P.mute_threshold)
        mutes = (status == ACTIVE) & (draws[0] < over)
        unmutes = (status == MUTED) & (2 * fatigue < P.mute_threshold) & (draws[0] < P.unmute_rate)
        status[mutes], status[unmutes] = MUTED, ACTIVE
        chance = P.leave_rate * (1 - interest) * (1 - P.trust_loyalty * trust)
        leaves = draws[1] < chance * (1 + np.float32(P.leave_with_friends) * lost)
        status[leaves] = LEFT
        self.status[v] = status
        pull = 1 + np.float32(P.tie_pull / TIE_SLOTS) * self.bonds[v]
        self.eager[v] = self.activity[v] * VISITS_OF[status] * pull
        self.go(v[leaves])
        chance = P.order_rate * interest * bearing(P.trust_orders, trust)
        chance *= 1 + P.ad_sales * saturating(ads, P.ad_half)
        buyers = v[(draws[2] < chance) & ~leaves]
        self.ordered[buyers] += 1
        self.orders = len(buyers)

    def go(self, rows: np.ndarray) -> None:
        """Members leave for good."""
        self.status[rows], self.eager[rows] = LEFT, 0
        self.post_of[rows], self.phase[rows] = GONE, NEVER
        self.left += len(rows)

    def day(self, day: int) -> tuple:
        """A day; its counts."""
        self.left = 0
        v, absent = self.decide(day)
        self.role[absent] = 0
        self.publish(v, day)
        chunks = [self.read(v[at : at + CHUNK]) for at in range(0, max(len(v), 1), CHUNK)]
        for k, chunk in enumerate(chunks):
            np.add(chunk[5], k * CHUNK, out=chunk[5])
        ads, official, number, value, lost, answering, answered = map(
            np.concatenate, zip(*chunks, strict=True)
        )
        replies = self.reply(v, answering, answered)
        self.learn(v, day, ads, official, number, value, lost, replies)
        chance = P.lapse_rate * (1 - P.trust_loyalty * self.trust_on(absent, day))
        lapsing = self.rng.random(len(absent), np.float32) < chance
        self.go(absent[lapsing])
        inside = self.status != LEFT
        week = self.visit_count[max(day - 6, 0) : day + 1]
        return (
            inside.sum(), (self.status == MUTED).sum(), len(v), week.sum(), len(self.author),
            len(answered), number.sum(), ads.sum(), self.left, self.orders,
            self.interest @ inside, self.trust[v].sum(),
        )  # fmt: skip


def live(members: int, days: int, seed: int) -> dict[str, np.ndarray]:
    """A life, from the seed to the daily counts."""
    community = Community(members, days, seed)
    return count([community.day(day) for day in range(days)])
