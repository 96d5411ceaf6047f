"""Arrive: the operator recruits people, and members invite others.

Levers: `seed_group`, `intake`, `referral_reward`; also `entry_fee` (see Membership) and
`newcomer_reward` (see Share). Counts: `joined`, `joined_invited`, `invitations`,
`cost_recruitment`, `cost_fission`, `declined`.
"""

from __future__ import annotations

from collections import defaultdict

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.membership import accepts, charge_entry
from comsim.reference.mechanisms.share import counts_as, shares
from comsim.reference.mechanisms.trust import bearing
from comsim.reference.member import LEFT, ReferenceMember, saturating
from comsim.reference.rounding import cents, whole_of

MOST_INVITATIONS = 255  # invitations of a person that are counted, at most


def arrive(community: CommunityState) -> None:
    """The operator recruits people; then yesterday's visitors invite others.

    First comes the seed group, of the size that the lever gives (usually on day 0), then `intake`
    people per day; fractions carry over until they make a whole person. Each costs `recruit_cost`.
    """
    levers = community.levers[0]
    recruited = recruit(community, int(levers.seed_group), founders=True)
    community.intake_carry += levers.intake
    whole = whole_of(community.intake_carry)
    community.intake_carry -= whole
    recruited += recruit(community, whole)
    community.today["cost_recruitment"] += recruited * cents(community.p.recruit_cost)
    spread_the_word(community)


def recruit(community: CommunityState, number: int, founders: bool = False) -> int:
    """The next people of the queue join. People who have ever joined are skipped.

    Returns the number of people recruited, including those who declined because of the entry fee.
    The seed group does not pay it. People who declined are not recruited again.
    """
    recruited, fee = 0, 0.0 if founders else community.levers[0].entry_fee
    while recruited < number and community.next_in_queue < community.market.size:
        person = community.market.queue(community.next_in_queue)
        community.next_in_queue += 1
        if person not in community.joined:
            recruited += 1
            if accepts(community, person, fee):
                join(community, person, fee, founder=founders)
            else:
                community.today["declined"] += 1
    return recruited


def join(
    community: CommunityState,
    person: int,
    fee: float,
    inviter: ReferenceMember | None = None,
    founder: bool = False,
) -> ReferenceMember:
    """A person becomes a member, invited by another member or recruited by the operator, and pays
    the entry fee, if any."""
    member = ReferenceMember(community, person, inviter, founder)
    charge_entry(member, fee)
    community.today["joined"] += 1
    community.everyone.append(member)
    community.joined.add(person)
    community.note("join", member, inviter)
    return member


def spread_the_word(community: CommunityState) -> None:
    """People join once they have received enough invitations.

    All invitations that a person has ever received count. Each of yesterday's visitors may invite
    one contact, and each of yesterday's buyers one more. Of today's inviters of a newcomer, one is
    drawn at random as the newcomer's inviter and receives `referral_reward`; the newcomer receives
    `newcomer_reward`.

    Newcomers join in the order in which their first inviter joined: first people invited by
    visitors, then people invited by buyers.
    """
    # The inviters of each person today, and the position of the first in the order of joining.
    inviters, first, fee = defaultdict(list), {}, community.levers[0].entry_fee
    for after_order, members, chosen in (
        (False, community.visitors, invites),
        (True, community.buyers, shares),
    ):
        for member in community.each(members):
            if member.status == LEFT or (person := chosen(member)) is None:
                continue
            inviters[person].append(member)
            place = after_order, member.row
            first[person] = min(first.get(person, place), place)
            had = community.invited[person] + counts_as(member, after_order)
            community.invited[person] = min(had, MOST_INVITATIONS)
            community.today["invitations"] += 1
            community.today["invitations_shared"] += after_order
    for person in sorted(inviters, key=first.get):
        if community.invited[person] < community.market.invitations_needed(person):
            continue
        if not accepts(community, person, fee):
            community.today["declined"] += len(inviters[person])  # to each of them
            continue
        inviter = max(inviters[person], key=lambda member: member.lot_for(person))
        inviter.recruits += 1
        join(community, person, fee, inviter)
        community.today["joined_invited"] += 1
        community.today["cost_recruitment"] += cents(inviter.levers.referral_reward)
        community.today["cost_fission"] += cents(inviter.levers.newcomer_reward)


def invites(member: ReferenceMember) -> int | None:
    """The person whom one of yesterday's visitors invites, if any.

    chance = invitation_rate x (1 - bad press) x interest
             x bearing(trust_invitations, trust) x (1 - talk_of_new x (1 - novelty))
             x (1 + referral_pull x sat(referral_reward, referral_half))

    One contact is drawn at random. If this contact has ever joined, nobody is invited.
    """
    p = member.model.p
    reward = member.levers.referral_reward
    chance = (
        p.invitation_rate
        * (1.0 - member.model.bad_press)
        * member.interest
        * bearing(p.trust_invitations, member.trust)
        * (1.0 - p.talk_of_new * (1.0 - member.novelty))
        * (1.0 + p.referral_pull * saturating(reward, p.referral_half))
    )
    _, wants, which, _ = member.uniforms_of_visit
    if wants >= chance:
        return None
    other = member.model.market.acquaintance(member.person, which)
    return None if other is None or other in member.model.joined else other
