"""`comsim validate`: which facts about real communities come out."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer

from comsim.cli.language import Language

WIDTH = 130  # of the table where there is no terminal


def validate(
    only: Annotated[str | None, typer.Option(help="Facts to look for, as F6,F8; all.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only facts that are quick, in 5 worlds.")
    ] = False,
    worlds: Annotated[
        int | None, typer.Option(help="Worlds; verdicts are meant for 20, the default.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of the worlds.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default results/validation.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="Threads; they change no number.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the page.")] = Language.en,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Look for facts about real communities in simulated ones: published against simulated.

    Example: comsim validate --only F5,F6 --out results/facts
    """
    from comsim.cli.progress import bar
    from comsim.evidence.validate import chosen, run_validation
    from comsim.results.run import check_folder
    from comsim.results.validation import save
    from comsim.run.ready import ready

    folder = out or Path("results") / "validation"
    asked = only.split(",") if only is not None else None
    chosen(asked, quick)  # before the work
    check_folder(folder, force)
    ready(quiet)
    with bar("simulating", "facts in worlds", quiet) as progress:
        result = run_validation(asked, quick, worlds, seed, jobs, progress)
    save(result, folder, force, lang.value)
    if quiet:
        return
    from rich.console import Console

    from comsim.evidence.tables import for_terminal, notes

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    console.print(for_terminal(result))
    typer.echo(f"{result.headline}.")
    for line in notes(result):
        typer.echo(fill(line, console.width))
    typer.echo(f"Page: {folder / 'validation.html'}")
