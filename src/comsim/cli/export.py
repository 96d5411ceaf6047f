"""`comsim export`: a sweep as a folder fit to publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    results: Annotated[Path, typer.Argument(help="The folder of a sweep.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default RESULTS-published.")
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option(help="Of the results: an SPDX name, as CC-BY-4.0, or an address."),
    ] = None,
    author: Annotated[
        list[str] | None, typer.Option(help="Who made them; may be said several times.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier export.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Write a finished sweep as a folder fit to publish: tables, experiment, model, provenance.

    Example: comsim export results/ads_and_cadence --licence CC-BY-4.0 --author "Ada Lovelace"
    """
    from comsim.publication.contents import README, paths_in
    from comsim.publication.export import export as published

    folder = published(results, out, licence=licence, authors=author or (), force=force)
    if not quiet:
        typer.echo(f"{folder}: {len(paths_in(folder))} files; {README} says what they are")
