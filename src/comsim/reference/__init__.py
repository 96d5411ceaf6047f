"""The readable reference: the model of `comsim.kernel` a second time, in plain Python over Mesa.

    community = ReferenceCommunity(scenario, seed=1)
    community.run()

`people` has who could join, `member` what a member is and does, `day` the day of the community:
read them in that order. It gives the same numbers as the kernel, to the last bit, and takes several
hundred times as long.
"""

from comsim.reference.day import ReferenceCommunity
from comsim.reference.member import Member

__all__ = ["Member", "ReferenceCommunity"]
