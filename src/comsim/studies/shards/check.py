"""Checks whether the files of a finished sweep have changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from comsim.files.sums import Changed, changed, check
from comsim.studies.shards import files
from comsim.studies.shards.manifest import Manifest
from comsim.studies.shards.work import Shard, shards_of

MOST = 1 << 30  # bytes, read in a second or two
AGAIN = "comsim sweep --resume restores it"


def check_inputs(folder: Path, known: Manifest) -> None:
    """Raise Changed if an input file kept in the folder has changed."""
    for name, wanted in (known.checksums or {}).items():
        check(folder / name, wanted, AGAIN)


def check_tables(folder: Path, known: Manifest) -> int:
    """Raise Changed if a table has changed or is missing; return the number of failed runs."""
    failed, names = check_runs(folder, known)
    for name in names:
        check_shards(folder, name, shards_of(known), known)
    return failed


def check_quickly(folder: Path, known: Manifest) -> list[str]:
    """Raise Changed if a file has changed or is missing. For further tables of over MOST bytes,
    check only that they exist; return their names."""
    check_inputs(folder, known)
    large = []
    for name in check_runs(folder, known)[1]:
        if size_of(folder, name) <= MOST:
            check_shards(folder, name, shards_of(known), known)
        else:
            look_for(folder, name, shards_of(known))
            large.append(name)
    return large


def check_runs(folder: Path, known: Manifest) -> tuple[int, list[str]]:
    """The number of failed runs, and the names of the further tables; Changed if runs.parquet has
    changed. A file of an earlier version is checked as far as possible."""
    seals = known.checksums is not None
    try:
        failed, names = files.merged(folder, known.runs, known.digest, seals)
    except files.SPOILT:
        raise _wrong(folder / files.MERGED) from None
    if not seals:
        names = [path.parent.name for path in folder.glob("*/000000.parquet")]
    return failed, names


def check_shards(folder: Path, name: str, shards: Iterable[Shard], known: Manifest) -> None:
    """Raise Changed if a shard of a further table has changed."""
    for shard in shards:
        try:
            files.check(folder, name, shard, known.digest)
        except files.SPOILT:
            raise _wrong(files.path_of(folder, name, shard.number)) from None


def look_for(folder: Path, name: str, shards: Iterable[Shard]) -> None:
    """Raise Changed if a shard of a further table is missing; contents are not read."""
    for shard in shards:
        if not (path := files.path_of(folder, name, shard.number)).is_file():
            raise _wrong(path)


def size_of(folder: Path, name: str) -> int:
    """The size of a further table in bytes."""
    return sum(path.stat().st_size for path in (folder / name).glob("*.parquet"))


def _wrong(path: Path) -> Changed:
    return changed(path, AGAIN, "changed" if path.exists() else "missing")
