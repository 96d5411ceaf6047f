"""A member: traits, state, ties, random numbers. The functions of the day say what members do.

Parameters: those of the seed group (`founder_...`), of the welcome gift (`gift_...`),
`first_expectation`, `inherited_novelty`. Lever: `welcome_gift`. Counts: `gifts`, `cost_gifts`,
`dormant`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import mesa

from comsim.model.catalogue import TRAITS
from comsim.model.rng import Purpose, uniform_from, words
from comsim.reference.rounding import Single, cents

ACTIVE, MUTED, LEFT = 0, 1, 2
DORMANT_AFTER = 28  # days without a visit, from which on a member counts as dormant
TIE_SLOTS, STRONGEST = 6, 255  # ties that a member can have, and the greatest strength of one
GOOD, TOXIC, OFF_TOPIC, SPAM = range(4)  # kinds of posts


def saturating(amount: float, half: float) -> float:
    """Diminishing returns: 0 for nothing, 1/2 for `half`, near 1 for very much.

    sat(amount, half) = amount / (amount + half)
    """
    return amount / (amount + half)


class Post:
    """A member's post of today; nobody reads it later.

    Its quality is u, whoever writes, and 0 if it is off topic or spam.
    """

    quality = Single()  # 0 to 1
    topic = Single()  # place on the circle of topics, 0 to 1

    def __init__(self, author: ReferenceMember, quality: float):
        self.author, self.quality = author, quality
        self.standing = author.standing  # how popular it looks
        self.replies = 0  # by members
        self.topic, self.kind = 0.0, GOOD
        self.removed = False  # by a moderator, before anybody read it

    @property
    def fits_nobody(self) -> bool:
        """Whether it is off topic or spam, and so worth nothing to anybody."""
        return self.kind in (OFF_TOPIC, SPAM)


@dataclass(eq=False)
class VisitRecord:
    """What a member saw and did today. The value is how much the visit gave, from 0 to 1.

    Answers by the staff and benefits of paying members come on top of what was read.
    """

    ads: int  # that were shown
    official: int  # posts of the operator that were read
    members: int  # members' posts that were read
    lost: int  # friends who were found to have left
    value: float  # 0 to 1, see `read_feed`
    replied_to: list[Post]
    toxic: int  # toxic posts that were read


@dataclass(eq=False)
class Tie:
    """A friend, and how strong the tie is: it grows by one with each reply or meeting."""

    friend: ReferenceMember
    strength: int = 1


class ReferenceMember(mesa.Agent):
    """Somebody who has joined: active, muted (hears no more of pushes and events) or gone."""

    # Traits, for life.
    activity = Single()  # visits a day at full drive
    contribution = Single()  # posts a visit at full interest
    taste = Single()  # share of a visit's value that comes from members
    power = Single()  # purchasing power, multiple of the order value
    forgetfulness = Single()  # multiple of the rate at which interest fades
    # State, all of it from 0 to 1.
    interest = Single()  # in the community
    trust = Single()  # in its operator
    habit = Single()  # of visiting
    fatigue = Single()  # from ads, official posts, pushes, tasks, work
    expectation = Single()  # of the value of a visit
    novelty = Single()  # how much of the community is still new to this member
    voice = Single()  # confidence to post; 0.5 is that of who has never posted
    standing = Single()  # how much the member's posts are replied to, smoothed
    reward_norm = Single()  # contribution reward that is counted on, by its effect: sat(reward)
    coupon_norm = Single()  # coupon that is counted on, share of the price
    push_norm = Single()  # pushes that the member is used to, by their effect: sat(pushes)
    need_used = Single()  # need for the product that was used up, on the evening of `need_day`
    recognised = Single()  # recognition that the member has grown used to

    def __init__(
        self,
        community: mesa.Model,
        person: int,
        inviter: ReferenceMember | None = None,
        founder: bool = False,
    ):
        """A person joins. The seed group is picked for its zeal; a gift warms who redeems it.

        Interest and trust begin at the traits first_interest and first_trust. In the seed group
        (founder) a person posts and visits more than by nature, and is warm from the start:

        activity     = activity x founder_activity
        contribution = contribution x founder_contribution
        interest     = max(first_interest, founder_interest)
        trust        = max(first_trust, founder_trust)

        A gift, if there is one, is redeemed with chance `gift_redemption`, and then:

        warmth = gift_warmth x sat(welcome_gift, gift_half)
        interest += warmth x (1 - interest)
        trust    += warmth x (1 - trust)

        After that, bad press takes its share of trust, and a newcomer finds the community nearly
        as used up as those who visit it do:

        trust -= bad press x trust
        novelty = 1 - inherited_novelty x (1 - novelty of the community)
        expectation = first_expectation
        voice = 0.5

        All other states begin at 0.
        """
        super().__init__(community)
        p, market = community.p, community.market
        self.person = person
        self.row = len(community.everyone)  # order of joining
        self.segment, self.arm = market.segment_and_arm(person)
        self.joined_day, self.inviter = community.day, inviter

        self.status = ACTIVE
        self.subgroup = 0
        # Joining counts as the last visit, so that absence can be told; -1 is never.
        self.left_day, self.last_post, self.last_visit = -1, -1, community.day
        self.visits = self.posts = self.replies_received = self.ordered = 0
        self.need_day = self.paid_until = 0  # days
        self.earned = 0  # cents that this member has brought in
        self.role = self.recruits = self.replies_given = 0
        self.slots: list[Tie | None] = [None] * TIE_SLOTS
        self.todays_posts: list[Post] = []
        self.visit: VisitRecord | None = None

        traits = market.traits(person)
        if founder:
            more = {"activity": p.founder_activity, "contribution": p.founder_contribution}
            least = {"first_interest": p.founder_interest, "first_trust": p.founder_trust}
            traits |= {name: min(traits[name] * more[name], TRAITS[name].high) for name in more}
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
        self.interest, self.trust = interest, trust * (1.0 - community.bad_press)
        self.habit = self.fatigue = self.standing = 0.0
        self.reward_norm = self.coupon_norm = self.push_norm = self.need_used = 0.0
        self.recognised = 0.0
        self.lift = 1.0  # what today's pushes multiply the chance to visit by
        self.expectation, self.voice = p.first_expectation, 0.5
        self.novelty = 1.0 - p.inherited_novelty * (1.0 - community.novelty)

    # What is known of a member.

    def uniforms(self, purpose: Purpose, k: int = 0) -> list[float]:
        """Four uniform random numbers in (0, 1): this member's own for a purpose today.

        One purpose has as many draws of four a day as are asked for; k is the number of the draw.
        """
        community = self.model
        four = words(community.seed, purpose, community.day, self.person, k)
        return [uniform_from(word) for word in four]

    def lot_for(self, person: int) -> tuple[int, int]:
        """Who competes for having brought a person today draws a lot; the greatest wins."""
        word = words(self.model.seed, Purpose.INVITER, self.model.day, self.person, person)[0]
        return word, -self.person

    def lot_of_visit(self) -> tuple[float, int]:
        """A lot of the day for who replies to an author; the greatest becomes the author's tie."""
        return self.uniforms_of_visit[3], -self.person

    @property
    def cell(self) -> int:
        """Members of one cell have the same levers: those of a segment, arm and newness.

        cell = 2 x group + 1 for a newcomer, + 0 for others
        """
        return 2 * self.group + self.is_newcomer

    @property
    def is_newcomer(self) -> bool:
        """Whether the member joined less than `newcomer_days` ago (a number of the scenario)."""
        return self.model.day - self.joined_day < self.model.newcomer_days

    @property
    def group(self) -> int:
        """Segment and arm in one number."""
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
        """Inside, but without a visit for 28 days or more."""
        absence = self.model.day - self.last_visit
        return self.status != LEFT and absence >= DORMANT_AFTER
