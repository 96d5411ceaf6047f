"""Sweep: an experiment in, all its runs in a folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from comsim.common import arguments
from comsim.common.progress import telling
from comsim.run.ready import ready
from comsim.studies.experiments.checks import check, load_experiment
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.result import Sweep, load_sweep
from comsim.studies.experiments.runs import ExperimentWork
from comsim.studies.shards.carry_out import Progress, carry_out, may_begin
from comsim.studies.shards.engines import engine_of


def sweep(
    experiment: Experiment | str | Path,
    out: str | Path | None = None,
    *,
    jobs: int | None = None,
    engine: Literal["serial", "processes", "dask"] | None = None,
    cluster: str | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | bool | None = None,
) -> Sweep:
    """Carry out an experiment (or the file of one) in a folder, by default results/FILE.

    `engine`: by default "processes", `jobs` of them (all cores), or Dask with `cluster`, the
    address of a scheduler. They change no byte. `resume` goes on with what is in the folder (after
    Ctrl-C, say), `force` replaces it. `progress`: True for a line on stderr, or a function that is
    called with the runs done, all runs, and those that failed. Raises InputError, in one line, for
    an experiment that can't be carried out, or a folder that is taken.
    """
    resume = arguments.flag(resume, "sweep", "resume")
    force = arguments.flag(force, "sweep", "force")
    if isinstance(experiment, Experiment):
        check(experiment)
    else:
        experiment = load_experiment(experiment)
    folder = Path(out) if out else Path("results") / Path(experiment.file).stem
    work, chosen = ExperimentWork.of(experiment), engine_of(engine, jobs, cluster)
    may_begin(work, folder, resume, force)  # before anything takes long
    if cluster is None:
        ready()  # before each worker would need it
    with telling(progress, "runs", "simulating") as told:
        carry_out(work, folder, chosen, resume, force, told)
    return load_sweep(folder)
