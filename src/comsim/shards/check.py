"""Whether the files of a finished work are as they were written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from comsim.files.sums import Changed, changed, check
from comsim.shards import files
from comsim.shards.manifest import Manifest
from comsim.shards.work import Shard, shards_of

MOST = 1 << 30  # bytes, which are read in a second or two
AGAIN = "comsim sweep --resume makes it again"


def check_inputs(folder: Path, found: Manifest) -> None:
    """Changed if a file that the work reads is not as it was kept in its folder."""
    for name, wanted in (found.checksums or {}).items():
        check(folder / name, wanted, AGAIN)


def check_tables(folder: Path, found: Manifest) -> int:
    """Changed if a table is not as it was written, or is missing; returns how many runs failed."""
    failed, names = check_runs(folder, found)
    for name in names:
        check_shards(folder, name, shards_of(found), found)
    return failed


def check_quickly(folder: Path, found: Manifest) -> list[str]:
    """Changed if a file is not as it was written, or is missing. Further tables of more than MOST
    bytes are only looked for; returns their names."""
    check_inputs(folder, found)
    large = []
    for name in check_runs(folder, found)[1]:
        if size_of(folder, name) <= MOST:
            check_shards(folder, name, shards_of(found), found)
        else:
            look_for(folder, name, shards_of(found))
            large.append(name)
    return large


def check_runs(folder: Path, found: Manifest) -> tuple[int, list[str]]:
    """How many runs failed, and the names of the further tables; Changed if runs.parquet is not as
    it was written. One that an earlier version wrote is checked as far as it can be."""
    seals = found.checksums is not None
    try:
        failed, names = files.merged(folder, found.runs, found.digest, seals)
    except files.SPOILT:
        raise _wrong(folder / files.MERGED) from None
    if not seals:
        names = [path.parent.name for path in folder.glob("*/000000.parquet")]
    return failed, names


def check_shards(folder: Path, name: str, shards: Iterable[Shard], found: Manifest) -> None:
    """Changed if a shard of a further table is not as it was written."""
    for shard in shards:
        try:
            files.check(folder, name, shard, found.digest)
        except files.SPOILT:
            raise _wrong(files.path_of(folder, name, shard.number)) from None


def look_for(folder: Path, name: str, shards: Iterable[Shard]) -> None:
    """Changed if a shard of a further table is missing; their contents are not read."""
    for shard in shards:
        if not (path := files.path_of(folder, name, shard.number)).is_file():
            raise _wrong(path)


def size_of(folder: Path, name: str) -> int:
    """Bytes of a further table."""
    return sum(path.stat().st_size for path in (folder / name).glob("*.parquet"))


def _wrong(path: Path) -> Changed:
    return changed(path, AGAIN, "changed" if path.exists() else "missing")
