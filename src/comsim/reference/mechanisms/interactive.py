"""Interactive posts: official posts that call on members to take part. Part of `publish`.

Lever: `interactivity`. Outcome: how much members post. Count: `cost_interactive`.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.member import ReferenceMember, saturating
from comsim.reference.rounding import cents, single


def pay_for_calls(community: CommunityState) -> None:
    """The operator pays for each call, for the number in the cell with the most calls.

    cost = interactive_cost x calls
    """
    most = max(calls_in(community, cell) for cell in range(len(community.levers)))
    community.today["cost_interactive"] = cents(community.p.interactive_cost * most)


def calls_in(community: CommunityState, cell: int) -> float:
    """Today's interactive posts in a cell: a share of its official posts, not a whole number.

    calls = interactivity x official posts
    """
    return community.levers[cell].interactivity * community.official_posts[cell]


def contribution_today(member: ReferenceMember) -> float:
    """A member's contribution, raised by interactive posts.

    contribution today = contribution x (1 + interactive_pull x sat(calls, interactive_half))
    """
    p, calls = member.model.p, calls_in(member.model, member.cell)
    pull = p.interactive_pull * saturating(calls, p.interactive_half)
    return single(member.contribution * (1.0 + pull))
