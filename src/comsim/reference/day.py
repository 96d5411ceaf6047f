"""The day of a community: its operator, and the eight functions in their order.

Nobody sees what others do in the same step of the day, so the order in which members are taken
does not matter (`each`).
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

from comsim.catalogue import COLUMNS, DAY_RECORD, FIELDS, LEVERS
from comsim.reference.member import DORMANT_AFTER, LEFT, MUTED, Member, Post
from comsim.reference.people import Market
from comsim.reference.rounding import cents, fixed, whole_of
from comsim.rng import Purpose
from comsim.scenario import Scenario, form, parameter_values, plan
from comsim.scenario.groups import cells_of
from comsim.stages import RULE, causal_start, causal_step

WEEK, MONTH = 7, 30
NOVELTY_MEMORY = 30.0  # days
COSTS = "recruitment", "gifts", "content", "rewards", "goods", "coupons", "operation"


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
        whole = whole_of(self.intake_carry)
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
            self.official_posts.append(whole_of(self.content_carry[cell]))
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
