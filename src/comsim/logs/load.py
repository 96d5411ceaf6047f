"""The cells of a file as text: CSV (also compressed, or with other separators) and Parquet.

Nothing is inferred here. A row with more or fewer cells than the header is not interpreted.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import json
import lzma
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from comsim.common.errors import InputError
from comsim.files.parquet import check_sealed
from comsim.files.sums import check_beside
from comsim.logs.text import Text

WHAT = "a CSV file with a header, or a Parquet file"
PARQUET = (".parquet", ".pq")
CHUNK = 50_000  # rows
LONGEST = 2**24  # characters of a cell; mails and posts may exceed Python's limit of 131,072
PACKED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
FLOATS = {16: (2**11, 3), 32: (2**24, 6), 64: (2**53, 15)}
"""By bits: the largest float up to which all whole numbers are exact, and its decimals beyond."""
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip; UTF-32 first, since its marks begin with those of UTF-16
FOREIGN = {
    b"PK\x03\x04": "a zip archive or an Excel workbook (export it as CSV, or unpack it)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (export it as CSV)",
    b"%PDF": "a PDF",
    b"SQLite format": "an SQLite database (export a table as CSV)",
    b"ARROW1\0": "an Arrow file (write it as Parquet)",
}
WRITABLE = (
    pa.types.is_integer, pa.types.is_string, pa.types.is_large_string, pa.types.is_decimal,
    pa.types.is_binary, pa.types.is_large_binary, pa.types.is_timestamp, pa.types.is_date,
    pa.types.is_null,
)  # fmt: skip
WRITTEN = {r"<": "HTML or XML", r"\{|\[\s*[\[{\"]": "JSON", r"From [^\n,]*\n[\w-]+: ": "a mailbox"}


class Cells(NamedTuple):
    """The requested columns, and the rows that do not fit the header."""

    rows: int
    columns: dict[str, Text]
    ragged: dict[int, int]
    """Row -> its number of cells; such a row is empty in `columns`."""


class CsvFile:
    """A CSV file: the `names` of its columns, and its cells on request."""

    def __init__(self, path: Path, encoding: str | None) -> None:
        self.path, self.attrs = path, {}
        with _refusing(path), _unpacked(path) as file:
            head = file.read(4096)
        self.encoding = encoding or next(
            (name for mark, name in MARKS.items() if head.startswith(mark)), "utf-8"
        )
        _refuse_foreign(path, head, self.encoding)
        with self._lines() as lines:
            first = next((line for line in lines if line.strip()), "")
        if not first:
            raise InputError.at(path, "file", "an empty file", "a header and rows")
        # Spreadsheets write semicolons if the comma is the decimal separator.
        self.separator = "\t" if path.suffix == ".tsv" else ","
        if self.separator not in first:
            self.separator = next((mark for mark in ";\t|" if mark in first), ",")
        with self._rows() as rows:
            self.names = [name.strip() for name in next(rows)]

    def cells(self, wanted: list[str]) -> Cells:
        place = {name: self.names.index(name) for name in wanted}
        parts: dict[str, list[pa.Array]] = {name: [] for name in wanted}
        ragged: dict[int, int] = {}
        width, count = len(self.names), 0
        with self._rows() as rows:
            next(rows)
            while chunk := list(islice(rows, CHUNK)):
                for at, row in enumerate(chunk):
                    if len(row) != width:
                        ragged[count + at] = len(row)
                        chunk[at] = [""] * width
                for name, column in place.items():
                    cells = [row[column] for row in chunk]
                    parts[name].append(pa.array(cells, pa.large_string()))
                count += len(chunk)
        columns = {
            name: Text.of(pa.chunked_array(cells, pa.large_string()))
            for name, cells in parts.items()
        }
        return Cells(count, columns, ragged)

    @contextmanager
    def _lines(self) -> Iterator[IO[str]]:
        with _refusing(self.path), _unpacked(self.path) as file:
            try:
                yield io.TextIOWrapper(file, self.encoding, newline="")
            except UnicodeError as error:  # for UTF-16 and others without a position
                at = isinstance(error, UnicodeDecodeError)
                problem = f"byte {error.object[error.start]:#04x}, which" if at else "text that"
                problem += f" is not {self.encoding}"
                allowed = "UTF-8, or --encoding with the file's own (gb18030, latin-1, utf-16)"
                raise InputError.at(self.path, "text", problem, allowed) from None

    @contextmanager
    def _rows(self) -> Iterator[Iterator[list[str]]]:
        """All non-empty rows, starting with the header."""
        done = 0

        def counted(reader: Any) -> Iterator[list[str]]:
            nonlocal done
            for row in reader:
                if row:
                    yield row
                    done += 1

        with self._lines() as lines:
            usual = csv.field_size_limit(LONGEST)  # global to the process, so it is restored
            try:
                # Strict, since a misplaced quote hides the rows after it.
                yield counted(csv.reader(lines, delimiter=self.separator, strict=True))
            except csv.Error as error:
                problem = f"a cell of over {LONGEST:,} characters" if "limit" in str(error) else (
                    "an unclosed quote" if "end of data" in str(error)
                    else "characters after a closing quote"
                )  # fmt: skip
                where = f"row {done}" if done else "header"
                allowed = 'quoted texts such as "a, b", with quotes inside doubled ("")'
                raise InputError.at(self.path, where, problem, allowed) from None
            finally:
                csv.field_size_limit(usual)


class ParquetFile:
    """A Parquet file: the `names` of its columns, pandas' `attrs`, and its cells on request."""

    def __init__(self, path: Path) -> None:
        self.path = path
        check_sealed(path)
        with _refusing(path):
            self.file = pq.ParquetFile(path)
            schema = self.file.schema_arrow
            self.names = schema.names
            about = json.loads((schema.metadata or {}).get(b"pandas", b"{}"))
        self.attrs = about.get("attributes") or {}

    def cells(self, wanted: list[str]) -> Cells:
        with _refusing(self.path):
            table = self.file.read(columns=wanted)
            columns = {name: _as_text(self.path, name, table[name]) for name in wanted}
        return Cells(table.num_rows, columns, {})


def open_log(path: Path, encoding: str | None = None) -> CsvFile | ParquetFile:
    """Open a log by its content, not its name; InputError if it is neither CSV nor Parquet."""
    if not path.exists():
        raise InputError.missing(path, WHAT)
    if path.is_dir():
        raise InputError.at(path, "file", "a folder", WHAT)
    check_beside(path)
    if not path.is_file():  # a pipe can be read only once
        raise InputError.at(path, "file", "a pipe or a device", WHAT)
    with _refusing(path), path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return ParquetFile(path)
    if path.suffix in PARQUET:
        raise InputError.at(path, "file", "no Parquet data, despite its name", WHAT)
    try:
        b" ".decode(encoding or "utf-8", "ignore")
    except (LookupError, ValueError):
        allowed = "an encoding that Python knows, such as utf-8, gb18030, latin-1"
        raise InputError.at(path, "encoding", repr(encoding)[:40], allowed) from None
    return CsvFile(path, encoding)


def _as_text(path: Path, name: str, column: pa.ChunkedArray) -> Text:
    """A column of any type as text, as in a CSV file, without loss."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_integer(kind) and not column.null_count:
        codes, values = pd.factorize(column.to_numpy())
        return Text(codes, pa.array(values).cast(pa.large_string()))
    if pa.types.is_floating(kind):
        exact, digits = FLOATS[kind.bit_width]
        codes, values = pd.factorize(column.to_numpy().astype(float), use_na_sentinel=False)
        texts = [_number(value, exact, digits) for value in values.tolist()]
        return Text(codes, pa.array(texts, pa.large_string()))
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp(kind.unit, "UTC"))
    if not any(is_so(kind) for is_so in WRITABLE):
        problem = f"values of the type {str(kind)[:40]}"
        allowed = "texts, whole numbers, dates or times"
        raise InputError.at(path, f"column {name!r}", problem, allowed)
    return Text.of(column)


def _number(value: float, exact: int, digits: int) -> str:
    """A float as text; with an exponent if its last digits may be lost; empty for NaN."""
    if math.isnan(value):
        return ""
    if abs(value) > exact:
        return f"{value:.{digits}e}"
    return str(int(value)) if value % 1 == 0 else repr(value)


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        start = file.read(6)
    opener = next((way for mark, way in PACKED.items() if start.startswith(mark)), open)
    with opener(path, "rb") as file:
        yield file


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn errors of the libraries about an unreadable file into an InputError."""
    try:
        yield
    except (pa.ArrowException, EOFError, lzma.LZMAError, gzip.BadGzipFile):
        raise InputError.at(path, "file", "damaged or truncated data", WHAT) from None
    except InputError:
        raise
    except OSError as error:
        problem = (error.strerror or str(error))[:80]
        raise InputError.at(path, "file", problem, WHAT) from None


def _refuse_foreign(path: Path, head: bytes, encoding: str) -> None:
    problem = next((what for mark, what in FOREIGN.items() if head.startswith(mark)), None)
    if problem is None and "16" not in encoding and "32" not in encoding:
        if b"\0" in head:
            problem = "binary data, or UTF-16 without a byte order mark (--encoding utf-16-le)"
        else:
            start = head.removeprefix(codecs.BOM_UTF8).lstrip().decode("ascii", "ignore")
            problem = next((what for mark, what in WRITTEN.items() if re.match(mark, start)), None)
    if problem:
        raise InputError.at(path, "file", problem, WHAT)
