"""`comsim analyse`: what a sweep answers."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.cli.language import Language

if TYPE_CHECKING:
    from comsim.studies.analysis.answers import Analysis

WIDTH = 100


def analyse(
    results: Annotated[Path, typer.Argument(help="The folder of a sweep.")],
    outcome: Annotated[
        str | None, typer.Option(help="Outcome to explain; by default the experiment's first.")
    ] = None,
    condition: Annotated[
        str | None,
        typer.Option(
            help='What to look for: "dormancy exists", "alive below 60", "decline never"; by '
            "default that the community dies, or declines, or does worst."
        ),
    ] = None,
    map_: Annotated[
        str | None,
        typer.Option("--map", help="Two factors to draw a map over, as ads,posts."),
    ] = None,
    core: Annotated[
        str | None, typer.Option(help="The factor that is the core of contributors.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Check boxes on as many runs again, with other seeds.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Processes for --fresh; all cores.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default RESULTS/analysis.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier analysis.")] = False,
    lang: Annotated[Language, typer.Option(help="Language of the report.")] = Language.en,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Say what a finished sweep answers, and what it can't: tables, pictures, sentences, a report.

    Example: comsim analyse results/ads_and_cadence --condition "decline below 400"
    """
    from comsim.cli.progress import bar
    from comsim.common.errors import InputError
    from comsim.files.folders import claim
    from comsim.results.analysis import MARK, folder_of, save
    from comsim.studies.analysis.answers import analyse as analyse_sweep
    from comsim.studies.experiments.result import load_sweep

    across, up = None, None
    if map_ is not None:
        names = [name.strip() for name in map_.split(",")]
        if len(names) != 2:
            raise InputError.at("analyse", "--map", repr(map_), "two factors, as ads,posts")
        across, up = names
    sweep = load_sweep(results)
    claim(folder_of(results, out), force, MARK)  # before the work
    with bar("reading", "questions", quiet) as progress:
        found = analyse_sweep(sweep, outcome, condition, across, up, core, progress)
    if fresh and found.boxes:
        found = _checked_again(found, jobs, quiet)
    elif fresh and not quiet:
        typer.echo("No boxes were found to check on fresh seeds.")
    with bar("drawing", "pictures", quiet):
        folder = save(found, out, force, lang.value)
    if not quiet:
        typer.echo(_report(found, folder))


def _checked_again(found: Analysis, jobs: int | None, quiet: bool) -> Analysis:
    """The analysis with its boxes checked on fresh runs; says first how long it takes."""
    from comsim.cli.progress import runs_bar
    from comsim.common.machine import processors
    from comsim.run.ready import ready
    from comsim.studies.analysis.fresh import checked_again, fresh_experiment
    from comsim.studies.experiments.estimate import estimate
    from comsim.studies.experiments.runs import ExperimentWork

    ready(quiet)
    with runs_bar("simulating", quiet):
        work = ExperimentWork.of(fresh_experiment(found.sweep))
        asked = estimate(work, jobs or processors())
    if not quiet:
        typer.echo(f"Fresh seeds: {asked.sentence}.")
    with runs_bar("starting", quiet) as progress:
        return checked_again(found, jobs, progress)


def _report(found: Analysis, folder: Path) -> str:
    """The findings, for a terminal."""
    from comsim.results.analysis import REPORT

    lines = [fill(text, WIDTH) for text in found.asked.taken]
    for answer in found.answers:
        lines += ["", fill(answer.title, WIDTH)]
        for text in (answer.sentence, *(f"Careful: {one}" for one in answer.warnings)):
            lines.append(fill(text, WIDTH, initial_indent="  ", subsequent_indent="  "))
    if found.skipped:
        lines += ["", "Not answered:"]
    for some, why in found.open:
        whats = ", ".join(one.what.lower() if k else one.what for k, one in enumerate(some))
        lines.append(fill(f"* {whats}: {why}.", WIDTH, subsequent_indent="  "))
    lines += ["", f"Tables and pictures: {folder}", f"Report: {folder / REPORT}"]
    return "\n".join(lines)
