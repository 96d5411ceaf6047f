"""How far it is, told as it goes: to a function or, for notebooks, on a line of its own.

The command line has a bar instead (`comsim.cli.progress`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from comsim.language.amounts import duration

OFTEN = 0.2  # seconds from one line to the next
WIDTH = 79


@contextmanager
def telling(
    progress: Callable[..., None] | bool | None, what: str, doing: str = ""
) -> Iterator[Callable[..., None] | None]:
    """A function to call with (done, total) and perhaps how many failed, or None.

    It is `progress` itself or, where that is True, one that writes on stderr, over and over on
    the same line: `doing` until the first call, then so many of `what`, and the time left.
    """
    if progress is not True:
        yield progress or None
        return
    first: tuple[float, int] | None = None
    written = 0.0

    def tell(done: int, total: int, failed: int = 0) -> None:
        nonlocal first, written
        now = time.monotonic()
        first = first or (now, done)  # what was done before says nothing about the time left
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
        yield tell
    finally:
        print(file=sys.stderr, flush=True)


def _write(words: str) -> None:
    print(f"\r{words:<{WIDTH}}", end="", file=sys.stderr, flush=True)
