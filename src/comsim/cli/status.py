"""`comsim status`: the progress of a sweep, from another terminal; checks the files of a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.language.amounts import duration, figures

if TYPE_CHECKING:
    from comsim.files.sums import Kept
    from comsim.studies.shards.state import State


WHOLE = "all files are unchanged"


def status(folder: Annotated[Path, typer.Argument(help="The folder of a result.")]) -> None:
    """Show the progress of a running or stopped sweep. For a finished sweep, and for any other
    result, check whether its files are unchanged.

    Example: comsim status results/ads_and_cadence
    """
    from comsim.studies.shards.manifest import MARK
    from comsim.studies.shards.state import progress_of

    if not (folder / MARK).exists() and (kept := _kept(folder)) is not None:
        said = "finished" + _whole(kept)
    else:
        state = progress_of(folder)
        said = in_words(state) + (_checked(folder) if state.state == "finished" else "")
    typer.echo(f"{folder}: {said}")


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
    """What was checked in a result, in words; InputError if a file has changed."""
    from comsim.publication.contents import CRATE, SUMS, check_sums
    from comsim.results.run import REPORT

    kept.check()
    if kept.sums is None:
        return ""
    if any((kept.folder / name).is_file() for name in (CRATE, SUMS)):  # it is published
        check_sums(kept.folder)
    unread = REPORT not in kept and (kept.folder / REPORT).is_file()
    return f"; {WHOLE}" + (f", {REPORT} not checked (comsim report makes it again)" * unread)


def _checked(folder: Path) -> str:
    """What was checked in a finished sweep and its analysis, in words; InputError if a file has
    changed."""
    from comsim.files.sums import changed, unchecked
    from comsim.results.analysis import FOLDER, MARK
    from comsim.studies.shards import manifest
    from comsim.studies.shards.check import check_quickly

    found = manifest.read(folder)
    large = check_quickly(folder, found)
    if (folder / FOLDER).is_dir():
        if (analysis := _kept(folder / FOLDER)) is None:
            raise changed(folder / FOLDER / MARK, how="missing")
        analysis.check()
    if found.checksums is None:
        unchecked(folder)
        return ""
    but = f", {', '.join(large)}/ not read, since it is large" if large else ""
    return f"; {WHOLE}{but}"


def in_words(state: State) -> str:
    """How far a sweep is, in one line."""
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
        words.append("--resume goes on with it")
    return "; ".join(words)
