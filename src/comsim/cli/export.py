"""`comsim export`: a folder for publication."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comsim.cli.options import Force, Quiet


def export(
    results: Annotated[Path, typer.Argument(help="Folder of a finished sweep.")],
    out: Annotated[
        Path | None, typer.Option(help="Output folder. [default: RESULTS-published]")
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option(help="Licence of the results: an SPDX name such as CC-BY-4.0, or a URL."),
    ] = None,
    author: Annotated[
        list[str] | None, typer.Option(help="Author of the results; can be repeated.")
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a finished sweep to a folder for publication: tables, experiment, model, provenance.

    Example: comsim export results/ads_and_cadence --licence CC-BY-4.0 --author "Ada Lovelace"
    """
    from comsim.publication.contents import README, paths_in
    from comsim.publication.export import export as published

    folder = published(results, out, licence=licence, authors=author or (), force=force)
    if not quiet:
        typer.echo(f"{folder}: {len(paths_in(folder))} files, described in {README}")
