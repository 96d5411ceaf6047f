"""The effect of a trial in a world: on the treated, on the rest, and on the whole community."""

from __future__ import annotations

from collections.abc import Mapping

from comsim.evidence.trials.effects import by_lot, difference, finite
from comsim.evidence.trials.runs import Outcomes, Which, run
from comsim.evidence.trials.spec import EFFECT, LESS, Days, Trial
from comsim.evidence.world import FactWorld


def measure(trial: Trial, world: FactWorld) -> Mapping[str, float | None]:
    """The effect in the unit of the band and, in addition:

    - `rest`: the effect on people without the treatment, in the same unit, if it is randomised and
      not a difference between two subsets
    - `whole`: the change in the community's total if everybody gets the treatment, in percent, from
      its first day to the last day measured
    - effects on other days, by name

    None for a figure that does not exist, such as a change in percent from 0.
    """
    name = trial.treatment.name
    runs = (Which(), Which(name, trial.by_lot))
    twin, treated = (run(trial.community, which, world) for which in runs)
    figures = {}
    if world.whole:
        everybody = run(trial.community, Which(name), world)
        totals = (one.total(trial, trial.span) for one in (twin, everybody))
        figures["whole"] = difference(*totals, "%")
    for name, days, _ in trial.figures:
        figures |= _effect(trial, name, days, twin, treated)
    if trial.less:
        figures[EFFECT] -= figures.pop(LESS)
    return {name: finite(value) for name, value in figures.items()}


def _effect(
    trial: Trial, name: str, days: Days, twin: Outcomes, treated: Outcomes
) -> dict[str, float]:
    """A figure of the trial in its unit. Effects that are subtracted from one another are in
    percent, so that their difference is in percentage points."""
    unit, price = "%" if trial.less else trial.unit, trial.price
    if trial.who == "community":
        first = trial.treatment.days[0]
        days = first + days[0], first + days[1]
        return {name: difference(twin.total(trial, days), treated.total(trial, days), unit, price)}
    before, after = (one.figures[trial.id, name] for one in (twin, treated))
    if not trial.by_lot:
        return {name: difference(before[-1], after[-1], unit, price)}
    effect, rest = by_lot(before, after, unit, price)
    shown = name == EFFECT and not trial.less
    return {name: effect} | ({"rest": rest} if shown else {})
