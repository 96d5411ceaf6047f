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
    from comsim.files.aside import may_write, write_text
    from comsim.present.report import run_report
    from comsim.results.comparison import is_comparison, report_again
    from comsim.results.run import REPORT, load

    if out is not None:
        may_write(out, force)
    if is_comparison(folder):
        page = report_again(folder, lang.value)
    else:
        page = run_report(load(folder), lang.value)
    target = out or folder / REPORT
    write_text(target, page)
    typer.echo(f"Report: {target}")
