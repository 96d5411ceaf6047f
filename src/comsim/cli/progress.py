"""A progress bar for anything that takes over two seconds; only if stderr is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from comsim.language.amounts import figures

PATIENCE = 2.0  # seconds before the bar appears


def watched(quiet: bool) -> bool:
    """Whether stderr is a terminal and output is wanted."""
    return sys.stderr.isatty() and not quiet


@contextmanager
def bar(doing: str, what: str, quiet: bool = False) -> Iterator[Callable[..., None] | None]:
    """A function to call with (done, total), or None if stderr is not a terminal.

    The bar shows `doing` until the first call, and counts `what` from then on. A third argument
    is a note to show beside it.
    """
    if not watched(quiet):
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    progress = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("elapsed,"), TimeRemainingColumn(), TextColumn("left"),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    task = progress.add_task(doing, total=None, note="")
    late = Timer(PATIENCE, progress.start)
    late.daemon = True
    late.start()
    begun = False

    def update(done: int, total: int, note: str = "") -> None:
        nonlocal begun
        if not begun:  # earlier work would distort the time left
            progress.reset(task, completed=done)
            begun = True
        progress.update(task, completed=done, total=total, description=what, note=note)

    try:
        yield update
    finally:
        late.cancel()
        late.join()
        progress.stop()


@contextmanager
def runs_bar(doing: str, quiet: bool = False) -> Iterator[Callable[[int, int, int], None] | None]:
    """Like `bar`, for runs: a function to call with (done, total, failed), which shows their rate
    and the failures."""
    with bar(doing, "runs", quiet) as update:
        first: tuple[float, int] | None = None

        def show(done: int, total: int, failed: int) -> None:
            nonlocal first
            now = time.monotonic()
            first = first or (now, done)
            spent = now - first[0]
            notes = []
            if done > first[1] and spent:
                notes.append(f"{figures((done - first[1]) / spent)} runs/s")
            if failed:
                notes.append(f"{failed:,} failed")
            update(done, total, ", ".join(notes))

        yield show if update else None
