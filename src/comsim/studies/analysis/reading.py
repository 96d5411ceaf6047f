"""A sweep's folder, as the analyses read it."""

from __future__ import annotations

from comsim.studies.analysis.swept import Factor, Outcome, Swept
from comsim.studies.experiments.factors import Factor as Varied
from comsim.studies.experiments.result import Sweep


def swept(sweep: Sweep) -> Swept:
    """The runs of a sweep, with what their columns mean."""
    experiment = sweep.experiment
    design, worlds = experiment.design, experiment.worlds
    return Swept(
        runs=sweep.runs,
        factors=tuple(map(_factor, experiment.factors)),
        outcomes=tuple(
            Outcome(one.name, one.label, one.unit, one.good, one.begins, one.validated)
            for one in experiment.judged_by
        ),
        design=design.kind,
        days=experiment.longest,
        worlds=worlds.number,
        seed=worlds.seed,
        drawn=worlds.drawn,
        second_order=design.second_order,
        stops=experiment.stop is not None,
    )


def _factor(varied: Varied) -> Factor:
    low, high = varied.span or (float("nan"), float("nan"))
    label, unit = varied.in_words, varied.measured_in
    return Factor(
        varied.column, label, "" if label.endswith(unit) else unit, varied.kind, low, high,
        varied.scale,
        tuple(varied.shown) if not varied.span else (),
    )  # fmt: skip
