"""The community: the state that the steps of the day read and change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from comsim.model.catalogue import DAY_RECORD, FIELDS
from comsim.reference.member import Post, ReferenceMember
from comsim.reference.people import Market
from comsim.scenario import Scenario, parameter_values, plan
from comsim.scenario.pace import paced
from comsim.scenario.scenario import Rule


@dataclass
class RuleState:
    """A rule of the scenario, with the days until which it acts and rests."""

    rule: Rule
    acts_until: int = 0  # first day on which it acts no more
    rests_until: int = 0  # first day on which it may fire again
    fired: int = 0  # times so far


class Subgroup:
    """A part of the community that reads and posts separately.

    Number 0 is the core group. A child community is a subgroup that does not read the core group's
    posts; if it splits, its parts are child communities too.
    """

    def __init__(self, number: int, child: bool = False):
        self.number, self.child = number, child
        self.members: set[ReferenceMember] = set()
        self.posts: list = []  # today's, in order of their authors' joining


class CommunityState(mesa.Model):
    """A community and its operator, before its days are simulated."""

    def __init__(self, scenario: Scenario, seed: int | None = None):
        self.seed = scenario.seed if seed is None else seed
        super().__init__(rng=self.seed)  # Mesa's own generator is not used
        self.setting, self.plan = scenario, plan(scenario)
        self.p = SimpleNamespace(**paced(parameter_values(scenario, self.seed)))
        self.market = Market(scenario.community.market, self.plan, self.p, self.seed)
        self.newcomer_days = scenario.community.newcomer_days
        self.arms = len(scenario.arms)
        self.rules = [RuleState(rule) for rule in scenario.rules]

        self.day = -1
        self.today: Counter[str] = Counter()  # the counts of the day, by name
        # Multiplies every member's chance to visit: weekday, holidays, raffles and weather.
        self.rhythm = 1.0
        self.weather = 0.0  # logarithm of the factor of all visits
        self.mood = 1.0  # multiplies every visitor's posts
        self.everyone: list[
            ReferenceMember
        ] = []  # in order of joining; `agents` are those still inside
        self.joined: set[int] = set()  # by person
        # People who were persuaded but have not joined yet, by day of joining and in the order
        # in which they were persuaded; and the inviter of each.
        self.waiting: defaultdict[int, list[int]] = defaultdict(list)
        self.inviter_of: dict[int, ReferenceMember] = {}
        self.founders = 0  # people of the seed group who are still to come
        self.next_in_queue = 0
        self.next_walk_in = 0
        self.next_reached = 0  # by key opinion leaders
        # Fractions of people and posts carry over to the next day (`whole_of`).
        self.intake_carry = self.kol_carry = self.founder_carry = 0.0
        self.content_carry = [0.0] * self.plan.lever_table.shape[1]  # by cell
        self.novelty = 1.0  # mean novelty of visitors, over about a month
        self.used_to_raffles = 0.0  # the prize expected on a day, as sat(raffle)
        self.pushing = False  # whether there has ever been a push
        self.bad_press = 0.0  # bad reputation among people who have not joined, 0 to 1
        self.mention = self.burst = 0.0  # see Mentions
        self.recognition_known = False  # whether recognition has ever been used
        self.called: set[ReferenceMember] = set()  # come tomorrow because a friend asked
        self.levers: list[SimpleNamespace] = []  # today's, by cell
        # Yesterday's until `visit` and `settle` replace them.
        self.visitors: list[ReferenceMember] = []
        self.buyers: list[ReferenceMember] = []  # members who ordered
        self.wavering: list[ReferenceMember] = []  # long absent, and consider leaving
        self.official_posts: list[int] = []  # today's, by cell
        self.posts: list[Post] = []  # today's, of members, without those removed
        self.removed: list[Post] = []  # today's, by moderators
        self.helped: dict[ReferenceMember, float] = {}  # authors answered by staff, and how well
        self.answered: set[ReferenceMember] = set()  # authors answered by members
        self.subgroups: list[Subgroup] = []  # the core group first; empty: no subgroups
        self.children = 0  # child communities founded so far
        self.spent = self.profit = 0  # since day 0, in cents
        self.stopped, self.losing = False, 0  # the owner; days in a row with a loss over 28 days
        self.stage: Any = None  # of the rule in `comsim.model.stages`
        self.daily = np.zeros(scenario.days, DAY_RECORD)
        self.events: list[tuple[int, str, int, int]] = []  # day, kind, member, target

    def is_outside(self, person: int) -> bool:
        """Whether a person has not joined and is not waiting to join."""
        return person not in self.joined and person not in self.inviter_of

    def each(self, members: Iterable[ReferenceMember]) -> list[ReferenceMember]:
        """Members, one after another. The order has no effect; a test shuffles them here."""
        return list(members)

    def note(
        self, kind: str, member: ReferenceMember, target: ReferenceMember | None = None
    ) -> None:
        """Record an event for the event table."""
        self.events.append((self.day, kind, member.person, target.person if target else -1))

    def members_table(self) -> dict[str, list[Any]]:
        """The public fields of all current and former members, in order of joining."""
        public = [name for name, field in FIELDS.items() if field.public]
        return {name: [getattr(member, name) for member in self.everyone] for name in public}
