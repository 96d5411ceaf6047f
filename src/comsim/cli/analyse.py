"""`comsim analyse`: the analysis of a sweep."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.cli.options import Force, Lang, Language, Quiet

if TYPE_CHECKING:
    from comsim.studies.analysis.answers import Analysis

WIDTH = 100


def analyse(
    results: Annotated[Path, typer.Argument(help="Folder of a finished sweep.")],
    outcome: Annotated[
        str | None, typer.Option(help="Outcome to explain. [default: the experiment's first]")
    ] = None,
    condition: Annotated[
        str | None,
        typer.Option(
            help='Condition to explain, such as "dormancy exists", "alive below 60" or '
            '"decline never". [default: the community dies, declines, or does worst]'
        ),
    ] = None,
    map_: Annotated[
        str | None,
        typer.Option("--map", help="Two factors for a tipping map, such as ads,posts."),
    ] = None,
    core: Annotated[
        str | None, typer.Option(help="The factor that sets the core of contributors.")
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help="Check the boxes (factor ranges that lead to the condition) on new runs.",
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=1024, help="Processes for --fresh. [default: all cores]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Output folder. [default: RESULTS/analysis]")
    ] = None,
    force: Force = False,
    lang: Lang = Language.en,
    quiet: Quiet = False,
) -> None:
    """Analyse a finished sweep, and write tables, figures, findings and a report.

    The report also lists the questions that the sweep can't answer.

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
            raise InputError.at("analyse", "--map", repr(map_), "two factors, such as ads,posts")
        across, up = names
    sweep = load_sweep(results)
    claim(folder_of(results, out), force, MARK)  # fail before the long part
    with bar("reading", "questions", quiet) as progress:
        analysis = analyse_sweep(sweep, outcome, condition, across, up, core, progress)
    if fresh and analysis.boxes:
        analysis = _checked_again(analysis, jobs, quiet)
    elif fresh and not quiet:
        typer.echo("No boxes to check on fresh seeds.")
    with bar("drawing", "figures", quiet):
        folder = save(analysis, out, force, lang.value)
    if not quiet:
        typer.echo(_report(analysis, folder))


def _checked_again(analysis: Analysis, jobs: int | None, quiet: bool) -> Analysis:
    """The analysis with its boxes checked on fresh runs. First prints how long this takes."""
    from comsim.cli.progress import runs_bar
    from comsim.common.machine import processors
    from comsim.run.ready import ready
    from comsim.studies.analysis.fresh import checked_again, fresh_experiment
    from comsim.studies.experiments.estimate import estimate
    from comsim.studies.experiments.runs import ExperimentWork

    ready(quiet)
    with runs_bar("simulating", quiet):
        work = ExperimentWork.of(fresh_experiment(analysis.sweep))
        size = estimate(work, jobs or processors())
    if not quiet:
        typer.echo(f"Fresh seeds: {size.sentence}.")
    with runs_bar("starting", quiet) as progress:
        return checked_again(analysis, jobs, progress)


def _report(analysis: Analysis, folder: Path) -> str:
    """The findings, for a terminal."""
    from comsim.results.analysis import REPORT

    lines = [fill(text, WIDTH) for text in analysis.query.defaults]
    for answer in analysis.answers:
        lines += ["", fill(answer.title, WIDTH)]
        for text in (answer.sentence, *(f"Warning: {one}" for one in answer.warnings)):
            lines.append(fill(text, WIDTH, initial_indent="  ", subsequent_indent="  "))
    if analysis.skipped:
        lines += ["", "Not answered:"]
    for some, why in analysis.open:
        whats = ", ".join(one.what.lower() if k else one.what for k, one in enumerate(some))
        lines.append(fill(f"* {whats}: {why}.", WIDTH, subsequent_indent="  "))
    lines += ["", f"Tables and figures: {folder}", f"Report: {folder / REPORT}"]
    return "\n".join(lines)
