"""Empower: volunteers do part of the staff's work.

Lever: `empowerment`. Outcome: staff cost, and trust, voice and fatigue of volunteers; for
their replies see `keenness`. Counts: `self_organised`, `cost_empowerment`.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.roles import VOLUNTEER
from comsim.reference.mechanisms.trust import lift
from comsim.reference.member import ReferenceMember, saturating
from comsim.reference.rounding import cents, fixed


def empower(community: CommunityState) -> None:
    """Visiting volunteers work, and take over a share of the staff's work.

    share = volunteer_relief x empowerment x sat(volunteers per 100 visitors, volunteer_half)

    Each working volunteer costs `volunteer_cost`. The role of volunteer was determined on the last
    visit (see Roles).
    """
    p, empowerment = community.p, community.levers[0].empowerment
    volunteers = [member for member in community.visitors if member.role == VOLUNTEER]
    if empowerment == 0.0 or not volunteers:
        return
    for member in community.each(volunteers):
        work(member, empowerment)
    of_hundred = 100.0 * len(volunteers) / len(community.visitors)
    share = p.volunteer_relief * empowerment * saturating(of_hundred, p.volunteer_half)
    community.today["self_organised"] = fixed(share)
    community.today["cost_empowerment"] = len(volunteers) * cents(p.volunteer_cost)


def work(member: ReferenceMember, empowerment: float) -> None:
    """A day's work raises a volunteer's trust and voice, and tires the volunteer.

    voice   += volunteer_pride x empowerment x (1 - voice); trust is lifted by as much
    fatigue += volunteer_effort x empowerment x (1 - fatigue)
    """
    p = member.model.p
    pride, effort = p.volunteer_pride * empowerment, p.volunteer_effort * empowerment
    lift(member, pride)
    member.voice += pride * (1.0 - member.voice)
    member.fatigue += effort * (1.0 - member.fatigue)
