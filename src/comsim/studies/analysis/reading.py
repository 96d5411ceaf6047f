"""Reads a sweep for the analyses."""

from __future__ import annotations

from dataclasses import replace

from comsim.studies.analysis.swept import FactorColumn, Swept
from comsim.studies.experiments.factors import Factor
from comsim.studies.experiments.result import Sweep


def swept(sweep: Sweep) -> Swept:
    """The runs of a sweep, with the meaning of their columns."""
    experiment = sweep.experiment
    design, worlds = experiment.design, experiment.worlds
    return Swept(
        runs=sweep.runs,
        factors=tuple(map(_factor, experiment.factors)),
        outcomes=tuple(replace(one, label=in_sentence(one.label)) for one in experiment.judged_by),
        design=design.kind,
        days=experiment.longest,
        worlds=worlds.number,
        seed=worlds.seed,
        drawn=worlds.drawn,
        sample=worlds.sample,
        second_order=design.second_order,
        stops=experiment.stop is not None,
    )


def in_sentence(label: str) -> str:
    """The label of an outcome as part of a sentence: "mean weekly members" for "weekly members,
    mean"."""
    head, _, tail = label.partition(", ")
    if tail == "mean":
        return f"mean {head}"
    if tail == "last day":
        return f"{head} on the last day"
    return f"{head} after {tail}" if head == "retention" else label


def _factor(factor: Factor) -> FactorColumn:
    low, high = factor.span or (float("nan"), float("nan"))
    label, unit = factor.in_words, factor.measured_in
    return FactorColumn(
        factor.column, label, "" if label.endswith(unit) else unit, factor.kind, low, high,
        factor.scale,
        tuple(factor.shown) if not factor.span else (),
    )  # fmt: skip
