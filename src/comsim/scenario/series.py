"""Series of days from CSV files: joiners of a real community, and what it did."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.catalogue import LEVERS
from comsim.errors import InputError
from comsim.scenario.checks import Words, choices, plain, shown
from comsim.scenario.files import read_text
from comsim.scenario.form import Scenario, Series

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 20_000_000  # bytes
A_CSV = "a CSV file with a header and a row a day"


class Rows:
    """A CSV in which each row is a day: its days, and its columns as they are asked for."""

    def __init__(self, scenario: Scenario, series: Series, csv_name: str) -> None:
        self.path = scenario.path(csv_name)
        self.header, self.rows = _table(self.path)
        if series.date or series.day:
            self.clock = series.date or series.day
            dated = series.date is not None
        else:
            dated = "date" in self.header
            self.clock = "date" if dated else "day"
        read = self._date if dated else self._whole
        cells = self.cells(self.clock)
        days = [read(row, cell) for row, cell in enumerate(cells)]
        self.days = [(day - scenario.start).days for day in days] if dated else days
        seen: set[int] = set()
        for row, day in enumerate(self.days):
            if day in seen:
                raise self.error(self.clock, f"{cells[row]} twice, in {self.line(row)}", "once")
            seen.add(day)

    def error(self, column: str, found: str, allowed: str) -> InputError:
        return InputError.at(self.path, f"column {column!r}", found, allowed)

    def line(self, row: int) -> str:
        return f"row {row + 1}"

    def wrong(self, row: int, column: str, cell: object, allowed: str) -> InputError:
        found = cell if isinstance(cell, Words) else "nothing" if cell == "" else shown(cell)
        return self.error(column, f"{found} in {self.line(row)}", allowed)

    def cells(self, column: str) -> list[str]:
        """A column as text."""
        if column not in self.header:
            raise self.error(column, "no such column", choices(column, self.header))
        place = self.header.index(column)
        return [row[place].strip() if place < len(row) else "" for row in self.rows]

    def _date(self, row: int, cell: str) -> date:
        try:
            if len(cell) != 10:
                raise ValueError
            return date.fromisoformat(cell)
        except ValueError:
            raise self.wrong(row, self.clock, cell, "a date such as 2024-01-31") from None

    def _whole(self, row: int, cell: str) -> int:
        if not (cell.isascii() and cell.isdigit() and len(cell) <= 6):
            raise self.wrong(row, self.clock, cell, "a whole number of days from 0")
        return int(cell)

    def numbers(self, column: str, gaps: bool) -> np.ndarray:
        """A column as float64; where `gaps` are allowed, empty cells are nan."""
        values = np.empty(len(self.rows))
        for row, cell in enumerate(self.cells(column)):
            try:
                values[row] = np.nan if gaps and cell == "" else float(cell)
            except ValueError:
                raise self.wrong(row, column, cell, "a number") from None
            if not np.isfinite(values[row]) and not (gaps and cell == ""):
                raise self.wrong(row, column, cell, "a number")
        return values


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV; empty lines are passed over."""
    text = read_text(path, LARGEST, A_CSV)
    try:
        header, *rows = [row for row in csv.reader(StringIO(text, newline="")) if row]
    except csv.Error as error:
        raise InputError.at(path, "file", str(error), A_CSV) from None
    except ValueError:
        raise InputError.at(path, "file", "nothing in it", A_CSV) from None
    if not rows:
        raise InputError.at(path, "file", "no rows", A_CSV)
    return [name.strip() for name in header], rows


def joiners(scenario: Scenario) -> tuple[np.ndarray, list[str]]:
    """People who join on each day of the run (int64, days), and notes on what was changed.

    Days before the first row and after the last have none; rows after the run are not used.
    """
    intake = scenario.intake
    if intake.csv is None:
        raise scenario.error("intake.csv", "nothing", 'csv = "FILE" there, or --intake FILE')
    rows = Rows(scenario, intake, intake.csv)
    column, notes = intake.column, []
    people = rows.numbers(column, gaps=False)
    most = LEVERS["intake"].high
    for row in np.flatnonzero((people < 0) | (people > most) | (people % 1 != 0)):
        found = plain(people[row])
        raise rows.wrong(row, column, Words(found), f"a whole number from 0 to {plain(most)}")
    order = np.argsort(rows.days)
    days, people = np.array(rows.days)[order], people[order].astype(np.int64)
    if days[0] < 0:
        found = f"day {days[0]}, before the start ({scenario.start})"
        raise rows.error(rows.clock, found, "days from the scenario's start")
    for at in np.flatnonzero(np.diff(days) != 1):
        missing = days[at] + 1
        found = f"a gap: no day {missing} ({scenario.start + timedelta(days=int(missing))})"
        raise rows.error(rows.clock, found, "a row for each day")
    if intake.cumulative:
        people = np.diff(people, prepend=0)
        for day in days[people < 0][:1]:
            times = int((people < 0).sum())
            notes.append(
                f"{rows.path}: {column!r} falls {times} times, first on day {day}; "
                "nobody is taken to have joined on such a day"
            )
        people = np.maximum(people, 0)
    table = np.zeros(scenario.days, np.int64)
    inside = days < scenario.days
    table[days[inside]] = people[inside]
    return table, notes


def observed(scenario: Scenario) -> pd.DataFrame | None:
    """What the real community did: column `day` (int64), then a float64 column a metric.

    Days may be missing, cells may be empty (nan); rows outside the run are left out. Without a
    file of its own, the intake's is read. None where the scenario has no `[observed]`.
    """
    import pandas as pd

    asked = scenario.observed
    if asked is None:
        return None
    file = asked.csv or (scenario.intake and scenario.intake.csv)
    if file is None:
        raise scenario.error("observed.csv", "nothing", 'csv = "FILE" there, or --observed FILE')
    rows = Rows(scenario, asked, file)
    table = {metric: rows.numbers(name, gaps=True) for metric, name in asked.columns.items()}
    frame = pd.DataFrame({"day": np.array(rows.days, np.int64), **table}).sort_values("day")
    return frame[frame["day"].between(0, scenario.days - 1)].reset_index(drop=True)


def with_intake(scenario: Scenario, csv: str | Path, **keys: Any) -> Scenario:
    """The scenario with its joiners from this file, in place of the lever `intake`.

    `keys` are those of `[intake]` and override the scenario's.
    """
    data = scenario.to_dict()
    data.get("policy", {}).pop("intake", None)
    return _with(scenario, data, "intake", csv, keys)


def with_observed(scenario: Scenario, csv: str | Path, **keys: Any) -> Scenario:
    """The scenario with its observed series from this file."""
    return _with(scenario, scenario.to_dict(), "observed", csv, keys)


def _with(scenario: Scenario, data: dict, key: str, csv: str | Path, keys: dict) -> Scenario:
    # Given on the command line, a path is relative to where one stands.
    data[key] = data.get(key, {}) | {"csv": str(Path(csv).absolute())} | keys
    return scenario.again(data)
