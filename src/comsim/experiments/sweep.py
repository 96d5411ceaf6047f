"""Sweep: an experiment in, all its runs in a folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from comsim.experiments.checks import check, load_experiment
from comsim.experiments.form import Experiment
from comsim.experiments.result import Sweep, load_sweep
from comsim.experiments.runs import ExperimentWork
from comsim.shards.carry_out import Progress, carry_out
from comsim.shards.engines import engine_of


def sweep(
    experiment: Experiment | str | Path,
    out: str | Path | None = None,
    *,
    jobs: int | None = None,
    engine: Literal["serial", "processes", "dask"] = "processes",
    cluster: str | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Sweep:
    """Carry out an experiment (or the file of one) in a folder, by default results/FILE.

    `jobs`: processes, by default all cores; `cluster`: the address of a Dask scheduler. They
    change no byte. `resume` goes on with what is in the folder, `force` replaces it. `progress`
    is called with the runs done, all runs, and those that failed. Raises InputError, in one line,
    for an experiment that can't be carried out, or a folder that is taken.
    """
    if isinstance(experiment, Experiment):
        check(experiment)
    else:
        experiment = load_experiment(experiment)
    folder = Path(out) if out else Path("results") / Path(experiment.file).stem
    work, chosen = ExperimentWork.of(experiment), engine_of(engine, jobs, cluster)
    carry_out(work, folder, chosen, resume, force, progress)
    return load_sweep(folder)
