"""A community as a Mesa model that runs at the speed of the compiled kernel: docs/mesa.md.

    community = Community("scenarios/brand_launch.toml", seed=1)
    community.step()
    community.agents.select(lambda member: member.trust < 0.3).set("trust", 0.5)

Modules, each importing only those before it: library, fields, views, compiled, members, community.
"""

from comsim.mesa_model.community import Community
from comsim.mesa_model.members import Member, MemberSet

__all__ = ["Community", "Member", "MemberSet"]
