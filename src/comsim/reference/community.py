"""The community: its operator, its subgroups, and what is known of it on a day."""

from __future__ import annotations

from collections import Counter
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
from comsim.scenario.scenario import Rule


@dataclass
class RuleState:
    """A rule of the scenario, and until when it acts and rests."""

    says: Rule
    acts_until: int = 0  # first day on which it acts no more
    rests_until: int = 0  # first day on which it may fire again
    fired: int = 0  # times so far


class Subgroup:
    """A part of the community, that reads and talks in a room of its own.

    Number 0 is the core group. A child community is a subgroup that does not hear the core group;
    the parts it splits into are children too.
    """

    def __init__(self, number: int, child: bool = False):
        self.number, self.child = number, child
        self.members: set[ReferenceMember] = set()
        self.posts: list = []  # today's, in order of joining of their authors


class CommunityState(mesa.Model):
    """What the functions of the day read and change."""

    def __init__(self, scenario: Scenario, seed: int | None = None):
        self.seed = scenario.seed if seed is None else seed
        super().__init__(rng=self.seed)  # Mesa's own generator is not used
        self.setting, self.plan = scenario, plan(scenario)
        self.p = SimpleNamespace(**parameter_values(scenario, self.seed))
        self.market = Market(scenario.community.market, self.plan, self.p, self.seed)
        self.newcomer_days = scenario.community.newcomer_days
        self.arms = len(scenario.arms)
        self.rules = [RuleState(rule) for rule in scenario.rules]

        self.day = -1
        self.today: Counter[str] = Counter()  # the counts of the day, by name
        # What everybody's chance to visit is multiplied by: weekday and holidays; later, raffles.
        self.rhythm = 1.0
        self.everyone: list[
            ReferenceMember
        ] = []  # in order of joining; `agents` are those still inside
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
        self.visitors: list[ReferenceMember] = []
        self.buyers: list[ReferenceMember] = []  # who ordered
        self.wavering: list[
            ReferenceMember
        ] = []  # who has long been away, and thinks about leaving
        self.official_posts: list[int] = []  # today's, by cell
        self.posts: list[Post] = []  # today's, of members, without those removed
        self.removed: list[Post] = []  # today's, by moderators
        self.helped: dict[ReferenceMember, float] = {}  # whom staff answered today, and their joy
        self.subgroups: list[Subgroup] = []  # the core group first; none is one room for all
        self.children = 0  # child communities founded
        self.spent = self.profit = 0  # since day 0, in cents
        self.stopped, self.losing = False, 0  # the owner; days in a row that ended a month of loss
        self.stage: Any = None  # what the rule of `comsim.model.stages` carries along
        self.daily = np.zeros(scenario.days, DAY_RECORD)
        self.events: list[tuple[int, str, int, int]] = []  # day, kind, member, target

    def each(self, members: Iterable[ReferenceMember]) -> list[ReferenceMember]:
        """Members, one after the other. Any order gives the same: a test shuffles them here."""
        return list(members)

    def note(
        self, kind: str, member: ReferenceMember, target: ReferenceMember | None = None
    ) -> None:
        """Something that happened, for the event table."""
        self.events.append((self.day, kind, member.person, target.person if target else -1))

    def members_table(self) -> dict[str, list[Any]]:
        """The public fields of everyone who ever joined, in order of joining."""
        public = [name for name, field in FIELDS.items() if field.public]
        return {name: [getattr(member, name) for member in self.everyone] for name in public}
