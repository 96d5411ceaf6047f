"""A member: traits, states, ties and random numbers. The steps of the day determine behaviour.

Parameters: those of the seed group (`founder_...`), of the welcome gift (`gift_...`), `keenness`,
`first_expectation`, `inherited_novelty`. Lever: `welcome_gift`. Counts: `gifts`, `cost_gifts`,
`dormant`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import mesa

from comsim.model.catalogue import TRAITS
from comsim.model.periods import DORMANT_AFTER
from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.rounding import Single, cents

ACTIVE, MUTED, LEFT = 0, 1, 2
TIE_SLOTS, STRONGEST = 6, 255  # maximum number and strength of a member's ties
GOOD, TOXIC, OFF_TOPIC = range(3)  # kinds of posts


def saturating(amount: float, half: float) -> float:
    """Diminishing returns: 0 at 0, 1/2 at `half`, and close to 1 for large amounts.

    sat(amount, half) = amount / (amount + half)
    """
    return amount / (amount + half)


class Post:
    """A member's post of today. Nobody reads it on later days.

    Its quality is u, and 0 if it is off topic.
    """

    quality = Single()  # 0 to 1
    topic = Single()  # position on the circle of topics, 0 to 1

    def __init__(self, author: ReferenceMember, quality: float):
        self.author, self.quality = author, quality
        self.standing = author.standing  # how popular the post looks
        self.replies = 0  # by members
        self.topic, self.kind = 0.0, GOOD
        self.removed = False  # by a moderator, before anyone read it

    @property
    def fits_nobody(self) -> bool:
        """Whether it is off topic, and therefore of no value to anyone."""
        return self.kind == OFF_TOPIC


@dataclass(eq=False)
class VisitRecord:
    """What a member saw and did today.

    Answers by staff, and benefits for paying members, are added to the value later in the day.
    """

    ads: int  # ads shown
    official: int  # official posts read
    members: int  # members' posts read
    lost: int  # friends whose departure the member noticed
    value: float  # of the visit, 0 to 1, see `value_of_visit`
    replied_to: list[Post]
    toxic: int  # toxic posts read


@dataclass(eq=False)
class Tie:
    """A tie to a friend. Its strength grows by one with each reply or meeting."""

    friend: ReferenceMember
    strength: int = 1


class ReferenceMember(mesa.Agent):
    """A person who has joined: active, muted (receives no pushes or event invitations) or left."""

    # Traits, for life.
    activity = Single()  # visits per day at full motivation
    contribution = Single()  # posts per visit at full interest
    taste = Single()  # share of members' posts in the value of a visit
    power = Single()  # purchasing power, as a multiple of the order value
    forgetfulness = Single()  # multiplies the rate at which interest fades
    first_trust = Single()  # disposition, towards which trust returns
    # States, all from 0 to 1.
    interest = Single()  # in the community
    trust = Single()  # in the operator, on the day `trust_day`
    scar = Single()  # part of trust that can't recover because of deceit
    habit = Single()  # of visiting
    fatigue = Single()  # from ads, official posts, pushes, tasks and volunteer work
    expectation = Single()  # of the value of a visit
    novelty = Single()  # of the community to this member
    voice = Single()  # confidence to post; 0.5 before the first post
    standing = Single()  # replies to the member's posts, smoothed
    reward_norm = Single()  # expected contribution reward, as sat(reward)
    coupon_norm = Single()  # expected coupon, as a share of the price
    push_norm = Single()  # pushes that the member is used to, as sat(pushes)
    need_used = Single()  # satisfied need for the product, on the evening of `need_day`
    recognised = Single()  # recognition that the member is used to
    stirred = Single()  # recent recognition that still makes the member post
    voice_today = Single()  # voice, raised by today's newcomer tasks

    def __init__(
        self,
        community: mesa.Model,
        person: int,
        inviter: ReferenceMember | None = None,
        founder: bool = False,
    ):
        """A person joins; `start` gives the first states."""
        super().__init__(community)
        self.person = person
        self.row = len(community.everyone)  # order of joining
        self.segment, self.arm = community.market.segment_and_arm(person)
        self.joined_day, self.inviter, self.founder = community.day, inviter, founder
        self.trust_day = community.day  # last day on which trust was brought up to date

        self.status = ACTIVE
        self.subgroup = 0
        # Joining counts as a visit, so that absence is defined; -1 is never.
        self.left_day, self.last_post, self.last_visit = -1, -1, community.day
        self.visits = self.posts = self.replies_received = self.ordered = 0
        self.need_day = self.paid_until = self.idle_until = 0  # days
        self.earned = 0  # cents that this member has contributed to the result
        self.role = self.recruits = self.replies_given = 0
        self.slots: list[Tie | None] = [None] * TIE_SLOTS
        self.todays_posts: list[Post] = []
        self.visit: VisitRecord | None = None
        self.start()

    def start(self) -> None:
        """The first states. The seed group is selected for its enthusiasm; a gift warms the people
        who redeem it.

        Interest and trust start at the traits first_interest and first_trust. The easier
        people are to persuade, the more often they visit. Founders count as the easiest:

        activity = activity x (1 + keenness x (1 - 2 x resistance))
        activity = activity x (1 + keenness) for founders

        Members of the seed group (founders) post more than they otherwise would, and start with
        more interest and trust:

        contribution = contribution x founder_contribution
        interest     = max(first_interest, founder_interest)
        trust        = max(first_trust, founder_trust)

        A gift, if there is one, is redeemed with probability `gift_redemption`, and then:

        warmth = gift_warmth x sat(welcome_gift, gift_half)
        interest += warmth x (1 - interest)
        trust    += warmth x (1 - trust)

        Then bad press reduces trust, and a newcomer finds the community nearly as familiar as its
        visitors do:

        trust -= bad press x trust
        novelty = 1 - inherited_novelty x (1 - novelty of the community)
        expectation = first_expectation
        voice = 0.5

        All other states start at 0. The trait first_trust remains the level to which trust returns.
        """
        community = self.model
        p = community.p
        traits = community.market.traits(self.person)
        if p.keenness > 0.0:
            keen = 1.0 if self.founder else 1.0 - 2.0 * community.market.resistance(self.person)
            trait, activity = TRAITS["activity"], traits["activity"] * (1.0 + p.keenness * keen)
            traits["activity"] = min(max(activity, trait.low), trait.high)
        if self.founder:
            contribution = traits["contribution"] * p.founder_contribution
            traits["contribution"] = min(contribution, TRAITS["contribution"].high)
            least = {"first_interest": p.founder_interest, "first_trust": p.founder_trust}
            traits |= {name: max(traits[name], least[name]) for name in least}
        interest, trust = traits["first_interest"], traits["first_trust"]
        gift = self.levers.welcome_gift
        if gift > 0.0 and self.uniforms(Purpose.GIFT)[0] < p.gift_redemption:
            warmth = p.gift_warmth * saturating(gift, p.gift_half)
            interest += warmth * (1.0 - interest)
            trust += warmth * (1.0 - trust)
            community.today["gifts"] += 1
            community.today["cost_gifts"] += cents(gift)
        self.activity, self.contribution = traits["activity"], traits["contribution"]
        self.taste, self.power = traits["taste"], traits["power"]
        self.forgetfulness = traits["forgetfulness"]
        self.first_trust = community.market.traits(self.person)["first_trust"]
        self.interest, self.trust = interest, trust * (1.0 - community.bad_press)
        self.habit = self.fatigue = self.standing = 0.0
        self.reward_norm = self.coupon_norm = self.push_norm = self.need_used = 0.0
        self.recognised = self.stirred = self.scar = 0.0
        self.lift = 1.0  # by which today's pushes multiply the chance to visit
        self.expectation, self.voice = p.first_expectation, 0.5
        self.novelty = 1.0 - p.inherited_novelty * (1.0 - community.novelty)

    # Properties

    def uniforms(self, purpose: Purpose, k: int = 0) -> list[float]:
        """Four uniform random numbers in (0, 1), which belong to this member, day and purpose.

        A purpose can have any number of such quadruples a day; k is the number of the quadruple.
        """
        community = self.model
        four = words(community.seed, purpose, community.day, self.person, k)
        return [uniform_from(word) for word in four]

    def lot_for(self, person: int) -> tuple[int, int]:
        """A random rank among today's inviters of a person; the greatest is the inviter."""
        word = words(self.model.seed, Purpose.INVITER, self.model.day, self.person, person)[0]
        return word, -self.person

    def lot_of_visit(self) -> tuple[float, int]:
        """A random rank among today's repliers to an author; the greatest becomes a tie."""
        return self.uniforms_of_visit[3], -self.person

    @property
    def cell(self) -> int:
        """The cell of the member: members of the same segment, arm and newcomer status have the
        same levers.

        cell = 2 x group + 1 for a newcomer, + 0 for others
        """
        return 2 * self.group + self.is_newcomer

    @property
    def is_newcomer(self) -> bool:
        """Whether the member joined less than `newcomer_days` (set in the scenario) ago."""
        return self.model.day - self.joined_day < self.model.newcomer_days

    @property
    def group(self) -> int:
        """Segment and arm as one number."""
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
        """Whether a current member has not visited for 28 days or more."""
        absence = self.model.day - self.last_visit
        return self.status != LEFT and absence >= DORMANT_AFTER
