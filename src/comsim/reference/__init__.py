"""The readable reference: the model of `comsim.model.kernel` a second time, in plain Python over
Mesa.

    community = ReferenceCommunity(scenario, seed=1)
    community.run()

Read it in this order: `people` (who can join), `member` and `community` (the state), `day` (the
order of the steps of a day), and then these steps, one file each: `decide`, `arrive`, `visit`,
`publish`, `read`, `learn`, `leave`, `settle`, `observe`. The folder `mechanisms` contains the
optional mechanisms, one file each, which are steps of the day or are called by them. `ties` and
`rounding` are helpers. The docstring of a file lists its levers, and the counts and states that it
changes.

This is the same model as the compiled one, written a second time from its meaning. A test checks
that both produce identical results, to the last bit. For that reason:

- A member's state is rounded to single precision when it is stored (`Single`), and only then.
  The computations of all members on every day (`visit`) use single precision throughout.
- Random numbers are keyed: each is a pure function of the seed, its purpose, the day and the
  person, so the order in which they are drawn does not matter.
- Sums over members are sums of integers (`fixed`), and money is in whole cents (`cents`).

The reference is several hundred times slower.

Notation in docstrings: the name of a parameter, lever or state stands for its value (they are
declared, with their meaning, in `comsim.model.kernel`, and collected in `comsim.model.catalogue`);
u is a uniform random number in (0, 1); sat(x, half) = x / (x + half), see `member.saturating`;
`state += rate x (1 - state)` moves a state towards 1 by a share `rate` of the distance. In the
code, `p` holds the parameters, `levers` today's settings, and `today` the counts of the day.
"""

from comsim.reference.day import ReferenceCommunity
from comsim.reference.member import ReferenceMember

__all__ = ["ReferenceCommunity", "ReferenceMember"]
