"""How each effect of a lever, and each base rate, is measured in a world.

../trials.toml   experiments by lot and on whole communities, as data; `spec` reads them
runs             the runs of a community: without a treatment, for half of it by lot, for everybody
tally            what each member has done by certain ages, without an event table
effects          from counts to effects
measure          the effect of a trial, on the rest and on the whole
words            a trial in a sentence
optimum          the best of several levels of pushes
own/             measures of their own
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
"""How an effect is tried, in a sentence in each language, by id."""
MISSING = texts("missing")
"""What the model lacks to express an effect, in each language, by id."""
