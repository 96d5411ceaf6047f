"""How each effect of a lever, and each base rate, is measured in a world.

../trials.toml   experiments by lot and on whole communities, as data; `spec` reads them
runs             the runs of a community: its twin, its arms by lot, everybody
tally            what each member has done by certain ages, without an event table
effects          from counts to effects
own/             measures of their own
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import isfinite

from comsim.evidence.trials.effects import by_lot, difference
from comsim.evidence.trials.own import OWN
from comsim.evidence.trials.runs import Which, run
from comsim.evidence.trials.spec import EFFECT, LESS, Trial, missing, trials
from comsim.evidence.world import FactWorld

Figures = Mapping[str, float | None]


def measure(trial: Trial, world: FactWorld) -> Figures:
    """The effect in the unit of the band and, beside it:

    - `rest`: the effect on those who did not get the treatment, in the same unit, if it was by lot
    - `whole`: the change in the community's total if everybody gets it, in percent, from its first
      day to the last day measured
    - effects on other days, by name

    None for a figure that does not exist, such as a change in percent of what never happens.
    """
    twin, everybody, lot = (
        run(trial.community, Which(*which), world)
        for which in ((), (trial.treatment.name,), (trial.treatment.name, trial.by_lot))
    )
    totals = (one.total(trial, trial.span) for one in (twin, everybody))
    figures = {"whole": difference(*totals, "%")}
    # The effect on one subset less that on another: percentage points between effects in percent.
    unit = "%" if trial.less else trial.unit
    for name, days, _ in trial.figures:
        if trial.who == "community":
            first = trial.treatment.days[0]
            pair = (one.total(trial, (first + days[0], first + days[1])) for one in (twin, lot))
        else:
            pair = [one.figures[trial.id, name] for one in (twin, lot)]
            if trial.by_lot:
                effect, rest = by_lot(*pair, unit, trial.price)
                figures |= {name: effect} | ({"rest": rest} if name == EFFECT else {})
                continue
            pair = (one[-1] for one in pair)
        figures[name] = difference(*pair, unit, trial.price)
    if trial.less:
        figures[EFFECT] -= figures.pop(LESS)
    return {name: value if isfinite(value) else None for name, value in figures.items()}


TRIALS: dict[str, Callable[[FactWorld], Figures]] = {
    **{id: partial(measure, trial) for id, trial in trials().items()},
    **OWN,
}
MISSING = missing()
"""What the model lacks to express an effect, in each language, by id."""
