"""A column of a log: text exactly as written in the file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa

SHOWN = 60  # characters of a cell that a message shows
MOST_NAMES = 12  # columns that a message lists


class Text(NamedTuple):
    """A column: row i holds `values[codes[i]]`. The values are distinct, in order of appearance."""

    codes: np.ndarray
    values: pa.Array

    @classmethod
    def of(cls, cells: pa.ChunkedArray) -> Text:
        """From a chunked array of any type; missing cells become empty text."""
        cells = cells.cast(pa.large_string()).fill_null("").combine_chunks()
        coded = cells.dictionary_encode()
        return cls(coded.indices.to_numpy(zero_copy_only=False), coded.dictionary)

    def rows(self, value: np.ndarray) -> np.ndarray:
        """Expand an array with one element per value to one per row."""
        return value[self.codes]

    def cell(self, row: int) -> str:
        """A cell as shown in a message."""
        return shown(self.values[int(self.codes[row])].as_py())


def shown(text: str) -> str:
    """Text on one line, in quotes, truncated."""
    if not text.strip():
        return "nothing"
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}...")


def short(names: Iterable[str]) -> list[str]:
    """Names of columns, truncated to fit a line; quoted if they hold invisible characters."""
    names = [name if len(name) <= 40 else f"{name[:40]}..." for name in names if name]
    names = [name if name.isprintable() else repr(name) for name in names]
    more = len(names) - MOST_NAMES
    return names if more <= 0 else [*names[:MOST_NAMES], f"and {more} more"]


def bare(name: str) -> str:
    """A name without case, outer or repeated blanks, invisible characters and Unicode variants."""
    if name.isascii():
        return " ".join(name.lower().split())
    name = unicodedata.normalize("NFKC", name).casefold()
    name = "".join(mark for mark in name if unicodedata.category(mark) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", name).split())
