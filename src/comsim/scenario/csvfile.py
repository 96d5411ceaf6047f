"""CSV files. A user's files are read strictly; our own are safe to open in a spreadsheet.

Ambiguous data is refused, with its line in the file. A misread number is worse than an error, so
nothing is guessed: `1,200`, `12 %` and `1_000` are not numbers, a row has as many cells as the
header, and no two columns share a name. Lines are counted as in a text editor; the header is
line 1.

A spreadsheet evaluates text that begins with = + - @ as a formula. Such text is written with an
apostrophe before it (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING

from comsim.common.errors import InputError, nearest
from comsim.scenario.checks import Described, shown
from comsim.scenario.files import read_text

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# 1.200 is 1.2 here, but 1,200 in much of Europe.
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
A_NUMBER = "a number such as 1200 or 0.5, without units or thousands separators"
MOST_NAMES, LONGEST_NAME = 8, 40

Row = tuple[int, list[str]]


def read_csv(path: Path, largest: int, allowed: str) -> tuple[list[str], Iterator[Row]]:
    """Read a CSV of at most `largest` bytes: its header, and an iterator over its rows. For each
    row it gives the number of its first line, and its cells without surrounding blanks.

    Raises InputError, at once or during iteration, for a file that does not match `allowed`. Blank
    rows, and columns without a name and without values, are ignored.
    """
    text = read_text(path, largest, allowed)
    if "\0" in text:  # UTF-16 without a byte order mark, or binary data
        raise InputError.at(path, "file", "null characters", allowed)
    rows = _rows(path, text, allowed)
    header = next(rows, None)
    if header is None:
        raise InputError.at(path, "file", "an empty file", allowed)
    names = _header(path, header[1])
    first = next(rows, None)
    if first is None:
        raise InputError.at(path, "file", "no rows", allowed)
    kept = [place for place, name in enumerate(names) if name]
    return [names[place] for place in kept], _checked(path, names, kept, chain([first], rows))


def _rows(path: Path, text: str, allowed: str) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError.at(path, "file", f"{error} in line {line}", allowed) from None
        if any(cells):
            yield line, cells


def _header(path: Path, names: list[str]) -> list[str]:
    for separator, words in SEPARATORS.items():
        if len(names) == 1 and separator in names[0]:
            allowed = "commas between cells, and a decimal point"
            raise InputError.at(path, "header", f"{words} between cells", allowed)
    places: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        same = unicodedata.normalize("NFKC", name).casefold()
        if name and same in places:
            found = f"{brief(name)} in columns {places[same]} and {place}"
            raise InputError.at(path, "header", found, "a different name for each column")
        places[same] = place
    return names


def _checked(path: Path, names: list[str], kept: list[int], rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, reduced to the named columns. Raises InputError for a value in a column without a
    name."""
    for line, cells in rows:
        if len(cells) != len(names):
            found = f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'} in line {line}"
            if len(cells) > len(names):
                found += f" ({brief(','.join(cells))})"
            allowed = f"{len(names)}, as in the header; a number has no comma: 1200, not 1,200"
            raise InputError.at(path, "file", found, allowed)
        for place, name in enumerate(names):
            if not name and cells[place]:
                found = f"no name for column {place + 1}, which has a value in line {line}"
                raise InputError.at(path, "header", found, "a name for each column")
        yield line, [cells[place] for place in kept]


def no_such_column(path: Path, column: str, header: list[str]) -> InputError:
    """An error about a missing column, with the columns that exist."""
    names = list(map(brief, header))
    few = nearest(column, names).split(", ") if len(names) <= MOST_NAMES else names[:MOST_NAMES]
    return InputError.at(
        path, f"column {column!r}", "no such column", ", ".join(few) + _more(names)
    )


def columns_in_words(names: list[str]) -> str:
    """Names of columns, truncated to a few if there are many."""
    return ", ".join(map(brief, names[:MOST_NAMES])) + _more(names)


def _more(names: list[str]) -> str:
    return f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""


def brief(name: str) -> str:
    """A name or a row as shown in an error: short and printable."""
    bare = len(name) <= LONGEST_NAME and name.isprintable()
    return name if bare else repr(name[:LONGEST_NAME])


def as_number(cell: str) -> float:
    """A cell as a number; NaN unless it is unambiguously a finite number."""
    value = float(cell) if NUMBER.fullmatch(cell) else nan
    return value if isfinite(value) else nan


class Doubt:
    """Whether the points in a column may separate thousands, as in 1.200. This is undecided as long
    as all cells with a point have this form."""

    def __init__(self) -> None:
        self.found = 0, ""
        """The line of the first such cell, and the cell; 0 and empty if nothing is ambiguous."""
        self._settled = False

    def see(self, line: int, cell: str) -> None:
        """Take a cell into account."""
        if "." not in cell or self._settled:
            return
        self._settled = not THOUSANDS.fullmatch(cell)
        if self._settled:
            self.found = 0, ""
        elif not self.found[0]:
            self.found = line, cell


def either(cell: str) -> str:
    """What to write instead of an ambiguous cell."""
    return f"{cell}0 for {float(cell):g}, or {cell.replace('.', '')} for a thousand times as much"


def cell_in_words(cell: object) -> str:
    """A cell as shown in an error."""
    return cell if isinstance(cell, Described) else "nothing" if cell == "" else shown(cell)


FORMULA = re.compile(r"'*[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")


def harmless(text: str) -> str:
    """Text that no spreadsheet evaluates as a formula. An apostrophe is put before it if necessary,
    even if it already has one. Numbers stay unchanged."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def as_csv(table: pd.DataFrame) -> str:
    """A table as CSV that is harmless in a spreadsheet, whatever separator it assumes: text is
    quoted, numbers are not, and missing values are empty. Column names must be harmless already."""
    from pandas import isna

    def cell(value: object) -> str:
        if isinstance(value, str):
            return '"{}"'.format(harmless(value).replace('"', '""'))
        return "" if isna(value) else str(value)

    rows = table.itertuples(index=False, name=None)
    lines = [",".join(table.columns), *(",".join(map(cell, row)) for row in rows)]
    return "\n".join(lines) + "\n"
