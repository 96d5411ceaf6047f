"""The readable reference: the model of `comsim.kernel` a second time, in plain Python over Mesa.

    community = ReferenceCommunity(scenario, seed=1)
    community.run()

`people` has who could join, `model` has the members and the day: read it top to bottom. It gives
the same numbers as the kernel, to the last bit, and takes several hundred times as long.
"""

from comsim.reference.model import Member, ReferenceCommunity

__all__ = ["Member", "ReferenceCommunity"]
