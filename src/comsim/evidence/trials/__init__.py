"""How effects of levers and base rates are measured in a world.

../trials.toml   randomised experiments and those on whole communities, as data; read by `spec`
runs             a community without a treatment, with it for a random half, and for everybody
tally            what each member has done by certain ages, without an event table
effects          effects from counts
measure          the effect of a trial on the treated, on the rest and on the whole community
words            a trial described in a sentence
optimum          the best of several levels of pushes
own/             effects that need their own measures
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from comsim.evidence.trials import optimum
from comsim.evidence.trials.measure import measure
from comsim.evidence.trials.own import OWN
from comsim.evidence.trials.spec import texts, trials
from comsim.evidence.trials.words import sentences
from comsim.evidence.world import FactWorld

TRIALS: dict[str, Callable[[FactWorld], Mapping[str, float | None]]] = {
    **{id: partial(measure, trial) for id, trial in trials().items()},
    "email_optimum": optimum.pushes,
    **OWN,
}
SCENARIOS = texts("scenarios") | {id: sentences(trial) for id, trial in trials().items()}
"""How each effect is tested, as a sentence in each language, by id."""
MISSING = texts("missing")
"""What the model lacks to express an effect, in each language, by id."""
