"""Checks an experiment before the first run, so that a typing error does not fail thousands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from comsim.common.errors import InputError
from comsim.scenario import Plan, plan
from comsim.scenario.reading import read_toml
from comsim.scenario.rows import SAMPLES
from comsim.studies.experiments.experiment import EXPERIMENT_FILE, MOST_RUNS, Experiment
from comsim.studies.experiments.factors import Factor
from comsim.studies.experiments.overlaps import check_overlaps, undone_changes
from comsim.studies.experiments.pasts import check_sample

GIVEN = ("list", "csv")  # designs with points from the user


def load_experiment(path: str | Path) -> Experiment:
    """Read and check an experiment from a TOML file; InputError, in one line, for anything that is
    wrong."""
    path = Path(path)
    experiment = Experiment.from_dict(read_toml(path, EXPERIMENT_FILE), str(path), path.parent)
    check(experiment)
    return experiment


def with_worlds(experiment: Experiment, number: int, sample: str) -> Experiment:
    """The experiment with another number of worlds per point, and another sample."""
    data = experiment.to_dict()
    data["worlds"] = data.get("worlds", {}) | {
        "number": number,
        "sample": sample if sample in SAMPLES else str(Path(sample).absolute()),
    }
    changed = Experiment.from_dict(data, experiment.file, experiment.folder)
    check(changed)
    return changed


def check(experiment: Experiment) -> None:
    """InputError, in one line, for an experiment that can't be run.

    Its scenarios are compiled unchanged, with the changes, and with each factor at its ends. If
    only a combination is impossible, its runs report it.
    """
    _ = experiment.rows  # an InputError if its sample cannot be read
    choice = next((factor for factor in experiment.factors if factor.scenarios), None)
    for at, base in enumerate(experiment.bases):
        chosen = {choice.column: float(at)} if choice else {}
        key = (
            f"factors[{experiment.factors.index(choice)}].scenarios[{at}]" if choice else "scenario"
        )
        _try(experiment, chosen, key, f"{base.file}: ", changed=False)
        _try(experiment, chosen, "changes")
        check_sample(experiment, experiment.built(chosen))
    check_overlaps(experiment)
    for place, outcome in enumerate(experiment.outcomes):
        if outcome.latest >= experiment.longest:
            raise experiment.error(
                f"outcomes[{place}]", f"day {outcome.latest}",
                f"days 0 to {experiment.longest - 1} of the run",
            )  # fmt: skip
    if experiment.stop and experiment.stop.from_ >= experiment.longest:
        late, last = f"day {experiment.stop.from_}, after the end", experiment.longest - 1
        raise experiment.error("stop.from", late, f"days 0 to {last} of the run")
    if experiment.runs > MOST_RUNS:
        raise experiment.error("design", f"{experiment.runs:,} runs", f"at most {MOST_RUNS:,}")
    columns = [factor.column for factor in experiment.factors]
    first = dict(zip(columns, experiment.codes[0], strict=True))
    for place, factor in enumerate(experiment.factors):
        for key, code in _ends(factor):
            try:
                _try(experiment, {factor.column: code}, f"factors[{place}].{key}")
            except InputError:
                try:  # it may need the values of other factors
                    _compiled(experiment, first | {factor.column: code})
                except InputError:
                    pass
                else:
                    continue
                raise


def notes(experiment: Experiment) -> list[str]:
    """Notes on parts of a checked experiment without effect: those of its scenarios, changes that
    factors replace, and levers that other parts of the scenario override."""
    factors, lines = experiment.factors, undone_changes(experiment)
    choice = next((factor for factor in factors if factor.scenarios), None)
    for at in range(len(experiment.bases)):
        lines += _compiled(experiment, {choice.column: float(at)} if choice else {}).notes
    for factor in factors:
        if factor.where[:1] == ("policy",) and not _moves(experiment, factor):
            lines.append(
                f"{factor.path} has no effect: the levers are the same at all its values; steps, "
                "periods or groups in the scenario may override it"
            )
    if experiment.design.kind in GIVEN:
        again = experiment.points - len(np.unique(experiment.codes, axis=0))
        if again:
            lines.append(
                f"{again:,} of {experiment.points:,} points are repeated, and count as often as "
                "they occur in the design"
            )
    return list(dict.fromkeys(lines))


def _moves(experiment: Experiment, factor: Factor) -> bool:
    """Whether a factor changes a lever on any day, tested with the other factors as in the
    scenario, and at their lower and upper ends."""
    others = [other for other in experiment.factors if other is not factor]
    for around in ({}, *({o.column: o.ends[end] for o in others} for end in (0, 1))):
        at = (_compiled(experiment, around | {factor.column: code}) for _, code in _ends(factor))
        try:
            first = next(at).lever_table
            if any(not np.array_equal(first, other.lever_table) for other in at):
                return True
        except InputError:  # an impossible combination: the runs report it
            return True
    return False


def _ends(factor: Factor) -> Iterator[tuple[str, float]]:
    """The codes at which a factor is tested, with their keys; none for scenarios."""
    if factor.span:
        yield from (("range[0]", factor.span[0]), ("range[1]", factor.span[1]))
    for place in range(len(factor.values)):
        yield f"values[{place}]", float(place)


def _try(
    experiment: Experiment,
    codes: Mapping[str, float],
    key: str,
    about: str = "",
    changed: bool = True,
) -> None:
    """Compile the scenario with the value of a factor, if any; errors are about this key."""
    try:
        _compiled(experiment, codes, changed)
    except InputError as error:
        factor = next((f for f in experiment.factors if f.column in codes and f.path), None)
        allowed, prefix = error.allowed, about
        if factor:
            value = factor.assignment(codes[factor.column])
            if "whole number" in allowed and not factor.in_whole and factor.span:
                allowed += " (whole = true)"
            if error.key != factor.path:
                prefix = f"{value}: "
            elif value.endswith(f" = {error.found.removesuffix('.0')}"):
                raise experiment.error(key, value, allowed) from None
            else:  # the path is wrong, whatever the value
                key = f"{key.partition('.')[0]}.path"
        raise experiment.error(key, f"{prefix}{error.key}: {error.found}", allowed) from None


def _compiled(experiment: Experiment, codes: Mapping[str, float], changed: bool = True) -> Plan:
    return plan(experiment.built(codes, changed))
