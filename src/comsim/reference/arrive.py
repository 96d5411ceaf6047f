"""Arrive: the operator recruits people, and members invite others.

Levers: `seed_group`, `intake`, `referral_reward`; also `entry_fee` (see Membership) and
`newcomer_reward` (see Persuade). Counts: `joined`, `joined_invited`, `invitations`,
`cost_recruitment`, `cost_fission`, `declined`.
"""

from __future__ import annotations

from collections import defaultdict

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.membership import accepts, charge_entry
from comsim.reference.mechanisms.persuade import day_of_joining, persuades
from comsim.reference.mechanisms.share import shares
from comsim.reference.mechanisms.trust import bearing
from comsim.reference.member import LEFT, ReferenceMember, saturating
from comsim.reference.rounding import cents, whole_of


def arrive(community: CommunityState) -> None:
    """The operator recruits people; then yesterday's visitors invite others.

    First comes the seed group, then `intake` people per day; fractions carry over until they make a
    whole person. Each costs `recruit_cost`.
    """
    recruited = found(community)
    community.intake_carry += community.levers[0].intake
    whole = whole_of(community.intake_carry)
    community.intake_carry -= whole
    recruited += recruit(community, whole)
    community.today["cost_recruitment"] += recruited * cents(community.p.recruit_cost)
    spread_the_word(community)


def found(community: CommunityState) -> int:
    """The seed group comes, of the size that the lever gives (usually on day 0).

    It may trickle in: of those who are still to come, today come

    number = still to come / founder_days

    Fractions carry over. Nobody comes once the owner has stopped. Returns the number recruited.
    """
    community.founders += int(community.levers[0].seed_group)
    if community.stopped or community.founders == 0:
        community.founder_carry = 0.0
        return 0
    community.founder_carry += community.founders / community.p.founder_days
    number = min(whole_of(community.founder_carry), community.founders)
    community.founder_carry -= number
    community.founders -= number
    return recruit(community, number, founders=True)


def recruit(community: CommunityState, number: int, founders: bool = False) -> int:
    """The next people of the queue join. People who are not outside are skipped.

    Returns the number of people recruited, including those who declined because of the entry fee.
    The seed group does not pay it. People who declined are not recruited again.
    """
    recruited, fee = 0, 0.0 if founders else community.levers[0].entry_fee
    while recruited < number and community.next_in_queue < community.market.size:
        person = community.market.queue(community.next_in_queue)
        community.next_in_queue += 1
        if community.is_outside(person):
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
    """Members invite contacts, and those whom an invitation persuades join after a lag.

    Each of yesterday's visitors may invite one contact, and each of yesterday's buyers one more. Of
    those who persuade a person today, one is drawn at random as the inviter. Until they join,
    persuaded people wait: nobody invites or recruits them.
    """
    # Who persuaded each person, and the position of the first in the order of joining.
    inviters, first = defaultdict(list), {}
    for after_order, members, chosen in (
        (False, community.visitors, invites),
        (True, community.buyers, shares),
    ):
        for member in community.each(members):
            if member.status == LEFT or (person := chosen(member)) is None:
                continue
            community.today["invitations"] += 1
            community.today["invitations_shared"] += after_order
            if persuades(member, person):
                inviters[person].append(member)
                place = after_order, member.row
                first[person] = min(first.get(person, place), place)
    for person in sorted(inviters, key=first.get):
        inviter = max(inviters[person], key=lambda member: member.lot_for(person))
        community.inviter_of[person] = inviter
        community.waiting[day_of_joining(community, person)].append(person)
    come(community)


def come(community: CommunityState) -> None:
    """Persuaded people who are due today join: the last one persuaded comes first.

    The order of being persuaded is that of days and, on one day, that in which the first member who
    persuaded a person joined: first people invited by visitors, then people invited by buyers. The
    inviter receives `referral_reward`, unless they have left, and the newcomer `newcomer_reward`.
    """
    fee = community.levers[0].entry_fee
    for person in reversed(community.waiting.pop(community.day, [])):
        inviter = community.inviter_of.pop(person)
        if not accepts(community, person, fee):
            community.today["declined"] += 1
            continue
        inviter.recruits += 1
        join(community, person, fee, inviter)
        community.today["joined_invited"] += 1
        if inviter.status != LEFT:
            community.today["cost_recruitment"] += cents(inviter.levers.referral_reward)
        community.today["cost_fission"] += cents(inviter.levers.newcomer_reward)


def invites(member: ReferenceMember) -> int | None:
    """The person whom one of yesterday's visitors invites, if any.

    chance = invitation_rate x (1 - bad press) x interest
             x bearing(trust_invitations, trust) x (1 - talk_of_new x (1 - novelty))
             x (1 + referral_pull x sat(referral_reward, referral_half))

    One contact is drawn at random. If this contact is not outside, nobody is invited.
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
    return None if other is None or not member.model.is_outside(other) else other
