"""The readable reference: the model of `comsim.model.kernel` a second time, in plain Python over
Mesa.

    community = ReferenceCommunity(scenario, seed=1)
    community.run()

Read it in this order: `people`, who could join; `member`, what is known of somebody who has;
`community`, the order of a day; then the functions of the day, each a file: `decide`, `arrive`,
`visit`, `publish`, `read`, `learn`, `leave`, `settle`, `observe`; and in `mechanisms` what a
scenario may use besides, each a file, called by the functions of the day or between them. `ties`
and `rounding` serve them. The docstring of a file says which levers act there, and which counts and
states come of it.

It is the same model as the compiled one, written a second time from its meaning; a test holds the
two together to the last bit. So that they can agree:

- A member's state is rounded to single precision when it is stored (`Single`), and only then.
- Luck is keyed: a draw is a pure function of the seed, its purpose, the day and the person, so
  it does not matter who draws first.
- Sums over members are sums of integers (`fixed`), money is whole cents (`cents`).

It takes several hundred times as long.

Symbols, in docstrings: a name of a parameter, lever or state stands for its value (they are
declared in `comsim.model.kernel`, with their meaning, and gathered in `comsim.model.catalogue`); u
is a uniform number in (0, 1); sat(x, half) = x / (x + half), see `member.saturating`;
`state += rate x (1 - state)` moves a state a share of the way to 1. In the code, p holds the
parameters, `levers` the operator's settings of today, and `today` the counts of the day.
"""

from comsim.reference.day import ReferenceCommunity
from comsim.reference.member import ReferenceMember

__all__ = ["ReferenceCommunity", "ReferenceMember"]
