"""`comsim sweep`: all runs of an experiment."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.cli.options import Force, Quiet, Worlds, worlds_of

if TYPE_CHECKING:
    from comsim.studies.experiments.runs import ExperimentWork

STOPPED = 130


class EngineName(StrEnum):
    serial = "serial"
    processes = "processes"
    dask = "dask"


def sweep(
    experiment: Annotated[Path, typer.Argument(help="Experiment file (TOML).")],
    out: Annotated[
        Path | None, typer.Option(help="Output folder. [default: results/EXPERIMENT]")
    ] = None,
    worlds: Worlds = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue a stopped sweep.")] = False,
    force: Force = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1024,
            help="Number of processes; does not affect the results. [default: all cores]",
        ),
    ] = None,
    engine: Annotated[
        EngineName | None, typer.Option(help="How to execute the runs. [default: processes]")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, such as tcp://10.0.0.1:8786.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Start a large sweep without asking.")] = False,
    quiet: Quiet = False,
) -> None:
    """Run an experiment: one run for each point of its design, in each of its worlds.

    A world is a random seed and a parameter sample. You can stop a sweep at any time, and continue
    it with --resume.

    Example: comsim sweep experiments/ads_and_cadence.toml --out results/ads
    """
    from comsim.cli.progress import runs_bar
    from comsim.cli.status import in_words
    from comsim.run.ready import ready
    from comsim.studies.experiments.checks import load_experiment, with_worlds
    from comsim.studies.experiments.runs import ExperimentWork
    from comsim.studies.shards.carry_out import carry_out, may_begin
    from comsim.studies.shards.engines import engine_of
    from comsim.studies.shards.files import MERGED
    from comsim.studies.shards.state import progress_of

    chosen = engine_of(engine, jobs, cluster)
    folder = out or Path("results") / experiment.stem
    checked = load_experiment(experiment)
    if worlds:
        number, sample = checked.worlds.number, checked.worlds.sample
        checked = with_worlds(checked, *worlds_of(worlds, "sweep", number, sample))
    work = ExperimentWork.of(checked)
    may_begin(work, folder, resume, force)  # fail before the long part
    replaces = folder.exists()
    if cluster is None:
        ready(quiet)  # before each worker would need it
    if not (resume and replaces):
        _announce(work, experiment, 1 if engine == "serial" else jobs, yes, quiet)
    try:
        with runs_bar("starting", quiet) as progress:
            carry_out(work, folder, chosen, resume, force, progress)
    except KeyboardInterrupt:
        if folder.exists():
            left = in_words(progress_of(folder))
        elif replaces:
            left = "stopped before the first run finished; the earlier result is gone"
        else:
            raise
        typer.echo(f"{folder}: {left}", err=True)
        raise typer.Exit(STOPPED) from None
    if not quiet:
        typer.echo(f"{folder}: {in_words(progress_of(folder))}")
        typer.echo(f"Runs: {folder / MERGED}")
        typer.echo(f"Next: comsim analyse {shlex.quote(str(folder))}")


def _announce(
    work: ExperimentWork, experiment: Path, jobs: int | None, yes: bool, quiet: bool
) -> None:
    """Print the size of a new sweep, with warnings and notes. Asks before a large one; raises
    InputError if the user declines."""
    from comsim.cli.progress import runs_bar
    from comsim.common.errors import InputError
    from comsim.common.machine import processors
    from comsim.scenario.worlds import too_few
    from comsim.studies.experiments.checks import notes
    from comsim.studies.experiments.estimate import estimate

    with runs_bar("simulating", quiet):
        size = estimate(work, jobs or processors())
    if size.large and not yes:
        if not (sys.stdin.isatty() and typer.confirm(f"{size.sentence}. Start?", err=True)):
            raise InputError.at(experiment, "size", size.sentence, "a smaller sweep, or --yes")
    elif not quiet:
        typer.echo(f"{size.sentence}.")
        worlds = work.experiment.worlds
        if warning := too_few(worlds.number, worlds.drawn):
            typer.echo(f"Warning: {warning}.")
        for note in notes(work.experiment):
            typer.echo(f"Note: {note}")
