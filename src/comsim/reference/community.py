"""The community: its operator, its members, and the order of a day.

`DAY` is that order. Nobody sees what others do in the same step of the day, so the order in which
members are taken does not matter (`each`). A night passes within `visit`: what happens before it
(greetings, events, pushes) finds a member's interest, habit and fatigue of last evening.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from comsim.model.catalogue import DAY_RECORD, FIELDS
from comsim.reference.arrive import arrive
from comsim.reference.decide import Rule, decide
from comsim.reference.learn import learn
from comsim.reference.leave import leave
from comsim.reference.mechanisms.belonging import Subgroup
from comsim.reference.mechanisms.empower import empower
from comsim.reference.mechanisms.gather import gather
from comsim.reference.mechanisms.kol import campaign
from comsim.reference.mechanisms.onboard import give_tasks, greet
from comsim.reference.mechanisms.push import push
from comsim.reference.mechanisms.raffle import raffle
from comsim.reference.mechanisms.recognise import recognise
from comsim.reference.mechanisms.shocks import shake
from comsim.reference.mechanisms.subgroups import count_subgroups, form_subgroups
from comsim.reference.member import Member, Post
from comsim.reference.observe import observe
from comsim.reference.people import Market
from comsim.reference.publish import publish
from comsim.reference.read import read
from comsim.reference.settle import settle
from comsim.reference.visit import visit
from comsim.scenario import Scenario, parameter_values, plan

DAY = (
    *(decide, arrive, campaign, form_subgroups, greet, gather, push, visit, give_tasks),
    *(publish, read, raffle, empower, learn, recognise, leave, shake, count_subgroups),
    *(settle, observe),
)


class ReferenceCommunity(mesa.Model):
    """A community and its operator; a step is a day."""

    functions = DAY

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
        self.next_reached = 0  # by key opinion leaders
        # Fractions of people and of posts wait for the next day (`whole_of`).
        self.intake_carry = self.kol_carry = 0.0
        self.content_carry = [0.0] * self.plan.lever_table.shape[1]  # by cell
        self.novelty = 1.0  # what is still new to those who visit, mean of about a month
        self.used_to_raffles = 0.0  # the prize that is expected of a day, by its effect
        self.pushing = False  # whether there have ever been pushes
        self.bad_press = 0.0  # how bad a name it has among those who have not joined, 0 to 1
        self.recognition_known = False  # whether anybody has ever been recognised
        self.levers: list[SimpleNamespace] = []  # today's, by cell
        # Both are of yesterday until `visit` and `settle` have been.
        self.visitors: list[Member] = []
        self.buyers: list[Member] = []  # who ordered
        self.wavering: list[Member] = []  # who has long been away, and thinks about leaving
        self.official_posts: list[int] = []  # today's, by cell
        self.posts: list[Post] = []  # today's, of members, without those removed
        self.removed: list[Post] = []  # today's, by moderators
        self.helped: dict[Member, float] = {}  # whom staff answered today, and their joy
        self.subgroups: list[Subgroup] = []  # the core group first; none is one room for all
        self.children = 0  # child communities founded
        self.spent = self.profit = 0  # since day 0, in cents
        self.stopped, self.losing = False, 0  # the owner; days in a row that ended a month of loss
        self.stage: Any = None  # what the rule of `comsim.model.stages` carries along
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
        self.today: Counter[str] = Counter()  # the counts of the day, by name
        # What everybody's chance to visit is multiplied by: weekday and holidays; later, raffles.
        self.rhythm = float(self.plan.rhythm[self.day])
        for function in self.functions:
            function(self)
        self.running = self.day + 1 < self.setting.days

    def each(self, members: Iterable[Member]) -> list[Member]:
        """Members, one after the other. Any order gives the same: a test shuffles them here."""
        return list(members)

    def note(self, kind: str, member: Member, target: Member | None = None) -> None:
        """Something that happened, for the event table."""
        self.events.append((self.day, kind, member.person, target.person if target else -1))

    def members_table(self) -> dict[str, list[Any]]:
        """The public fields of everyone who ever joined, in order of joining."""
        public = [name for name, field in FIELDS.items() if field.public]
        return {name: [getattr(member, name) for member in self.everyone] for name in public}
