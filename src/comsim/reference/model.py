"""The model, to be read top to bottom: what a member is and does, then the day of a community.

The same model as the compiled one in `comsim.kernel`, written a second time from its meaning; a
test holds the two together to the last bit. So that they can agree:

- A member's state is rounded to single precision when it is stored (`Single`), and only then.
- Luck is keyed: a draw is a pure function of the seed, its purpose, the day and the person, so
  it does not matter who draws first.
- Sums over members are sums of integers (`fixed`), money is whole cents (`cents`).
- Nobody sees what others do in the same function of the day, so the order in which members are
  taken does not matter (`each`).

Symbols: u is a uniform number in (0, 1), p holds the parameters (`comsim.catalogue`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from comsim.catalogue import COLUMNS, DAY_RECORD, FIELDS, LEVERS, TRAITS
from comsim.reference.people import Market
from comsim.rng import Purpose, uniform_from, words
from comsim.scenario import Scenario, form, parameter_values, plan
from comsim.scenario.groups import cells_of
from comsim.stages import RULE, causal_start, causal_step

ACTIVE, MUTED, LEFT = 0, 1, 2
WEEK, DORMANT_AFTER, MONTH = 7, 28, 30
TIE_SLOTS, STRONGEST = 6, 255
MOST_POSTS, MOST_REPLIES = 8, 4  # a visit
NOVELTY_MEMORY = 30.0  # days
COSTS = "recruitment", "gifts", "content", "rewards", "goods", "coupons", "operation"


class Single:
    """An attribute kept in single precision."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = "_" + name

    def __get__(self, owner: Any, kind: type) -> float:
        return getattr(owner, self.name)

    def __set__(self, owner: Any, value: float) -> None:
        setattr(owner, self.name, float(np.float32(value)))


def fixed(x: float) -> int:
    """A number in [0, 1] as a whole count of 2**-30."""
    return int(x * 2.0**30)


def cents(amount: float) -> int:
    """Currency as whole cents, halves rounded up."""
    return int(amount * 100.0 + 0.5)


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
        community: ReferenceCommunity,
        person: int,
        inviter: Member | None = None,
        founder: bool = False,
    ):
        """A person joins. The seed group is picked for its zeal; a gift warms everybody."""
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
        if gift > 0.0:
            lift = p.gift_warmth * saturating(gift, p.gift_half)
            interest += lift * (1.0 - interest)
            trust += lift * (1.0 - trust)
            if self.luck(Purpose.GIFT)[0] < p.gift_redemption:
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
        return None if other in self.model.joined else other

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
        operator = levers.content_quality * credit * official / (official + p.official_half)
        dull = p.novelty_floor + (1.0 - p.novelty_floor) * self.novelty
        annoyance = p.ad_annoyance * ads / (ads + p.ad_half)
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


@dataclass
class Rule:
    """A rule of the scenario, and until when it acts and rests."""

    says: form.Rule
    acts_until: int = 0
    rests_until: int = 0
    fired: int = 0


class ReferenceCommunity(mesa.Model):
    """A community and its operator; a step is a day."""

    def __init__(self, scenario: Scenario, seed: int | None = None):
        self.seed = scenario.seed if seed is None else seed
        super().__init__(rng=self.seed)  # Mesa's own generator is not used
        self.setting, self.plan = scenario, plan(scenario)
        self.p = SimpleNamespace(**parameter_values(scenario, self.seed))
        self.market = Market(scenario.community.market, self.plan, self.p, self.seed)
        self.newcomer_days = scenario.community.newcomer_days
        self.arms = len(scenario.arms)
        self.rules = [Rule(rule) for rule in scenario.rules]

        self.day = -1
        self.everyone: list[Member] = []  # in order of joining; `agents` are those still inside
        self.joined: set[int] = set()  # their persons
        self.invited: Counter[int] = Counter()  # invitations that an outsider has had
        self.next_in_queue = 0
        self.intake_carry = 0.0  # fractions of people and of posts wait for the next day
        self.content_carry = [0.0] * self.plan.lever_table.shape[1]
        self.novelty = 1.0  # what is still new to those who visit
        self.visitors: list[Member] = []
        self.spent = self.profit = 0  # since day 0, in cents
        self.stage: Any = None  # what the rule of `comsim.stages` carries along
        self.daily = np.zeros(scenario.days, DAY_RECORD)
        self.events: list[tuple[int, str, int, int]] = []  # day, kind, member, target

    def run(self) -> ReferenceCommunity:
        """All days that are left."""
        while self.running:
            self.step()
        return self

    def step(self) -> None:
        """A day."""
        self.day += 1
        self.today: Counter[str] = Counter()
        self.rhythm = float(self.plan.rhythm[self.day])
        self.decide()
        self.arrive()
        self.visit()
        self.publish()
        self.read()
        self.learn()
        self.leave()
        self.settle()
        self.observe()
        self.running = self.day + 1 < self.setting.days

    def each(self, members: Iterable[Member]) -> list[Member]:
        """Members, one after the other. Any order gives the same: a test shuffles them here."""
        return list(members)

    def note(self, kind: str, member: Member, target: Member | None = None) -> None:
        """Something that happened, for the event table."""
        self.events.append((self.day, kind, member.person, target.person if target else -1))

    def decide(self) -> None:
        """The calendar sets today's levers for each cell of members; rules move them."""
        table = self.plan.lever_table[self.day].tolist()
        self.levers = [SimpleNamespace(**dict(zip(LEVERS, row, strict=True))) for row in table]
        for rule in self.rules:
            allowed = all(map(self.holds, rule.says.while_))
            rested = self.day >= max(rule.acts_until, rule.rests_until)
            if rested and allowed and all(map(self.holds, rule.says.when)):
                rule.acts_until = self.day + rule.says.days
                rule.rests_until = rule.acts_until + rule.says.cooldown
                rule.fired += 1
            if allowed and self.day < rule.acts_until:
                self.today["rules_acting"] += 1
                self.act(rule.says)

    def holds(self, condition: form.Condition) -> bool:
        """Whether a condition holds this morning; never before there is enough past."""
        test, window = condition.test, condition.window
        value = getattr(condition, test)
        windows = value + 1 if test in ("falls", "rises") else 1
        if self.day < windows * window:
            return False
        past = self.daily[condition.metric][self.day - windows * window : self.day].tolist()
        sums = [sum(past[k * window : (k + 1) * window]) for k in range(windows)]
        limit = value * COLUMNS[condition.metric].scale * window
        if test == "above":
            return sums[0] > limit
        if test == "below":
            return sums[0] < limit
        if test == "falls":
            return all(before > after for before, after in pairwise(sums))
        return all(before < after for before, after in pairwise(sums))

    def act(self, rule: form.Rule) -> None:
        """Move levers for today, within their ranges."""
        for action in rule.do:
            lever, by = LEVERS[action.lever], getattr(action, action.how)
            for cell in cells_of(self.setting, action.group):
                levers = self.levers[cell]
                value = getattr(levers, action.lever)
                value = {"set": by, "multiply": value * by, "add": value + by}[action.how]
                setattr(levers, action.lever, min(max(value, lever.low), lever.high))

    def arrive(self) -> None:
        """The operator recruits; then yesterday's visitors spread the word."""
        levers = self.levers[0]
        recruited = self.recruit(int(levers.seed_group), founders=True)
        self.intake_carry += levers.intake
        whole = int(self.intake_carry)
        self.intake_carry -= whole
        recruited += self.recruit(whole)
        self.today["cost_recruitment"] += recruited * cents(self.p.recruit_cost)
        self.today["joined"] = recruited
        self.spread_the_word()

    def recruit(self, number: int, founders: bool = False) -> int:
        """The next people of the queue join; those who are members already are passed over."""
        recruited = 0
        while recruited < number and self.next_in_queue < self.market.size:
            person = self.market.queue(self.next_in_queue)
            self.next_in_queue += 1
            if person not in self.joined:
                self.join(person, founder=founders)
                recruited += 1
        return recruited

    def join(self, person: int, inviter: Member | None = None, founder: bool = False) -> None:
        member = Member(self, person, inviter, founder)
        self.everyone.append(member)
        self.joined.add(person)
        self.note("join", member, inviter)

    def spread_the_word(self) -> None:
        """Whoever has now been invited often enough joins, brought by one of today's inviters.

        They join in the order of the first of them to have joined.
        """
        inviters = defaultdict(list)
        for member in self.each(self.visitors):
            if member.status != LEFT and (person := member.invites()) is not None:
                inviters[person].append(member)
                self.invited[person] += 1
                self.today["invitations"] += 1
        for person in sorted(inviters, key=lambda person: min(m.row for m in inviters[person])):
            if self.invited[person] < self.market.invitations_needed(person):
                continue
            inviter = max(inviters[person], key=lambda member: member.lot_for(person))
            self.join(person, inviter)
            self.today["joined"] += 1
            self.today["joined_invited"] += 1
            self.today["cost_recruitment"] += cents(inviter.levers.referral_reward)

    def visit(self) -> None:
        """A night passes, and everyone decides whether to come; newcomers are here already.

        Members who have been away for 28 days, or 56, or 84 think about leaving.
        """
        self.visitors, self.wavering = [], []
        for member in self.each(self.agents):
            absence = self.day - member.last_visit
            if absence > 0:
                member.sleep()
            if absence == 0 or member.luck(Purpose.DAY)[0] < member.chance_to_visit():
                self.visitors.append(member)
            elif absence % DORMANT_AFTER == 0:
                self.wavering.append(member)
        for member in self.visitors:
            member.luck_of_visit = member.luck(Purpose.DAY, 1)  # post, invite, whom, reply
            member.last_visit = self.day
            member.visits += 1
            self.note("visit", member)

    def publish(self) -> None:
        """The operator's posts for each cell, then the members': in order of joining."""
        self.official_posts = []
        for cell, levers in enumerate(self.levers):
            self.content_carry[cell] += levers.official_posts
            self.official_posts.append(int(self.content_carry[cell]))
            self.content_carry[cell] -= self.official_posts[cell]
        most = max(self.official_posts)
        self.today["official_posts"] = most
        self.today["cost_content"] = most * cents(self.p.post_cost)
        self.posts: list[Post] = []
        for member in self.each(self.visitors):
            member.write()
            self.posts += member.todays_posts
            paid = len(member.todays_posts) * cents(member.levers.contribution_reward)
            self.today["cost_rewards"] += paid
            self.today["posters"] += bool(member.todays_posts)
        self.posts.sort(key=lambda post: post.author.row)
        self.today["posts"] = len(self.posts)
        for post in self.posts:
            self.note("post", post.author)

    def read(self) -> None:
        """Everyone reads; then the replies arrive, and tie readers and authors.

        A reader is tied to every author replied to, an author to one of the day's repliers.
        """
        for member in self.each(self.visitors):
            member.read()
        repliers = defaultdict(list)
        for member in self.each(self.visitors):
            visit = member.visit
            self.today["ad_impressions"] += visit.ads
            self.today["items_official"] += visit.official
            self.today["items_members"] += visit.members
            for post in visit.replied_to:
                post.replies += 1
                self.today["replies"] += 1
                member.befriend(post.author)
                repliers[post.author].append(member)
                self.note("reply", member, post.author)
        for author in self.each(repliers):
            author.befriend(max(repliers[author], key=Member.lot_of_visit))

    def learn(self) -> None:
        """Visitors learn from their visit; a product release makes things new again for all."""
        for member in self.each(self.visitors):
            member.learn()
        if self.visitors:
            total = sum(fixed(member.novelty) for member in self.visitors)
            mean = total / 2.0**30 / len(self.visitors)
            self.novelty += (mean - self.novelty) / NOVELTY_MEMORY
        release = self.levers[0].release
        if release > 0.0:
            self.novelty += release * (1.0 - self.novelty)
            for member in self.each(self.agents):
                member.novelty += release * (1.0 - member.novelty)

    def leave(self) -> None:
        """Visitors mute, unmute or leave; members who have long been away may leave too."""
        for member in self.each(self.visitors):
            member.todays_posts = []
            if member.switch_mute():
                kind = "mute" if member.status == MUTED else "unmute"
                self.today[kind + "s"] += 1
                self.note(kind, member)
            if member.luck(Purpose.DAY)[1] < member.chance_to_leave():
                self.go(member)
        for member in self.each(self.wavering):
            if member.luck(Purpose.DAY)[1] < member.chance_to_lapse():
                self.go(member)

    def go(self, member: Member) -> None:
        """A member leaves for good, and is no longer among the agents."""
        member.status, member.left_day = LEFT, self.day
        member.remove()
        self.today["left"] += 1
        self.note("leave", member)

    def settle(self) -> None:
        """Visitors order; then the day's ledger, in cents."""
        p, today = self.p, self.today
        for member in self.each(self.visitors):
            if member.status == LEFT or member.luck(Purpose.DAY)[3] >= member.chance_to_order():
                continue
            price = cents(p.order_value * member.power)
            today["orders"] += 1
            today["revenue"] += price
            today["cost_goods"] += int(price * (1.0 - p.margin) + 0.5)
            today["cost_coupons"] += int(price * member.levers.coupon + 0.5)
            self.note("order", member)
        today["revenue"] += cents(p.ad_price * today["ad_impressions"])
        today["cost_operation"] = cents(p.staff_cost + p.platform_cost * len(self.agents))
        today["cost"] = sum(today["cost_" + what] for what in COSTS)
        self.spent += today["cost"]
        self.profit += today["revenue"] - today["cost"]
        today["cost_cumulative"], today["profit_cumulative"] = self.spent, self.profit

    def observe(self) -> None:
        """Count, and write the day down. Visitors of a window count even if they have left."""
        today, members = self.today, list(self.agents)
        today["members"] = len(members)
        today["muted"] = sum(member.status == MUTED for member in members)
        today["dormant"] = sum(member.dormant for member in members)
        for name, window in ("dau", 1), ("wau", WEEK), ("mau", MONTH):
            today[name] = sum(self.day - m.last_visit < window for m in self.everyone)
        today["weekly_posters"] = sum(
            m.last_post >= 0 and self.day - m.last_post < WEEK for m in self.everyone
        )
        today["interest_sum"] = sum(fixed(member.interest) for member in members)
        today["trust_sum"] = sum(fixed(member.trust) for member in members)
        today["novelty"] = fixed(self.novelty)
        activity = float(today["wau"])
        start = self.day == 0
        self.stage = causal_start(activity) if start else causal_step(self.stage, activity, RULE)
        today["stage_seen"] = self.stage.stage
        self.daily[self.day] = tuple(today[name] for name in COLUMNS)

    def members_table(self) -> dict[str, list[Any]]:
        """The public fields of everyone who ever joined, in order of joining."""
        public = [name for name, field in FIELDS.items() if field.public]
        return {name: [getattr(member, name) for member in self.everyone] for name in public}
