"""`comsim sweep`: all runs of an experiment, in a folder."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

STOPPED = 130


class EngineName(StrEnum):
    serial = "serial"
    processes = "processes"
    dask = "dask"


def sweep(
    experiment: Annotated[Path, typer.Argument(help="An experiment file.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default results/EXPERIMENT.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what is in the folder.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=1024, help="Processes, by default all cores; they change nothing."),
    ] = None,
    engine: Annotated[
        EngineName | None, typer.Option(help="Who does the runs; by default processes.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, as tcp://10.0.0.1:8786.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before a large sweep.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Carry out an experiment: a run for each point of its design, in each of its worlds.

    It may be stopped at any moment; --resume goes on where it was.

    Example: comsim sweep experiments/ads_and_cadence.toml --out results/ads
    """
    from comsim.cli.progress import runs_bar
    from comsim.cli.status import in_words
    from comsim.common.errors import InputError
    from comsim.common.machine import processors
    from comsim.run.ready import ready
    from comsim.scenario.worlds import too_few
    from comsim.studies.experiments.checks import load_experiment, notes
    from comsim.studies.experiments.estimate import estimate
    from comsim.studies.experiments.runs import ExperimentWork
    from comsim.studies.shards.carry_out import carry_out, may_begin
    from comsim.studies.shards.engines import engine_of
    from comsim.studies.shards.files import MERGED
    from comsim.studies.shards.state import progress_of

    chosen = engine_of(engine, jobs, cluster)
    folder = out or Path("results") / experiment.stem
    work = ExperimentWork.of(load_experiment(experiment))
    may_begin(work, folder, resume, force)  # before anything takes long
    new, replaces = not (resume and folder.exists()), folder.exists()
    if cluster is None:
        ready(quiet)  # before each worker would need it
    with runs_bar("simulating", quiet):
        if new:
            asked = estimate(work, 1 if engine == "serial" else jobs or processors())
    if new and asked.large and not yes:
        if not (sys.stdin.isatty() and typer.confirm(f"{asked.sentence}. Begin?", err=True)):
            raise InputError.at(experiment, "size", asked.sentence, "less, or --yes")
    elif new and not quiet:
        typer.echo(f"{asked.sentence}.")
        worlds = work.experiment.worlds
        if careful := too_few(worlds.number, worlds.drawn):
            typer.echo(f"Careful: {careful}.")
        for note in notes(work.experiment):
            typer.echo(f"Note: {note}")
    try:
        with runs_bar("starting", quiet) as progress:
            carry_out(work, folder, chosen, resume, force, progress)
    except KeyboardInterrupt:
        if folder.exists():
            left = in_words(progress_of(folder))
        elif replaces:
            left = "stopped before a run was done; the earlier one is gone"
        else:
            raise
        typer.echo(f"{folder}: {left}", err=True)
        raise typer.Exit(STOPPED) from None
    if not quiet:
        typer.echo(f"{folder}: {in_words(progress_of(folder))}")
        typer.echo(f"Runs: {folder / MERGED}")
        typer.echo(f"What they answer: comsim analyse {shlex.quote(str(folder))}")
