"""A column of a log: texts as they are written in the file."""

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
        """From cells of any length, chunked; what is missing becomes the empty text."""
        cells = cells.cast(pa.large_string()).fill_null("").combine_chunks()
        coded = cells.dictionary_encode()
        return cls(coded.indices.to_numpy(zero_copy_only=False), coded.dictionary)

    def rows(self, value: np.ndarray) -> np.ndarray:
        """What is known of each value, laid out by row."""
        return value[self.codes]

    def cell(self, row: int) -> str:
        """A cell as a message shows it."""
        return shown(self.values[int(self.codes[row])].as_py())


def shown(text: str) -> str:
    """A text on one line, in quotes, cut short."""
    if not text.strip():
        return "nothing"
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}...")


def short(names: Iterable[str]) -> list[str]:
    """Names of columns, cut to what a line can hold; one that holds invisible marks in quotes."""
    names = [name if len(name) <= 40 else f"{name[:40]}..." for name in names if name]
    names = [name if name.isprintable() else repr(name) for name in names]
    more = len(names) - MOST_NAMES
    return names if more <= 0 else [*names[:MOST_NAMES], f"and {more} more"]


def bare(name: str) -> str:
    """What is left of a name without case, blanks at the ends or doubled, invisible characters
    and Unicode variants."""
    if name.isascii():
        return " ".join(name.lower().split())
    name = unicodedata.normalize("NFKC", name).casefold()
    name = "".join(mark for mark in name if unicodedata.category(mark) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", name).split())
