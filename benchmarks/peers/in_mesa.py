"""The day with stock Mesa agents: an object for each member, Mesa's AgentSet and its `do`, and the
model's own generator. Members and posts have slots or plain attributes, and nothing of Mesa is
replaced."""

import math

import mesa
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


def saturating(amount: float, half: float) -> float:
    return amount / (amount + half)


def bearing(strength: float, trust: float) -> float:
    """The factor by which trust acts on members' activity."""
    return 1.0 - strength * (1.0 - trust)


class Post:
    """A post of today."""

    __slots__ = ("author", "quality", "renown", "replies")

    def __init__(self, author: "Member", quality: float):
        self.author, self.quality, self.renown, self.replies = author, quality, author.standing, 0


class Member(mesa.Agent):
    """Who has joined."""

    def __init__(self, model: mesa.Model, drawn: dict[str, float]):
        super().__init__(model)
        self.activity, self.contribution = drawn["activity"], drawn["contribution"]
        self.taste, self.forgetfulness = drawn["taste"], drawn["forgetfulness"]
        self.interest, self.first_trust = drawn["first_interest"], drawn["first_trust"]
        self.trust = self.first_trust  # on the day of the last visit
        self.habit = self.fatigue = self.standing = 0.0
        self.expectation, self.novelty, self.voice = P.first_expectation, 1.0, 0.5
        self.muted = self.left = False
        self.visits = self.written = self.received = self.given = self.ordered = self.role = 0
        self.last_visit, self.last_post = 0, -1
        self.ties: dict[Member, int] = {}  # strength by friend
        self.posts: list[Post] = []  # of today
        self.repliers: list[Member] = []  # of today

    def decide(self) -> None:
        """A night passes; come, or think about leaving after a long absence."""
        model = self.model
        if model.day > 0:
            self.interest -= P.forgetting * self.forgetfulness * self.interest
            self.habit -= P.habit_fading * self.habit
            self.fatigue -= P.recovery * self.fatigue
        square = self.interest * self.interest
        chance = (
            self.activity
            * saturating(square, P.interest_half * P.interest_half)
            * (P.habit_floor + (1.0 - P.habit_floor) * self.habit)
            * (1.0 + P.tie_pull * len(self.ties) / TIE_SLOTS)
            * (1.0 - self.fatigue)
        )
        if self.muted:
            chance *= P.muted_visits
        u = model.random.random()
        # Members who would come have second thoughts, which need no separate random number.
        if model.day == 0 or (
            u < chance and u < min(chance, 1.0) * bearing(P.trust_visits, self.trust_today())
        ):
            model.visitors.append(self)
            self.trust = self.trust_today()
            self.last_visit = model.day
            self.visits += 1
        elif (model.day - self.last_visit) % DORMANT_AFTER == 0:
            self.role = 0
            if model.random.random() < P.lapse_rate * (1.0 - P.trust_loyalty * self.trust_today()):
                self.go()

    def trust_today(self) -> float:
        """Trust moves towards a member's disposition until they come again."""
        healed = 1.0 - math.exp(-P.trust_healing * (self.model.day - self.last_visit))
        return self.trust + healed * (self.first_trust - self.trust)

    def publish(self) -> None:
        """Write posts."""
        model = self.model
        rate = (
            self.contribution
            * self.interest
            * bearing(P.trust_posts, self.trust)
            * (P.voice_floor + 2.0 * (1.0 - P.voice_floor) * self.voice)
            * (1.0 + P.tie_voice * len(self.ties) / TIE_SLOTS)
        )
        number = min(int(rate + model.random.random()), MOST_POSTS)
        if number:
            self.posts = [Post(self, model.random.random()) for _ in range(number)]
            model.posts += self.posts
            self.last_post = model.day
            self.written += number

    def read(self) -> None:
        """Spend attention; note what the visit is worth and whom to reply to."""
        random, posts = self.model.random.random, self.model.posts
        items = 1 + int(P.attention * self.interest)
        self.ads = min(int(P.ad_pressure * items / (1.0 + P.attention) + random()), items)
        slots, shown = items - self.ads, int(P.official_posts)
        share = P.official_weight * shown / (P.official_weight * shown + len(posts))
        self.number = min(len(posts), slots - min(shown, int(slots * share + 0.5)))
        self.official = min(shown, slots - self.number)
        gone = [friend for friend in self.ties if friend.left]
        for friend in gone:
            del self.ties[friend]
        self.lost = len(gone)
        total, self.answered, ties = 0.0, [], self.ties
        eager = P.reply_rate * self.interest
        for post in self.feed(posts, random):
            if post.author is self:
                continue
            friend = post.author in ties
            total += post.quality * (1.0 + P.friend_bonus if friend else 1.0)
            chance = eager * post.quality * (1.0 + P.friend_reply if friend else 1.0)
            if len(self.answered) < MOST_REPLIES and random() < chance:
                self.answered.append(post)
        credit = P.credit_floor + (1.0 - P.credit_floor) * self.trust
        operator = P.content_quality * credit * saturating(self.official, P.official_half)
        value = self.taste * saturating(total, P.social_half) + (1.0 - self.taste) * operator
        value *= P.novelty_floor + (1.0 - P.novelty_floor) * self.novelty
        annoyed = P.ad_annoyance * saturating(self.ads, P.ad_half)
        self.value = max(value - annoyed, 0.0)

    def feed(self, posts: list[Post], random) -> list[Post]:
        """The members' posts that are read: all, or friends' first and then drawn ones."""
        if self.number == len(posts):
            return posts
        read = [friend.posts[0] for friend in self.ties if friend.posts][: self.number]
        for _ in range(self.number - len(read)):
            post = posts[int(random() * len(posts))]
            if random() < P.herding:
                rival = posts[int(random() * len(posts))]
                if rival.renown > post.renown:
                    post = rival
            read.append(post)
        return read

    def reply(self) -> None:
        """Replies arrive."""
        self.given += len(self.answered)
        for post in self.answered:
            post.replies += 1
            post.author.repliers.append(self)
            self.befriend(post.author)

    def befriend(self, other: "Member") -> None:
        """The tie to another grows, or takes a free slot, or wears down the weakest."""
        ties = self.ties
        if other in ties:
            ties[other] = min(ties[other] + 1, STRONGEST)
        elif len(ties) < TIE_SLOTS:
            ties[other] = 1
        else:
            weakest = min(ties, key=ties.get)
            if ties[weakest] > 1:
                ties[weakest] -= 1
            else:  # in its place, since the first of equals is the weakest
                self.ties = {other if one is weakest else one: ties[one] for one in ties}

    def learn(self) -> None:
        """What the visit leaves behind."""
        received, written = 0, len(self.posts)
        if written:
            received = sum(post.replies for post in self.posts)
            self.voice += P.voice_learning * ((received > 0) - self.voice)
            self.standing += P.standing_learning * (received / (received + written) - self.standing)
            self.received += received
        if self.repliers:
            self.befriend(self.model.random.choice(self.repliers))
            self.repliers = []
        joy = saturating(received, 1.0)
        gained = min(self.value + P.reply_joy * joy, 1.0)
        surprise, interest = gained - self.expectation, self.interest
        interest += P.learning * surprise * (1.0 - interest if surprise > 0.0 else interest)
        interest -= P.loss_grief * self.lost / TIE_SLOTS * interest
        if self.visits == 1 and not self.is_hooked(gained, joy):
            interest -= P.bounce * interest
        self.interest = interest
        self.expectation += P.adaptation * (P.comparison * gained - self.expectation)
        self.build_trust(gained, joy, written > 0 and received == 0)
        self.habit += P.habit_gain * (1.0 - self.habit)
        seen = self.official + self.number
        clutter = self.ads / max(self.ads + seen, 1)
        tiring = P.ad_fatigue * self.ads + P.content_fatigue * self.official
        tiring += P.ad_clutter * clutter**4
        self.fatigue += min(tiring, 1.0) * (1.0 - self.fatigue)
        self.novelty -= P.wear * min(seen / P.attention, 1.0) * self.novelty
        posting = self.last_post >= 0 and self.model.day - self.last_post < DORMANT_AFTER
        expert = self.written >= P.expert_posts and self.standing >= P.expert_standing
        self.role = 2 if posting and expert else int(posting)
        tied = len(self.ties) >= P.coordinator_ties and self.trust >= P.coordinator_trust
        if tied and self.given >= P.coordinator_replies:
            self.role = 4

    def is_hooked(self, gained: float, joy: float) -> bool:
        """Whether the first visit makes the member return."""
        by_value = P.hook_chance * saturating(gained, P.hook_half)
        return self.model.random.random() < 1.0 - (1.0 - by_value) * (1.0 - P.hook_reply * joy)

    def build_trust(self, gained: float, joy: float, unheard: bool) -> None:
        """Trust rises with value received, and falls with disappointment and ads."""
        trust, promised = self.trust, P.first_expectation
        good = P.value_trust * saturating(gained, promised) + P.reply_trust * joy
        bad = P.disappointment * max(1.0 - gained / promised, 0.0) + P.silence * unheard
        bad += P.ad_distrust * self.ads * (1.0 - P.ad_tolerance * trust)
        self.trust = (trust + good * (1.0 - trust)) * (1.0 - bad)

    def leave(self) -> None:
        """Mute, unmute, leave or order."""
        model, random = self.model, self.model.random.random
        self.posts = []
        if not self.muted:
            over = (self.fatigue - P.mute_threshold) / (1.0 - P.mute_threshold)
            self.muted = over > 0.0 and random() < P.mute_rate * over
        elif 2.0 * self.fatigue < P.mute_threshold and random() < P.unmute_rate:
            self.muted = False
        chance = P.leave_rate * (1.0 - self.interest) * (1.0 - P.trust_loyalty * self.trust)
        if random() < chance * (1.0 + P.leave_with_friends * self.lost):
            self.go()
            return
        lift = 1.0 + P.ad_sales * saturating(self.ads, P.ad_half)
        if random() < P.order_rate * self.interest * bearing(P.trust_orders, self.trust) * lift:
            self.ordered += 1
            model.orders += 1

    def go(self) -> None:
        """Leave for good."""
        self.left = True
        self.model.gone += 1
        self.remove()


class Community(mesa.Model):
    """A community; a step is a day."""

    def __init__(self, members: int, seed: int):
        super().__init__(rng=seed)
        self.day = 0
        drawn = traits(np.random.default_rng(seed), members)
        names, columns = list(drawn), [column.tolist() for column in drawn.values()]
        for row in zip(*columns, strict=True):
            Member(self, dict(zip(names, row, strict=True)))
        self.rows: list[tuple] = []

    def step(self) -> None:
        self.visitors: list[Member] = []
        self.posts: list[Post] = []
        self.gone = self.orders = 0
        self.agents.do("decide")
        for step in (Member.publish, Member.read, Member.reply, Member.learn, Member.leave):
            for member in self.visitors:
                step(member)
        inside, came = self.agents, self.visitors
        self.rows.append((
            len(inside), sum(member.muted for member in inside), len(came),
            sum(self.day - member.last_visit < 7 for member in inside), len(self.posts),
            sum(len(member.answered) for member in came), sum(member.number for member in came),
            sum(member.ads for member in came), self.gone, self.orders,
            sum(member.interest for member in inside), sum(member.trust for member in came),
        ))  # fmt: skip
        self.day += 1


def live(members: int, days: int, seed: int) -> dict[str, np.ndarray]:
    """A life, from the seed to the daily counts."""
    community = Community(members, seed)
    for _ in range(days):
        community.step()
    return count(community.rows)
