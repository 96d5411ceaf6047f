"""The progress of a sweep, read by another process while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from comsim.studies.shards import manifest
from comsim.studies.shards.files import PARTS
from comsim.studies.shards.lock import claimed_at, held, released
from comsim.studies.shards.manifest import FINISHED, RUNNING, STOPPED, Manifest
from comsim.studies.shards.work import RUNS

KILLED = "killed"


@dataclass(frozen=True)
class State:
    """The progress of a sweep."""

    state: str
    """One of "running", "stopped" (normally), "killed" and "finished"."""
    done: int
    """Number of finished runs."""
    runs: int
    """Number of all runs."""
    failed: int
    """Number of runs with an error, when the manifest was last written."""
    rate: float | None
    """Runs per second since it was last started or resumed; None before the first shard."""
    left: float | None
    """Seconds left at this rate; None if it is finished or unknown."""
    engine: str
    started: str
    updated: str


def progress_of(folder: str | Path) -> State:
    """The progress of the sweep in a folder; InputError if there is none. Finished shards are
    counted, and the rate is computed from the times of their files."""
    folder = Path(folder)
    # In this order: the final manifest is written while the lock is held, before parts are removed.
    working, times = held(folder), dict(_finished(folder))
    known = manifest.read(folder)
    if known.state == FINISHED:
        state, done, rate = FINISHED, known.runs, None
    else:
        state = RUNNING if working else STOPPED if released(folder) else KILLED
        done, rate = _runs(known, times), _rate(known, times, claimed_at(folder))
    left = (known.runs - done) / rate if rate else None
    return State(
        state, done, known.runs, known.failed, rate, left, known.engine, known.started,
        known.updated,
    )  # fmt: skip


def _finished(folder: Path) -> Iterator[tuple[int, float]]:
    """The number of each finished shard, and the time of its file (seconds since 1970)."""
    for path in (folder / PARTS / RUNS).glob("*.parquet"):
        with suppress(OSError, ValueError):  # it has just been merged, or is not ours
            yield int(path.stem), path.stat().st_mtime


def _runs(known: Manifest, numbers: Iterable[int]) -> int:
    size = known.runs_a_shard
    return sum(min(size, known.runs - number * size) for number in numbers)


def _rate(known: Manifest, times: dict[int, float], began: float | None) -> float | None:
    """Runs per second from `began` to the last shard finished since."""
    since = {number: at for number, at in times.items() if began is not None and at > began}
    return _runs(known, since) / (max(since.values()) - began) if since else None
