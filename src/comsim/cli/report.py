"""`comsim report`: the report of a saved run or comparison, made again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comsim.cli.language import Language


def report(
    folder: Annotated[
        Path, typer.Argument(help="The folder of a run or a comparison.", readable=False)
    ],
    lang: Annotated[Language, typer.Option(help="Language of the report.")] = Language.en,
    out: Annotated[
        Path | None, typer.Option(help="File to write; by default the folder's report.html.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite another file.")] = False,
) -> None:
    """Make the report of a saved run or comparison again, in another language or after an update.

    Example: comsim report results/brand_launch --lang zh --out launch-zh.html
    """
    from comsim.comparison.folder import VERDICTS, report_again
    from comsim.errors import InputError
    from comsim.report import run_report
    from comsim.results import REPORT, load

    if (folder / VERDICTS).exists():
        page = report_again(folder, lang.value)
    else:
        page = run_report(load(folder), lang.value)
    target = out or folder / REPORT
    if out is not None:
        if not out.parent.is_dir():
            raise InputError.at(out, "--out", "no such folder", "a folder that is there")
        if out.is_dir() or (out.exists() and not force):
            raise InputError.at(out, "--out", "something there", "a new file, or --force")
    part = target.with_name(f".{target.name}.unfinished")
    part.write_text(page, encoding="utf-8")
    part.replace(target)
    typer.echo(f"Report: {target}")
