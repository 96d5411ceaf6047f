"""Work: many runs, divided into shards that are the same on all machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

RUNS = "runs"  # the table with one row per run
RUN, ERROR = "run", "error"  # columns: the number of a run, and its error (or null)


@dataclass(frozen=True)
class Shard:
    """The runs from `first` to `stop` - 1."""

    number: int
    first: int
    stop: int

    def __str__(self) -> str:
        return f"shard {self.number} (runs {self.first} to {self.stop - 1})"


class Cut(Protocol):
    """The number of runs, and how they are divided into shards."""

    runs: int
    """The number of runs, which are numbered from 0."""
    runs_a_shard: int
    """Determined by the work only, never by timing; a shard should take 0.5 to 5 seconds."""


class Work(Cut, Protocol):
    """The runs to do. It is sent to other processes, so it must be small when pickled, and its
    class must be defined in a module."""

    identity: dict[str, Any]
    """Everything that identifies it, ready for JSON: what is run, seeds, versions. Worker processes
    compute it too, and refuse to run with other code or packages."""
    inputs: dict[str, bytes]
    """Files that it reads, by name; copies are stored in the folder."""

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        """Do the runs from `first` to `stop` - 1; returns tables by name.

        Each table has a column `run` (int64) and is sorted by it. The table "runs" has one row per
        run and, if runs can fail, a column `error` (text, null for none): a failed run is a row
        with an error, never an exception. The same runs give the same tables anywhere, with the
        same columns.
        """
        ...


def shards_of(work: Cut) -> list[Shard]:
    """All shards, in order."""
    runs, size = work.runs, work.runs_a_shard
    firsts = range(0, runs, size)
    return [Shard(n, first, min(first + size, runs)) for n, first in enumerate(firsts)]
