"""Rows that cannot be read: either the file is refused at the first, or all are left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from comsim.common.errors import InputError
from comsim.logs.text import Text


class Reason(NamedTuple):
    column: str
    """For example `time column`."""
    value: Callable[[int], str]
    """The content of a row, for messages."""
    allowed: str


class BadRows:
    """The reason why each bad row of a log cannot be read. Messages count rows from 1, without the
    header."""

    def __init__(self, path: Path, rows: int) -> None:
        self.path = path
        self.reasons: list[Reason] = []
        self.why = np.full(rows, -1, np.int16)

    @property
    def good(self) -> np.ndarray:
        return self.why < 0

    def mark(
        self, bad: np.ndarray, column: str, value: Text | Callable[[int], str], allowed: str
    ) -> None:
        """Mark rows as bad for a reason; a row keeps its first reason."""
        fresh = bad & self.good
        if fresh.any():
            cell = value.cell if isinstance(value, Text) else value
            self.why[fresh] = len(self.reasons)
            self.reasons.append(Reason(column, cell, allowed))

    def settle(self, skip: bool, excluded: np.ndarray) -> list[str]:
        """Raise InputError at the first bad row; with `skip`, return a note for each reason.

        Rows that are `excluded` are ignored.
        """
        bad = ~self.good & ~excluded
        if not bad.any():
            return []
        first = int(bad.argmax())
        column, value, allowed = self.reasons[self.why[first]]
        others = int(bad.sum()) - 1
        if not skip or bad.sum() == (~excluded).sum():
            place = f"{value(first)} in row {first + 1}"
            if others:
                place += f" (and {count(others, 'more row')} that cannot be read)"
            way = "" if skip else "; --skip-bad leaves such rows out"
            raise InputError.at(self.path, column, place, allowed + way)
        notes = []
        for number, (column, value, _) in enumerate(self.reasons):
            rows = np.flatnonzero(bad & (self.why == number))
            if len(rows):
                example = f"the first: {value(int(rows[0]))} in row {rows[0] + 1}"
                notes.append(f"left out: {count(len(rows), 'row')}, {column} ({example})")
        return notes


def count(number: int, what: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
