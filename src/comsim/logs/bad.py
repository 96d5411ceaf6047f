"""Rows that cannot be read: the first is named and the file refused, or all are left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from comsim.errors import InputError
from comsim.logs.text import Text


class Reason(NamedTuple):
    column: str
    """As in `time column`."""
    found: Callable[[int], str]
    """What stands in a row."""
    allowed: str


class BadRows:
    """Why each row of a log cannot be read, if so. Rows count from 1, the header left out."""

    def __init__(self, path: Path, rows: int) -> None:
        self.path = path
        self.reasons: list[Reason] = []
        self.why = np.full(rows, -1, np.int16)

    @property
    def good(self) -> np.ndarray:
        return self.why < 0

    def mark(
        self, bad: np.ndarray, column: str, found: Text | Callable[[int], str], allowed: str
    ) -> None:
        """Rows that are bad for this reason; a row keeps the first reason that it gets."""
        fresh = bad & self.good
        if fresh.any():
            cell = found.cell if isinstance(found, Text) else found
            self.why[fresh] = len(self.reasons)
            self.reasons.append(Reason(column, cell, allowed))

    def settle(self, skip: bool, excluded: np.ndarray) -> list[str]:
        """InputError at the first bad row; with `skip`, a note for each reason instead.

        Rows that are `excluded` do not matter.
        """
        bad = ~self.good & ~excluded
        if not bad.any():
            return []
        first = int(bad.argmax())
        column, found, allowed = self.reasons[self.why[first]]
        others = int(bad.sum()) - 1
        if not skip or bad.sum() == (~excluded).sum():
            place = f"{found(first)} in row {first + 1}"
            if others:
                place += f" (and {count(others, 'more row')} that cannot be read)"
            way = "" if skip else "; --skip-bad leaves such rows out"
            raise InputError.at(self.path, column, place, allowed + way)
        notes = []
        for number, (column, found, _) in enumerate(self.reasons):
            rows = np.flatnonzero(bad & (self.why == number))
            if len(rows):
                example = f"the first: {found(int(rows[0]))} in row {rows[0] + 1}"
                notes.append(f"left out: {count(len(rows), 'row')}, {column} ({example})")
        return notes


def count(number: int, what: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
