"""Checks boxes on a new sweep: the same experiment in other worlds and, if random, at other points.

A box found in some runs may be due to chance; a sweep with other random seeds shows whether it is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from comsim.files.origin import code_hash
from comsim.language.amounts import number
from comsim.studies.analysis.boxes import Checked, check, percent
from comsim.studies.analysis.reading import swept as as_swept
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.sweep import sweep as carried_out

if TYPE_CHECKING:
    from comsim.studies.analysis.answer import Answer
    from comsim.studies.analysis.answers import Analysis
    from comsim.studies.experiments.result import Sweep
    from comsim.studies.shards.carry_out import Progress

STEP = 1_000_003  # added to a seed
DRAWN = ("latin_hypercube", "sobol", "morris")
LARGEST_SEED = 2**63


def fresh_experiment(sweep: Sweep) -> Experiment:
    """The experiment of a sweep with other random seeds; daily series are not kept."""
    identity = sweep.manifest.identity
    data = {key: value for key, value in identity["experiment"].items() if key != "series"}
    old = sweep.experiment
    data["worlds"] = {**data.get("worlds", {}), "seed": _other(old.worlds.seed)}
    if old.design.kind in DRAWN:
        data["design"] = {**data["design"], "seed": _other(old.design.seed)}
    return Experiment.from_dict(data, old.file, old.folder, identity["scenarios"])


def checked_again(
    analysis: Analysis, jobs: int | None = None, progress: Progress | None = None
) -> Analysis:
    """The analysis, with its boxes checked on new runs; unchanged if it has no boxes.

    The table of the boxes gets `fresh_density` and `fresh_coverage`, with `_low` and `_high`.
    InputError if the experiment can't be run again (for example, if its CSV files are missing).
    """
    from comsim.studies.analysis.answers import independent_points

    if not analysis.boxes:
        return analysis
    again = fresh_experiment(analysis.sweep)
    with TemporaryDirectory() as folder:
        done = carried_out(again, Path(folder) / "fresh", jobs=jobs, progress=progress)
        other = independent_points(as_swept(done))
        condition = analysis.query.condition
        each = [check([box], other, condition) for box in analysis.boxes]
        together = check(analysis.boxes, other, condition)
    answers = tuple(
        _with(answer, each, together, other.runs["run"].size, analysis.sweep)
        if answer.name == "boxes" else answer
        for answer in analysis.answers
    )  # fmt: skip
    return replace(analysis, answers=answers)


def _with(
    answer: Answer, each: list[Checked], together: Checked, runs: int, sweep: Sweep
) -> Answer:
    """The answer about boxes, with the results of the new runs."""
    table = answer.table.copy()
    for name in ("density", "coverage"):
        for at, end in enumerate(("", "_low", "_high")):
            values = [getattr(one, name)[at] for one in each]
            table[f"fresh_{name}{end}"] = [values[box - 1] for box in table["box"]]
    results = "; ".join(
        f"box {k}: {percent(one.density)} of runs, {percent(one.coverage)} of all such runs"
        for k, one in enumerate(each, 1)
    )
    whole = f"; together {percent(together.coverage)} of all such runs" if len(each) > 1 else ""
    notes = answer.warnings
    if sweep.manifest.identity.get("code") != code_hash():
        notes += ("The new runs were made with a different version of the code than the sweep.",)
    if gone := [str(k) for k, one in enumerate(each, 1) if one.density[0] <= one.anywhere]:
        notes += (
            f"Box {', '.join(gone)} did not hold in the new runs: its density is no higher than "
            "overall.",
        )
    again = f"Checked on {runs:,} new runs with other random seeds: {results}{whole}. Overall it "
    again += f"is {number(100 * together.anywhere)} % of them."
    return replace(answer, sentence=f"{answer.sentence} {again}", table=table, warnings=notes)


def _other(seed: int) -> int:
    return (seed + STEP) % LARGEST_SEED
