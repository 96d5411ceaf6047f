"""Roles: a member's role in the community, derived from its behaviour. Part of `learn`.

Roles are derived, not chosen. Only the role of volunteer has effects (see Empower, `keenness`).
Lever: `empowerment`. Counts: one per role.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.member import DORMANT_AFTER, ReferenceMember

LURKER, CONTRIBUTOR, EXPERT, EVANGELIST, COORDINATOR, VOLUNTEER = range(6)

# The daily column that counts the members of each role.
COLUMN = {
    LURKER: "lurkers",
    CONTRIBUTOR: "contributors",
    EXPERT: "experts",
    EVANGELIST: "evangelists",
    COORDINATOR: "coordinators",
    VOLUNTEER: "volunteers",
}


def role_of(member: ReferenceMember) -> int:
    """The rarest role that applies to a visitor, from rare to frequent:

    - volunteer: an expert, evangelist or coordinator who takes on work
    - coordinator: at least `coordinator_replies` replies written, `coordinator_ties` ties and
      `coordinator_trust` trust
    - evangelist: at least `evangelist_recruits` recruits
    - expert: a contributor with at least `expert_posts` posts and `expert_standing` standing
    - contributor: has posted in the last 28 days
    - lurker: any other member
    """
    p = member.model.p
    posting = member.last_post >= 0 and member.model.day - member.last_post < DORMANT_AFTER
    expert = posting and member.posts >= p.expert_posts and member.standing >= p.expert_standing
    evangelist = member.recruits >= p.evangelist_recruits
    coordinator = (
        member.replies_given >= p.coordinator_replies
        and member.bonds >= p.coordinator_ties
        and member.trust >= p.coordinator_trust
    )
    if (expert or evangelist or coordinator) and takes_on_work(member):
        return VOLUNTEER
    if coordinator:
        return COORDINATOR
    if evangelist:
        return EVANGELIST
    if expert:
        return EXPERT
    return CONTRIBUTOR if posting else LURKER


def takes_on_work(member: ReferenceMember) -> bool:
    """Whether a possible volunteer becomes one: they must be willing, trusting and not tired.

    - willing: u < volunteer_share x empowerment, with a fixed u for each person
    - trusting: trust of at least `volunteer_trust`
    - not tired: fatigue below `volunteer_fatigue`
    """
    p, market = member.model.p, member.model.market
    willing = p.volunteer_share * member.model.levers[0].empowerment
    return (
        market.uniforms(Purpose.VOLUNTEER, member.person)[0] < willing
        and member.trust >= p.volunteer_trust
        and member.fatigue < p.volunteer_fatigue
    )
