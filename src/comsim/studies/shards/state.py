"""How far a work is, read from another process while it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from comsim.studies.shards import manifest
from comsim.studies.shards.files import PARTS
from comsim.studies.shards.lock import claimed_at, held, let_go
from comsim.studies.shards.manifest import FINISHED, RUNNING, STOPPED, Manifest
from comsim.studies.shards.work import RUNS

KILLED = "killed"


@dataclass(frozen=True)
class State:
    """How far a work is."""

    state: str
    """One of "running", "stopped" (in order), "killed" and "finished"."""
    done: int
    """Runs."""
    runs: int
    """All of them."""
    failed: int
    """Runs that ended with an error, when the manifest was last written."""
    rate: float | None
    """Runs a second since it was last begun or resumed; None before the first shard."""
    left: float | None
    """Seconds left at that rate, if it goes on; None when finished, or not known."""
    engine: str
    started: str
    updated: str


def progress_of(folder: str | Path) -> State:
    """How far the work in a folder is; InputError where there is none.

    Finished shards are counted, and the rate read from their files' times.
    """
    folder = Path(folder)
    # In this order: the last word is written while the lock is held, before the parts go.
    working, times = held(folder), dict(_finished(folder))
    found = manifest.read(folder)
    if found.state == FINISHED:
        state, done, rate = FINISHED, found.runs, None
    else:
        state = RUNNING if working else STOPPED if let_go(folder) else KILLED
        done, rate = _runs(found, times), _rate(found, times, claimed_at(folder))
    left = (found.runs - done) / rate if rate else None
    return State(
        state, done, found.runs, found.failed, rate, left, found.engine, found.started,
        found.updated,
    )  # fmt: skip


def _finished(folder: Path) -> Iterator[tuple[int, float]]:
    """Number of each finished shard, and when its file was written (seconds since 1970)."""
    for path in (folder / PARTS / RUNS).glob("*.parquet"):
        with suppress(OSError, ValueError):  # it is merged just now, or none of ours
            yield int(path.stem), path.stat().st_mtime


def _runs(found: Manifest, numbers: Iterable[int]) -> int:
    size = found.runs_a_shard
    return sum(min(size, found.runs - number * size) for number in numbers)


def _rate(found: Manifest, times: dict[int, float], began: float | None) -> float | None:
    """Runs a second from `began` to the last shard finished since."""
    since = {number: at for number, at in times.items() if began is not None and at > began}
    return _runs(found, since) / (max(since.values()) - began) if since else None
