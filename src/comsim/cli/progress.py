"""A progress bar for what takes over two seconds; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

PATIENCE = 2.0  # seconds without a word


def watched(quiet: bool) -> bool:
    """Whether somebody sees what is shown on stderr."""
    return sys.stderr.isatty() and not quiet


def simulating() -> str:
    """What takes so long, if it does."""
    from comsim.kernel.compile import cache_folder

    compiled = any(cache_folder().rglob("*run_days*.nbi"))  # the last to be compiled
    return "simulating" if compiled else "compiling the model, this once, takes a minute or two"


@contextmanager
def bar(doing: str, what: str, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """A function to call with (done, total), or None where stderr is no terminal.

    The bar says `doing` until the first call, and counts `what` from then on.
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
        TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True), transient=True,
    )  # fmt: skip
    task = progress.add_task(doing, total=None)
    late = Timer(PATIENCE, progress.start)
    late.daemon = True
    late.start()
    try:
        yield lambda done, total: progress.update(
            task, completed=done, total=total, description=what
        )
    finally:
        late.cancel()
        late.join()
        progress.stop()
