"""A work: many runs, cut into shards that are the same on any machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

RUNS = "runs"  # the table with a row a run
RUN, ERROR = "run", "error"  # columns: a run's number, and what went wrong in it (or null)


@dataclass(frozen=True)
class Shard:
    """The runs from `first` to before `stop`."""

    number: int
    first: int
    stop: int

    def __str__(self) -> str:
        return f"shard {self.number} (runs {self.first} to {self.stop - 1})"


class Cut(Protocol):
    """The number of runs, and how they are divided into shards."""

    runs: int
    """Number of runs; they are numbered from 0."""
    runs_a_shard: int
    """Fixed by the work alone, never by timing; a shard should take 0.5 to 5 seconds."""


class Work(Cut, Protocol):
    """The work to do. It is sent to other processes, so it must be small and can be pickled; its
    class must be defined in a module."""

    identity: dict[str, Any]
    """All that makes it this work and no other, ready for JSON: what is run, seeds, versions.
    Worker processes ask for it, too, so that one with other code or packages does nothing."""
    inputs: dict[str, bytes]
    """Files that it reads, by name: kept in the folder, so that it holds all to do it again."""

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        """Do the runs from `first` to before `stop`; returns tables by name.

        Each has a column `run` (int64) and is sorted by it. Always there is a table "runs", with
        a row for each run and, where runs can fail, a column `error` (text, null for none): a run
        that fails is a row with its error, never an exception. The same stretch gives the same
        tables anywhere, and each stretch has the same tables and columns.
        """
        ...


def shards_of(work: Cut) -> list[Shard]:
    """All shards of a work, in order."""
    runs, size = work.runs, work.runs_a_shard
    firsts = range(0, runs, size)
    return [Shard(n, first, min(first + size, runs)) for n, first in enumerate(firsts)]
