"""Empower: volunteers take work off the operator.

Lever: `empowerment`. Outcome: staff cost, and trust, voice and fatigue of volunteers; that they
reply more stands in `keenness`. Counts: `self_organised`, `cost_empowerment`.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.roles import VOLUNTEER
from comsim.reference.member import ReferenceMember, saturating
from comsim.reference.rounding import cents, fixed


def empower(community: CommunityState) -> None:
    """Volunteers who visit are at work, and do a share of what staff is paid for.

    share = volunteer_relief x empowerment x sat(volunteers of 100 visitors, volunteer_half)

    Each at work costs `volunteer_cost`. Who is a volunteer was settled on the last visit
    (see Roles).
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
    """A day's work makes a volunteer proud, and tired.

    trust   += volunteer_pride x empowerment x (1 - trust), and voice alike
    fatigue += volunteer_effort x empowerment x (1 - fatigue)
    """
    p = member.model.p
    pride, effort = p.volunteer_pride * empowerment, p.volunteer_effort * empowerment
    member.trust += pride * (1.0 - member.trust)
    member.voice += pride * (1.0 - member.voice)
    member.fatigue += effort * (1.0 - member.fatigue)
