"""`comsim status`: the progress of a sweep; verifies the files of a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.language.amounts import duration, figures

if TYPE_CHECKING:
    from comsim.files.sums import Kept
    from comsim.studies.shards.state import State


WHOLE = "all files are unchanged"


def status(folder: Annotated[Path, typer.Argument(help="Folder of a result.")]) -> None:
    """Show the progress of a running or stopped sweep. For a finished sweep or any other result,
    verify that its files are unchanged.

    Example: comsim status results/ads_and_cadence
    """
    from comsim.common.errors import InputError
    from comsim.studies.shards.manifest import MARK
    from comsim.studies.shards.state import progress_of

    if not folder.is_dir():
        raise InputError.at(folder, "folder", "none", "the folder of a result")
    if not (folder / MARK).exists() and (kept := _kept(folder)) is not None:
        line = "finished" + _whole(kept)
    else:
        state = progress_of(folder)
        line = in_words(state) + (_checked(folder) if state.state == "finished" else "")
    typer.echo(f"{folder}: {line}")


def _kept(folder: Path) -> Kept | None:
    """The folder of a run, comparison, validation or analysis; None if it is none of these."""
    from comsim.common.errors import InputError
    from comsim.files.sums import MARK, Changed, Kept
    from comsim.results.analysis import MARK as ANSWERS

    for mark in (MARK, ANSWERS):
        if (folder / mark).is_file():
            try:
                return Kept(folder, mark)
            except Changed:
                raise
            except ValueError as error:
                raise InputError.at(folder, "folder", f"{error}", "a result's folder") from None
    return None


def _whole(kept: Kept) -> str:
    """The checks of a result, in words. Raises InputError if a file has changed."""
    from comsim.publication.contents import CRATE, SUMS, check_sums
    from comsim.results.run import REPORT

    kept.check()
    if kept.sums is None:
        return ""
    if any((kept.folder / name).is_file() for name in (CRATE, SUMS)):  # it is published
        check_sums(kept.folder)
    unread = REPORT not in kept and (kept.folder / REPORT).is_file()
    return f"; {WHOLE}" + (f", {REPORT} not checked (comsim report regenerates it)" * unread)


def _checked(folder: Path) -> str:
    """The checks of a finished sweep and its analysis, in words. Raises InputError if a file has
    changed."""
    from comsim.files.sums import changed, unchecked
    from comsim.results.analysis import FOLDER, MARK
    from comsim.studies.shards import manifest
    from comsim.studies.shards.check import check_quickly

    listed = manifest.read(folder)
    large = check_quickly(folder, listed)
    if (folder / FOLDER).is_dir():
        if (analysis := _kept(folder / FOLDER)) is None:
            raise changed(folder / FOLDER / MARK, how="missing")
        analysis.check()
    if listed.checksums is None:
        unchecked(folder)
        return ""
    but = f", {', '.join(large)}/ not read because of its size" if large else ""
    return f"; {WHOLE}{but}"


def in_words(state: State) -> str:
    """The progress of a sweep, in one line."""
    words = [
        f"{state.state}, {state.done:,} of {state.runs:,} runs ({state.done / state.runs:.0%})"
    ]
    if state.failed:
        words.append(f"{state.failed:,} failed")
    if state.rate is not None:
        words.append(f"{figures(state.rate)} runs a second")
    if state.left is not None:
        words.append(f"about {duration(state.left)} left")
    if state.state in ("stopped", "killed"):
        words.append("continue with --resume")
    return "; ".join(words)
