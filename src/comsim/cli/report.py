"""`comsim report`: regenerate the report of a saved run or comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from comsim.cli.options import Lang, Language


def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a run or comparison.", readable=False)],
    lang: Lang = Language.en,
    out: Annotated[
        Path | None, typer.Option(help="Output file. [default: report.html in the folder]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Regenerate the report of a saved run or comparison, in another language or after an update.

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
