"""The files of a shard: written to a temporary file, flushed and renamed; checked, and merged.

parts/runs/000012.parquet contains the runs of shard 12, NAME/000012.parquet each further table. The
file of runs is written last. It identifies the work, and has the number of rows of the other
tables. Finally, all runs are merged into runs.parquet, which names the further tables; those stay
in shards. Each file contains the SHA-256 of its own bytes (`comsim.files.parquet`).
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.files.aside import written_aside
from comsim.files.parquet import check_seal, seal_file, sealed, unsealed
from comsim.studies.shards.work import ERROR, RUN, RUNS, Shard

if TYPE_CHECKING:
    import pyarrow as pa

PARTS, INPUTS = "parts", "inputs"
MERGED = f"{RUNS}.parquet"
ROW_GROUP = 1024  # runs
# Errors when reading a file that is missing, incomplete or not ours, including those of pyarrow.
SPOILT = (OSError, ValueError, KeyError, NotImplementedError)
KEY = b"comsim.shards"  # key of our metadata
# Stated in full, so that the same numbers give the same bytes.
PARQUET: dict[str, Any] = {
    "compression": "zstd", "compression_level": 3, "version": "2.6", "write_page_checksum": True,
}  # fmt: skip


def path_of(folder: Path, table: str, number: int) -> Path:
    """The path of a table of a shard."""
    return folder / (f"{PARTS}/{RUNS}" if table == RUNS else table) / f"{number:06d}.parquet"


def write(folder: Path, shard: Shard, tables: dict[str, pa.Table], digest: str) -> int:
    """Write the tables of a shard; returns the number of failed runs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = {}
    for name in sorted(tables, key=lambda name: (name == RUNS, name)):  # the runs last
        table = tables[name]
        _check(shard, name, table)
        rows[name] = table.num_rows
        metadata = {"work": digest} | ({"rows": rows} if name == RUNS else {})
        place = path_of(folder, name, shard.number)
        file = pa.BufferOutputStream()
        pq.write_table(_with_metadata(table, metadata), file, row_group_size=1 << 20, **PARQUET)
        with aside(folder, place) as path:
            path.write_bytes(sealed(file.getvalue().to_pybytes()))
    return failures(tables[RUNS])


def failed_runs(folder: Path, shard: Shard, digest: str) -> int | None:
    """The number of failed runs of a finished shard; None if its files are missing, incomplete, or
    of other work."""
    try:
        runs = read(folder, RUNS, shard, digest)
        for name, rows in _metadata(runs.schema)["rows"].items():
            if name != RUNS and read(folder, name, shard, digest).num_rows != rows:
                return None
    except SPOILT:
        return None
    return failures(runs)


def read(folder: Path, name: str, shard: Shard, digest: str) -> pa.Table:
    """A table of a shard; one of SPOILT if it is missing, incomplete, or of other work."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = path_of(folder, name, shard.number)
    with pq.ParquetFile(pa.BufferReader(unsealed(path.read_bytes()))) as file:
        table = file.read(use_threads=False)  # it is small
    if _metadata(table.schema).get("work") != digest:
        raise ValueError(f"{path}: of other work")
    _check(shard, name, table)
    return table


def begun(folder: Path) -> bool:
    """Whether the runs of any shard exist."""
    return any((folder / PARTS / RUNS).glob("*.parquet"))


def failures(runs: pa.Table) -> int:
    """The number of failed runs."""
    if ERROR not in runs.column_names:
        return 0
    return runs.num_rows - runs.column(ERROR).null_count


def merge(folder: Path, shards: Sequence[Shard], digest: str) -> None:
    """Write all runs into one table, shard by shard; nothing if one is incomplete."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = None
        for shard in shards:
            mine = pq.read_schema(path_of(folder, RUNS, shard.number))
            if _metadata(mine).get("work") != digest:
                return
            names = _metadata(mine)["rows"]
            mine = mine.remove_metadata()
            # A column without a value in one shard may have no type there.
            schema = mine if schema in (None, mine) else pa.unify_schemas([schema, mine])
    except SPOILT:
        return
    what = {"work": digest, "tables": sorted({*names} - {RUNS})}
    schema = schema.with_metadata({KEY: json.dumps(what).encode()})

    def tables() -> Iterator[pa.Table]:
        for shard in shards:
            try:
                table = read(folder, RUNS, shard, digest)
                table = table.cast(schema)
            except SPOILT:
                raise _Incomplete from None
            yield table

    with suppress(_Incomplete), aside(folder, folder / MERGED) as path:
        with pq.ParquetWriter(path, schema, **PARQUET) as writer:
            for table in _regrouped(tables()):
                writer.write_table(table)
        seal_file(path)


def merged(folder: Path, runs: int, digest: str, seals: bool = True) -> tuple[int, list[str]]:
    """The number of failed runs, and the names of the further tables; one of SPOILT if the table of
    all runs is missing, has changed, or is of other work. Without `seals`, for files of
    earlier versions, only changes in the pages are detected, and there are no names."""
    import pyarrow.parquet as pq

    path = folder / MERGED
    if seals:
        check_seal(path)
    with pq.ParquetFile(path, page_checksum_verification=not seals) as file:
        metadata = _metadata(file.schema_arrow)
        if file.metadata.num_rows != runs or metadata.get("work") != digest:
            raise ValueError(f"{path}: of other work")
        failed = failures(file.read([RUN, ERROR] if seals else None))
        return failed, metadata.get("tables", [])


def check(folder: Path, name: str, shard: Shard, digest: str) -> None:
    """Raise one of SPOILT if the table of a shard is missing, changed, or of other work."""
    import pyarrow.parquet as pq

    path = path_of(folder, name, shard.number)
    check_seal(path)
    with pq.ParquetFile(path) as file:
        if _metadata(file.schema_arrow).get("work") != digest:
            raise ValueError(f"{path}: of other work")
        _check(shard, name, file.read([RUN], use_threads=False))


def clear(folder: Path, everything: bool = False) -> None:
    """Remove what a killed process was writing or, when parts are merged, all of them."""
    if everything:
        shutil.rmtree(folder / PARTS, ignore_errors=True)
        return
    for path in (folder / PARTS).glob(".*"):
        path.unlink(missing_ok=True)


def aside(folder: Path, path: Path) -> AbstractContextManager[Path]:
    """A temporary path in the same folder. On success it is flushed and renamed to `path`; on
    failure it is removed."""
    for made in (folder / PARTS, path.parent):
        made.mkdir(parents=True, exist_ok=True)
    return written_aside(path, folder / PARTS / f".{uuid.uuid4().hex}")


class _Incomplete(Exception):
    """A file of a shard is incomplete."""


def _regrouped(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows, in tables of ROW_GROUP rows (the last may have fewer)."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(one.num_rows for one in waiting) >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            while whole.num_rows >= ROW_GROUP:
                yield whole.slice(0, ROW_GROUP).combine_chunks()
                whole = whole.slice(ROW_GROUP)
            waiting = [whole]
    if waiting and (rest := pa.concat_tables(waiting)).num_rows:
        yield rest.combine_chunks()


def _check(shard: Shard, name: str, table: pa.Table) -> None:
    """ValueError if these are not the rows of the shard."""
    run = table.column(RUN).to_numpy()
    if name == RUNS:
        right = run.tolist() == list(range(shard.first, shard.stop))
    else:
        inside = (shard.first <= run) & (run < shard.stop)
        right = inside.all() and (run[1:] >= run[:-1]).all()
    if not right:
        raise ValueError(f"{shard}: rows of the table {name!r} are not those of its runs, in order")


def _with_metadata(table: pa.Table, metadata: dict[str, Any]) -> pa.Table:
    known = table.schema.metadata or {}
    return table.replace_schema_metadata({**known, KEY: json.dumps(metadata).encode()})


def _metadata(schema: pa.Schema) -> dict[str, Any]:
    return json.loads((schema.metadata or {}).get(KEY, b"{}"))
