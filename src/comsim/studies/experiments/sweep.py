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

    `engine`: "serial", "processes" (the default; `jobs` is their number, one per core if not given)
    or "dask" (`cluster` is the address of its scheduler). Results do not depend on the engine.
    `resume` continues the sweep in the folder, `force` replaces it. `progress`: True for a line on
    stderr, or a function that is called with three numbers: finished runs, all runs, and failed
    runs. Raises InputError, in one line, if the experiment can't be run or the folder is in use.
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
