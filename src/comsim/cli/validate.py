"""`comsim validate`: published facts about real communities, compared with simulations."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer

from comsim.cli.options import Force, Lang, Language, Quiet, Threads, worlds_of

WIDTH = 130  # of the table if stdout is not a terminal


def validate(
    only: Annotated[
        str | None,
        typer.Option(
            help="Facts to check, by id, kind (F, E, B, V) or lever, such as E or greeting,F6. "
            "[default: all]"
        ),
    ] = None,
    held: Annotated[
        bool, typer.Option("--held", help="Only held facts, which nothing is fitted to.")
    ] = False,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Only facts that are fast to check, in fewer worlds."),
    ] = False,
    rivals: Annotated[
        bool,
        typer.Option(
            "--rivals/--no-rivals",
            help="Whether to simulate facts with their mechanisms switched off, too.",
        ),
    ] = True,
    worlds: Annotated[
        list[str] | None,
        typer.Option(
            help="Number of worlds for facts F (the criteria assume 20), or source of the "
            "parameters: default, plausible, or a file. Use the option twice to give both. Effects "
            "and base rates use 8 to 40 worlds, as needed (4 with --quick). [default: 20]",
            metavar="NUMBER|NAME|FILE",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Random seed of the worlds.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Output folder. [default: results/validation]")
    ] = None,
    force: Force = False,
    jobs: Threads = None,
    lang: Lang = Language.en,
    quiet: Quiet = False,
) -> None:
    """Check whether simulated communities reproduce published facts about real communities.

    Example: comsim validate --only greeting,F6 --out results/facts
    """
    from comsim.cli.progress import bar
    from comsim.evidence.selection import chosen
    from comsim.evidence.validate import run_validation
    from comsim.results.run import check_folder
    from comsim.results.validation import save
    from comsim.run.ready import ready
    from comsim.scenario.rows import DEFAULT

    folder = out or Path("results") / "validation"
    names = only.split(",") if only is not None else None
    number, sample = worlds_of(worlds, "validate", None, DEFAULT)
    chosen(names, quick, held)  # fail before the long part
    check_folder(folder, force)
    ready(quiet)
    with bar("simulating", "facts in worlds", quiet) as progress:
        result = run_validation(
            names, quick, held, number, seed, rivals, jobs, progress, sample=sample
        )
    save(result, folder, force, lang.value)
    if quiet:
        return
    from rich.console import Console

    from comsim.evidence.terminal import for_terminal, notes

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    console.print(for_terminal(result))
    typer.echo(f"{result.headline}.")
    for line in notes(result):
        typer.echo(fill(line, console.width))
    typer.echo(f"Page: {folder / 'validation.html'}")
