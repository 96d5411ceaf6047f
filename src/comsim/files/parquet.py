"""Parquet files that carry a checksum of all their bytes.

The checksum lies between a file's pages and its footer, where Parquet readers do not look.
Parquet's own checksums do not cover the footer.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from comsim.files.sums import changed

if TYPE_CHECKING:
    import pandas as pd

# Stated in full, so that the same numbers give the same bytes.
PARQUET: dict[str, Any] = {
    "engine": "pyarrow", "index": False, "compression": "zstd", "compression_level": 3,
    "version": "2.6", "row_group_size": 1 << 20,
}  # fmt: skip

SEAL = hashlib.sha256().digest_size  # bytes
CHUNK = 1 << 20  # bytes
SEALED = b"comsim.sealed"  # key and value: a flipped bit can't change both
END = 8  # bytes that end a Parquet file: the length of its footer, and "PAR1"


def write_sealed(frame: pd.DataFrame, path: Path) -> None:
    """Write a sealed Parquet file, marked as such for `check_sealed`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    metadata = {**(table.schema.metadata or {}), SEALED: SEALED}
    pq.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")
    seal_file(path)


def check_sealed(path: Path) -> None:
    """Raise Changed if a bit of a `write_sealed` file has changed; accept other files."""
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, ValueError, NotImplementedError):  # no Parquet file: readers report it
        return
    if any(SEALED in pair for pair in metadata.items()):
        try:
            check_seal(path)
        except ValueError:
            raise changed(path, "write it again") from None


def sealed(file: bytes) -> bytes:
    """A Parquet file with the SHA-256 of its bytes inserted between its pages and its footer."""
    at = len(file) - _tail(file)
    return file[:at] + hashlib.sha256(file).digest() + file[at:]


def unsealed(file: bytes) -> bytes:
    """The original of a sealed file; ValueError if any bit has changed."""
    at = len(file) - _tail(file)
    seal, plain = file[at - SEAL : at], file[: at - SEAL] + file[at:]
    if hashlib.sha256(plain).digest() != seal:
        raise ValueError("not as it was written")
    return plain


def seal_file(path: Path) -> None:
    """Seal a Parquet file in place."""
    with path.open("r+b") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        at = _footer(file)
        file.seek(at)
        footer = file.read()
        file.seek(at)
        file.write(digest + footer)


def check_seal(path: Path) -> None:
    """ValueError if any bit of a sealed file has changed; reads the file in chunks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        left = _footer(file) - SEAL
        if left < 0:
            raise ValueError("no sealed file")
        file.seek(0)
        while left:
            part = file.read(min(left, CHUNK))
            digest.update(part)
            left -= len(part)
        seal = file.read(SEAL)
        digest.update(file.read())
    if digest.digest() != seal:
        raise ValueError("not as it was written")


def _footer(file: BinaryIO) -> int:
    """The position of the footer."""
    size = file.seek(0, 2)
    file.seek(max(size - END, 0))
    return size - _tail(file.read())


def _tail(file: bytes) -> int:
    """How many bytes the footer of a Parquet file takes, with the END bytes after it."""
    return int.from_bytes(file[-END:-4], "little") + END
