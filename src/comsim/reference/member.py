"""What a member is and does: read this file first, then `day`.

The same model as the compiled one in `comsim.kernel`, written a second time from its meaning; a
test holds the two together to the last bit. So that they can agree:

- A member's state is rounded to single precision when it is stored (`Single`), and only then.
- Luck is keyed: a draw is a pure function of the seed, its purpose, the day and the person, so
  it does not matter who draws first.
- Sums over members are sums of integers (`fixed`), money is whole cents (`cents`).

Symbols: u is a uniform number in (0, 1), p holds the parameters (`comsim.catalogue`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace

import mesa

from comsim.catalogue import TRAITS
from comsim.reference.rounding import Single, cents
from comsim.rng import Purpose, uniform_from, words

ACTIVE, MUTED, LEFT = 0, 1, 2
DORMANT_AFTER = 28  # days
TIE_SLOTS, STRONGEST = 6, 255
MOST_POSTS, MOST_REPLIES = 8, 4  # a visit


def saturating(amount: float, half: float) -> float:
    """0 for nothing, 1/2 for `half`, near 1 for very much."""
    return amount / (amount + half)


def faded(x: float, rate: float) -> float:
    """What is left of a state after a night; next to nothing is nothing."""
    left = x - rate * x
    return left if left > 1e-9 else 0.0


class Post:
    """A member's post of today."""

    quality = Single()  # 0 to 1

    def __init__(self, author: Member, quality: float):
        self.author, self.quality = author, quality
        self.standing = author.standing  # how popular it looks
        self.replies = 0


@dataclass(eq=False)
class Visit:
    """What a member saw and did today."""

    ads: int
    official: int  # posts of the operator that were read
    members: int  # members' posts that were read
    lost: int  # friends who were found to have left
    value: float  # 0 to 1
    replied_to: list[Post]


@dataclass(eq=False)
class Tie:
    """A friend, and how strong the tie is."""

    friend: Member
    strength: int = 1


class Member(mesa.Agent):
    """Somebody who has joined."""

    # Traits, for life.
    activity = Single()  # visits a day at full drive
    contribution = Single()  # posts a visit at full interest
    taste = Single()  # share of a visit's value that comes from members
    power = Single()  # purchasing power, multiple of the order value
    # State, all of it from 0 to 1.
    interest = Single()
    trust = Single()
    habit = Single()
    fatigue = Single()
    expectation = Single()  # of the value of a visit
    novelty = Single()  # what is still new
    voice = Single()  # confidence to post
    standing = Single()  # replies that the member's posts get
    reward_norm = Single()  # contribution reward that is counted on
    coupon_norm = Single()  # coupon that is counted on

    def __init__(
        self,
        community: mesa.Model,
        person: int,
        inviter: Member | None = None,
        founder: bool = False,
    ):
        """A person joins. The seed group is picked for its zeal; a gift warms who redeems it."""
        super().__init__(community)
        p, market = community.p, community.market
        self.person = person
        self.row = len(community.everyone)  # order of joining
        self.segment, self.arm = market.segment_and_arm(person)
        self.joined_day, self.inviter = community.day, inviter

        self.status = ACTIVE
        self.left_day, self.last_post, self.last_visit = -1, -1, community.day
        self.visits = self.posts = self.replies_received = 0
        self.slots: list[Tie | None] = [None] * TIE_SLOTS
        self.todays_posts: list[Post] = []
        self.visit: Visit | None = None

        traits = market.traits(person)
        if founder:
            more = {"activity": p.founder_activity, "contribution": p.founder_contribution}
            least = {"first_interest": p.founder_interest, "first_trust": p.founder_trust}
            traits |= {name: min(traits[name] * more[name], TRAITS[name].high) for name in more}
            traits |= {name: max(traits[name], least[name]) for name in least}
        interest, trust = traits["first_interest"], traits["first_trust"]
        gift = self.levers.welcome_gift
        if gift > 0.0 and self.luck(Purpose.GIFT)[0] < p.gift_redemption:
            lift = p.gift_warmth * saturating(gift, p.gift_half)
            interest += lift * (1.0 - interest)
            trust += lift * (1.0 - trust)
            community.today["gifts"] += 1
            community.today["cost_gifts"] += cents(gift)
        self.activity, self.contribution = traits["activity"], traits["contribution"]
        self.taste, self.power = traits["taste"], traits["power"]
        self.interest, self.trust = interest, trust
        self.habit = self.fatigue = self.standing = 0.0
        self.reward_norm = self.coupon_norm = 0.0
        self.expectation, self.voice = p.first_expectation, 0.5
        self.novelty = 1.0 - p.inherited_novelty * (1.0 - community.novelty)

    # What is known of a member.

    def luck(self, purpose: Purpose, k: int = 0) -> list[float]:
        """Four uniform numbers in (0, 1): this member's luck of today for a purpose."""
        community = self.model
        four = words(community.seed, purpose, community.day, self.person, k)
        return [uniform_from(word) for word in four]

    def lot_for(self, person: int) -> tuple[int, int]:
        """Who competes for having brought a person today draws a lot; the greatest wins."""
        word = words(self.model.seed, Purpose.INVITER, self.model.day, self.person, person)[0]
        return word, -self.person

    def lot_of_visit(self) -> tuple[float, int]:
        """The same among those who reply to one author."""
        return self.luck_of_visit[3], -self.person

    @property
    def cell(self) -> int:
        """Members of one cell have the same levers: those of a segment, arm and newness."""
        newcomer = self.model.day - self.joined_day < self.model.newcomer_days
        return 2 * self.group + newcomer

    @property
    def group(self) -> int:
        return self.segment * self.model.arms + self.arm

    @property
    def levers(self) -> SimpleNamespace:
        return self.model.levers[self.cell]

    @property
    def ties(self) -> list[Tie]:
        return [tie for tie in self.slots if tie]

    @property
    def bonds(self) -> int:
        return len(self.ties)

    @property
    def dormant(self) -> bool:
        absence = self.model.day - self.last_visit
        return self.status != LEFT and absence >= DORMANT_AFTER

    # What a member does in a day.

    def invites(self) -> int | None:
        """An outsider whom this member invites, if any.

        chance = rate x interest x trust x (1 + pull of the reward), for one contact by lot
        """
        p = self.model.p
        reward = self.levers.referral_reward
        chance = (
            p.invitation_rate
            * self.interest
            * self.trust
            * (1.0 + p.referral_pull * saturating(reward, p.referral_half))
        )
        _, wants, which, _ = self.luck_of_visit
        if wants >= chance:
            return None
        other = self.model.market.acquaintance(self.person, which)
        return None if other is None or other in self.model.joined else other

    def sleep(self) -> None:
        """Interest, habit and fatigue fade in a night."""
        p = self.model.p
        self.interest = faded(self.interest, p.forgetting)
        self.habit = faded(self.habit, p.habit_fading)
        self.fatigue = faded(self.fatigue, p.recovery)

    def chance_to_visit(self) -> float:
        """activity x interest (S-shaped) x habit x (1 + ties) x weekday x (1 - fatigue)."""
        p = self.model.p
        x2 = self.interest * self.interest
        chance = (
            self.activity
            * saturating(x2, p.interest_half * p.interest_half)
            * (p.habit_floor + (1.0 - p.habit_floor) * self.habit)
            * (1.0 + p.tie_pull * (self.bonds / TIE_SLOTS))
            * self.model.rhythm
            * (1.0 - self.fatigue)
        )
        return chance * p.muted_visits if self.status == MUTED else chance

    def posting_rate(self) -> float:
        """contribution x interest x voice x (1 + ties) x reward x own motivation.

        A reward pulls at once; whoever counts on it posts less of their own accord, which shows
        when it ends.
        """
        p = self.model.p
        return (
            self.contribution
            * self.interest
            * (p.voice_floor + 2.0 * (1.0 - p.voice_floor) * self.voice)
            * (1.0 + p.tie_voice * (self.bonds / TIE_SLOTS))
            * (1.0 + p.reward_pull * saturating(self.levers.contribution_reward, p.reward_half))
            * (1.0 - p.crowding_out * self.reward_norm)
        )

    def write(self) -> None:
        """As many posts as the rate says; a fraction is a chance of one more."""
        number = min(int(self.posting_rate() + self.luck_of_visit[0]), MOST_POSTS)
        for k in range(number):
            self.todays_posts.append(Post(self, quality=self.luck(Purpose.PUBLISH, k + 1)[0]))
        if number:
            self.last_post = self.model.day
            self.posts += number

    def read(self) -> None:
        """Spend the visit's attention: ads take theirs first, the rest goes by what there is.

        value = (taste x social + (1 - taste) x operator) x novelty - annoyance, at least 0
        """
        p, levers = self.model.p, self.levers
        lost = self.let_go()
        items = 1 + int(p.attention * self.interest)
        ads = min(int(levers.ad_pressure + self.luck(Purpose.FEED)[0]), items)
        official, members = self.share_out(items - ads)

        worth, replied_to = 0.0, []
        for place, post in enumerate(self.feed(members), start=1):
            if post.author is self:
                continue
            friend = any(tie.friend is post.author for tie in self.ties)
            worth += post.quality * (1.0 + p.friend_bonus if friend else 1.0)
            chance = p.reply_rate * self.interest * post.quality
            chance *= 1.0 + p.friend_reply if friend else 1.0
            u = self.luck(Purpose.FEED, place)[2]
            if u < chance and len(replied_to) < MOST_REPLIES:
                replied_to.append(post)

        social = saturating(worth, p.social_half)
        credit = p.credit_floor + (1.0 - p.credit_floor) * self.trust
        operator = levers.content_quality * credit * saturating(official, p.official_half)
        dull = p.novelty_floor + (1.0 - p.novelty_floor) * self.novelty
        annoyance = p.ad_annoyance * saturating(ads, p.ad_half)
        value = (self.taste * social + (1.0 - self.taste) * operator) * dull - annoyance
        self.visit = Visit(ads, official, members, lost, max(value, 0.0), replied_to)

    def let_go(self) -> int:
        """Free the slots of friends who have left; how many."""
        lost = [slot for slot, tie in enumerate(self.slots) if tie and tie.friend.status == LEFT]
        for slot in lost:
            self.slots[slot] = None
        return len(lost)

    def share_out(self, items: int) -> tuple[int, int]:
        """How many official and how many members' posts are read: in proportion to what there
        is, and what one kind leaves over goes to the other."""
        official = self.model.official_posts[self.cell]
        members = len(self.model.posts)
        prominence = self.model.p.official_weight * official
        share = prominence / (prominence + members) if members else 1.0
        read_official = min(official, int(items * share + 0.5))
        read_members = min(members, items - read_official)
        return min(official, items - read_members), read_members

    def feed(self, number: int) -> Iterable[Post]:
        """Members' posts: all if there is time, else a post of each friend, then any of two
        at random, often the more popular one."""
        posts = self.model.posts
        if number == len(posts):
            yield from posts
            return
        friends = [tie.friend.todays_posts[0] for tie in self.ties if tie.friend.todays_posts]
        yield from friends[:number]
        for place in range(len(friends) + 1, number + 1):
            one, other, _, herd = self.luck(Purpose.FEED, place)
            post, rival = posts[int(one * len(posts))], posts[int(other * len(posts))]
            popular = rival.standing > post.standing
            yield rival if popular and herd < self.model.p.herding else post

    def befriend(self, other: Member) -> None:
        """The tie to another grows by 1, or takes a free slot, or else wears down the weakest.

        So the few slots keep the most frequent partners (after Misra and Gries 1982).
        """
        for tie in self.ties:
            if tie.friend is other:
                tie.strength = min(tie.strength + 1, STRONGEST)
                return
        if None in self.slots:
            self.slots[self.slots.index(None)] = Tie(other)
            return
        weakest = min(self.slots, key=lambda tie: tie.strength)  # the first of equals
        if weakest.strength > 1:
            weakest.strength -= 1
        else:
            self.slots[self.slots.index(weakest)] = Tie(other)

    def learn(self) -> None:
        """What a visit leaves behind. Each state moves a share of the way to where it is drawn."""
        p, levers, visit = self.model.p, self.levers, self.visit

        # Replies to today's posts: confidence, standing, joy.
        written = len(self.todays_posts)
        received = sum(post.replies for post in self.todays_posts)
        if written:
            answered = 1.0 if received else 0.0
            echo = received / (received + written)
            self.voice += p.voice_learning * (answered - self.voice)
            self.standing += p.standing_learning * (echo - self.standing)
        self.replies_received += received
        joy = saturating(received, 1.0)
        gained = min(visit.value + p.reply_joy * joy, 1.0)

        # Interest follows the surprise, and grief; expectation follows what was gained.
        surprise = gained - self.expectation
        room = 1.0 - self.interest if surprise > 0.0 else self.interest
        interest = self.interest + p.learning * surprise * room
        interest -= p.loss_grief * (visit.lost / TIE_SLOTS) * interest
        self.interest = interest
        self.expectation += p.adaptation * (p.comparison * gained - self.expectation)

        # Trust is earned by value and replies, and spent by ads.
        trust = self.trust
        trust += (p.trust_gain * gained + p.reply_trust * joy) * (1.0 - trust)
        trust -= min(p.ad_distrust * visit.ads, 1.0) * trust
        self.trust = min(trust, 1.0)

        self.habit += p.habit_gain * (1.0 - self.habit)
        tiring = p.ad_fatigue * visit.ads + p.content_fatigue * visit.official
        self.fatigue += min(tiring, 1.0) * (1.0 - self.fatigue)
        load = (visit.official + visit.members) / max(p.attention, 1.0)
        self.novelty -= p.wear * min(load, 1.0) * self.novelty

        # Rewards and coupons come to be counted on.
        pay = saturating(levers.contribution_reward, p.reward_half)
        self.reward_norm += p.reward_adaptation * (pay - self.reward_norm)
        self.coupon_norm += p.reward_adaptation * (levers.coupon - self.coupon_norm)

    def switch_mute(self) -> bool:
        """Mute when too tired, unmute when rested; whether anything changed.

        chance to mute = rate x (fatigue - threshold) / (1 - threshold)
        """
        p = self.model.p
        u = self.luck(Purpose.DAY)[2]
        if self.status == ACTIVE:
            over = (self.fatigue - p.mute_threshold) / (1.0 - p.mute_threshold)
            if u < p.mute_rate * over:
                self.status = MUTED
                return True
        elif 2.0 * self.fatigue < p.mute_threshold and u < p.unmute_rate:
            self.status = ACTIVE
            return True
        return False

    def chance_to_leave(self) -> float:
        """Of a visitor: rate x (1 - interest) x (1 - trust) x (1 + friends found gone)."""
        p = self.model.p
        chance = p.leave_rate * (1.0 - self.interest) * (1.0 - self.trust)
        return chance * (1.0 + p.leave_with_friends * self.visit.lost)

    def chance_to_lapse(self) -> float:
        """Of a member who has been away for another 28 days: rate x (1 - trust)."""
        return self.model.p.lapse_rate * (1.0 - self.trust)

    def chance_to_order(self) -> float:
        """rate x interest x trust x (1 + coupon) x (1 - missed coupon) x (1 + ads)."""
        p, coupon, ads = self.model.p, self.levers.coupon, self.visit.ads
        missed = max(self.coupon_norm - coupon, 0.0)
        return (
            p.order_rate
            * self.interest
            * self.trust
            * (1.0 + p.coupon_pull * coupon)
            * (1.0 - p.coupon_reliance * missed)
            * (1.0 + p.ad_sales * saturating(ads, p.ad_half))
        )
