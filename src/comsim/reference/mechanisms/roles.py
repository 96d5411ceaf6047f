"""Roles: what a member has come to be for the others, read from what it does. Part of `learn`.

Roles are read off, not chosen; only that of a volunteer has effects (see Empower, `keenness`).
Lever: `empowerment`. Counts: one a role.
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
    """The rarest of the roles that a visitor's deeds so far come to; from rare to frequent:

    - volunteer: expert, evangelist or coordinator, and takes on work
    - coordinator: has written `coordinator_replies`, and has `coordinator_ties` and
      `coordinator_trust`, all at least
    - evangelist: has brought `evangelist_recruits` at least
    - expert: posts, has written `expert_posts` and has `expert_standing` at least
    - contributor: posts; that is, has posted in the last 28 days
    - lurker: any other
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
    """Whether one who could be a volunteer is one: trusting, not tired, and willing by nature.

    - willing: u < volunteer_share x empowerment, where u is the person's for life
    - trusting: trust of `volunteer_trust` at least
    - not tired: fatigue below `volunteer_fatigue`
    """
    p, market = member.model.p, member.model.market
    willing = p.volunteer_share * member.model.levers[0].empowerment
    return (
        market.uniforms(Purpose.VOLUNTEER, member.person)[0] < willing
        and member.trust >= p.volunteer_trust
        and member.fatigue < p.volunteer_fatigue
    )
