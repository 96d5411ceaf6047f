"""Runs an experiment: all its runs, in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from comsim.common import arguments
from comsim.common.progress import reporting
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
    """Run an experiment (or its file) in a folder, by default results/FILE.

    `engine`: "serial", "processes" (the default, with `jobs` processes, by default one per core) or
    "dask" (with `cluster`, the address of a scheduler). Results do not depend on it. `resume`
    continues the sweep in the folder, `force` replaces it. `progress`: True for a line on stderr,
    or a function that is called with the numbers of finished runs, of all runs, and of failed runs.
    InputError, in one line, for an experiment that can't be run, or a folder in use.
    """
    resume = arguments.flag(resume, "sweep", "resume")
    force = arguments.flag(force, "sweep", "force")
    if isinstance(experiment, Experiment):
        check(experiment)
    else:
        experiment = load_experiment(experiment)
    folder = Path(out) if out else Path("results") / Path(experiment.file).stem
    work, chosen = ExperimentWork.of(experiment), engine_of(engine, jobs, cluster)
    may_begin(work, folder, resume, force)  # before anything slow
    if cluster is None:
        ready()  # otherwise each worker would compile the model
    with reporting(progress, "runs", "simulating") as report:
        carry_out(work, folder, chosen, resume, force, report)
    return load_sweep(folder)
