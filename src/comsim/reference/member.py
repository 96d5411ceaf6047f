"""A member: traits, state, ties and luck. What a member does stands in the functions of the day."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import mesa

from comsim.catalogue import TRAITS
from comsim.reference.rounding import Single, cents
from comsim.rng import Purpose, uniform_from, words

ACTIVE, MUTED, LEFT = 0, 1, 2
DORMANT_AFTER = 28  # days
TIE_SLOTS, STRONGEST = 6, 255
GOOD, TOXIC, OFF_TOPIC, SPAM = range(4)  # kinds of posts


def saturating(amount: float, half: float) -> float:
    """0 for nothing, 1/2 for `half`, near 1 for very much."""
    return amount / (amount + half)


class Post:
    """A member's post of today."""

    quality = Single()  # 0 to 1
    topic = Single()  # place on the circle of topics, 0 to 1

    def __init__(self, author: Member, quality: float):
        self.author, self.quality = author, quality
        self.standing = author.standing  # how popular it looks
        self.replies = 0
        self.topic, self.kind = 0.0, GOOD
        self.removed = False  # by a moderator, before anybody read it

    @property
    def fits_nobody(self) -> bool:
        return self.kind in (OFF_TOPIC, SPAM)


@dataclass(eq=False)
class Visit:
    """What a member saw and did today."""

    ads: int
    official: int  # posts of the operator that were read
    members: int  # members' posts that were read
    lost: int  # friends who were found to have left
    value: float  # 0 to 1
    replied_to: list[Post]
    toxic: int  # toxic posts that were read


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
    forgetfulness = Single()  # multiple of the rate at which interest fades
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
    push_norm = Single()  # pushes that the member is used to
    need_used = Single()  # need for the product that was used up, on the evening of `need_day`
    recognised = Single()  # recognition that the member has grown used to

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
        self.subgroup = 0
        self.left_day, self.last_post, self.last_visit = -1, -1, community.day
        self.visits = self.posts = self.replies_received = self.ordered = 0
        self.need_day = self.paid_until = 0
        self.earned = 0  # cents that this member has brought in
        self.role = self.recruits = self.replies_given = 0
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
        self.forgetfulness = traits["forgetfulness"]
        self.interest, self.trust = interest, trust * (1.0 - community.bad_press)
        self.habit = self.fatigue = self.standing = 0.0
        self.reward_norm = self.coupon_norm = self.push_norm = self.need_used = 0.0
        self.recognised = 0.0
        self.lift = 1.0  # by today's pushes
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
        return 2 * self.group + self.is_newcomer

    @property
    def is_newcomer(self) -> bool:
        return self.model.day - self.joined_day < self.model.newcomer_days

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
