"""Progress reports: to a function or, for notebooks, on a line of stderr.

The command line has a progress bar instead (`comsim.cli.progress`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from comsim.language.amounts import duration

OFTEN = 0.2  # seconds between updates
WIDTH = 79


@contextmanager
def reporting(
    progress: Callable[..., None] | bool | None, what: str, doing: str = ""
) -> Iterator[Callable[..., None] | None]:
    """A function to call with (done, total) and optionally the number that failed, or None.

    It is `progress` itself or, if that is True, one that updates a line on stderr: `doing` until
    the first call, then the number of `what`, and the time left.
    """
    if progress is not True:
        yield progress or None
        return
    first: tuple[float, int] | None = None
    written = 0.0

    def report(done: int, total: int, failed: int = 0) -> None:
        nonlocal first, written
        now = time.monotonic()
        first = first or (now, done)  # earlier results do not show the time left
        if done < total and now - written < OFTEN:
            return
        written = now
        words = f"{done:,} of {total:,} {what}"
        if failed:
            words += f", {failed:,} failed"
        if first[1] < done < total:
            each = (now - first[0]) / (done - first[1])
            words += f", about {duration((total - done) * each)} left"
        _write(words)

    if doing:
        _write(doing)
    try:
        yield report
    finally:
        print(file=sys.stderr, flush=True)


def _write(words: str) -> None:
    print(f"\r{words:<{WIDTH}}", end="", file=sys.stderr, flush=True)
