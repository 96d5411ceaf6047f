"""Daily series from CSV files: joiners and history of a real community.

Notes of the run count the data that it does not use: rows outside the run, and unused columns.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.errors import InputError
from comsim.model.catalogue import COLUMNS, LEVERS
from comsim.scenario.checks import Described, plain
from comsim.scenario.csvfile import (
    A_NUMBER,
    Doubt,
    as_number,
    cell_in_words,
    columns_in_words,
    either,
    no_such_column,
    read_csv,
)
from comsim.scenario.records import CsvSeries, Intake
from comsim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 20_000_000  # bytes
A_CSV = "a CSV file with a header and one row per day"
DATE, DAY = "date", "day"  # default names of columns
DAY_0_OF_EXCEL = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)  # Excel's day numbers of 1954 to 2119
LONG = 14  # rows from which a column that never falls may hold cumulative totals


class DailyRows:
    """A CSV in which each row is a day."""

    def __init__(self, scenario: Scenario, series: CsvSeries, csv_name: str) -> None:
        self.scenario, self.path = scenario, scenario.path(csv_name)
        self.header, rows = read_csv(self.path, LARGEST, A_CSV)
        self.lines, self.rows = map(list, zip(*rows, strict=True))
        if series.date or series.day:
            self.clock, dated = series.date or series.day, series.date is not None
        else:
            clocks = {name.casefold(): name for name in self.header}
            dated = DATE in clocks
            self.clock = clocks.get(DATE) or clocks.get(DAY, DAY)
        self.days = self._days(self.clock, dated)
        if dated and not series.date and clocks.get(DAY):
            self._compare(clocks[DAY], self._days(clocks[DAY], dated=False))
        seen: dict[int, int] = {}
        for row, day in enumerate(self.days):
            if day in seen:
                found = f"{self.cells(self.clock)[row]} twice, in lines {self.lines[seen[day]]}"
                found += f" and {self.lines[row]}"
                raise self.error(self.clock, found, "each day at most once")
            seen[day] = row
        self.inside = [0 <= day < scenario.days for day in self.days]
        if not any(self.inside):
            raise self.error(self.clock, self._all_outside(dated), scenario.days_in_words)

    def error(self, column: str, found: str, allowed: str) -> InputError:
        return InputError.at(self.path, f"column {column!r}", found, allowed)

    def wrong(self, row: int, column: str, cell: object, allowed: str) -> InputError:
        found = f"{cell_in_words(cell)} in line {self.lines[row]}"
        return self.error(column, found, allowed)

    def cells(self, column: str) -> list[str]:
        """A column as text."""
        if column not in self.header:
            raise no_such_column(self.path, column, self.header)
        place = self.header.index(column)
        return [row[place] for row in self.rows]

    def _days(self, column: str, dated: bool) -> list[int]:
        """The day of each row, possibly outside the run."""
        read = self._date if dated else self._whole
        return [read(row, column, cell) for row, cell in enumerate(self.cells(column))]

    def _date(self, row: int, column: str, cell: str) -> int:
        try:
            if len(cell) != 10:
                raise ValueError
            return (date.fromisoformat(cell) - self.scenario.start).days
        except ValueError:
            allowed = "a date such as 2024-01-31"
            if cell.isascii() and cell.isdigit() and int(cell[:9]) in SERIALS:
                excel = DAY_0_OF_EXCEL + timedelta(days=int(cell))
                allowed += f" (read as an Excel day number this is {excel})"
            raise self.wrong(row, column, cell, allowed) from None

    def _whole(self, row: int, column: str, cell: str) -> int:
        if not (cell.isascii() and cell.isdigit() and len(cell) <= 6):
            raise self.wrong(row, column, cell, "a whole number of days from 0")
        return int(cell)

    def _compare(self, column: str, days: list[int]) -> None:
        """Check that the dates and day numbers of a file agree."""
        for row, day in enumerate(days):
            if day != self.days[row]:
                found = f"{day} beside {self.cells(self.clock)[row]}"
                allowed = f"{self.days[row]}, or a key date or day that names the column to use"
                raise self.wrong(row, column, Described(found), allowed)

    def _all_outside(self, dated: bool) -> str:
        first, last = (self._moment(day) for day in (min(self.days), max(self.days)))
        found = f"only days outside the run: {first} to {last}"
        if not dated and min(self.days) in SERIALS and max(self.days) in SERIALS:
            excel = [DAY_0_OF_EXCEL + timedelta(days=x) for x in (min(self.days), max(self.days))]
            found += f" (read as Excel day numbers: {excel[0]} to {excel[1]})"
        return found

    def _moment(self, day: int) -> str:
        return f"day {day} ({self.scenario.start + timedelta(days=day)})"

    def numbers(self, column: str, gaps: bool) -> np.ndarray:
        """A column as float64; if `gaps` are allowed, empty cells are NaN."""
        cells = self.cells(column)
        values = np.array([as_number(cell) for cell in cells], np.float64)
        for row in np.flatnonzero(np.isnan(values)):
            if not (gaps and cells[row] == ""):
                raise self.wrong(row, column, cells[row], A_NUMBER)
        doubt = Doubt()
        for row, cell in enumerate(cells):
            doubt.see(row + 1, cell)
        row, cell = doubt.found
        if row:
            raise self.wrong(row - 1, column, Described(cell), either(cell))
        return values

    def notes(self, used: set[str], unit: str = "", amounts: np.ndarray | None = None) -> list[str]:
        """Notes on data left out: rows outside the run, with the sum of their `amounts` (in
        `unit`), and columns that are not `used`."""
        notes = []
        if outside := self.inside.count(False):
            lost = "" if amounts is None else (
                f", {amounts[~np.array(self.inside)].sum():,.0f} {unit} in all,"
            )  # fmt: skip
            notes.append(
                f"{self.path}: {outside:,} of {len(self.days):,} rows{lost} lie outside "
                f"{self.scenario.days_in_words} and are left out; the file covers "
                f"{self._moment(min(self.days))} to {self._moment(max(self.days))}"
            )
        used = used | {self.clock}
        if unused := [x for x in self.header if x not in used and x.casefold() != DAY]:
            notes.append(f"{self.path}: unused columns: {columns_in_words(unused)}")
        return notes


def joiners(scenario: Scenario) -> tuple[np.ndarray, list[str]]:
    """People who join on each day of the run (int64, days), and notes on what was changed.

    Nobody joins before the first row or after the last; rows after the run are not used.
    """
    intake = scenario.intake
    if intake.csv is None:
        raise scenario.error("intake.csv", "nothing", 'csv = "FILE", or the option --intake FILE')
    rows = DailyRows(scenario, intake, intake.csv)
    column, notes = intake.column, []
    people = rows.numbers(column, gaps=False)
    most = LEVERS["intake"].high
    for row in np.flatnonzero((people < 0) | (people > most) | (people % 1 != 0)):
        found = plain(people[row])
        raise rows.wrong(row, column, Described(found), f"a whole number from 0 to {plain(most)}")
    order = np.argsort(rows.days)
    days, people = np.array(rows.days)[order], people[order].astype(np.int64)
    if days[0] < 0:
        first = scenario.start + timedelta(days=int(days[0]))
        found = f"day {days[0]} ({first}), before the start of the run ({scenario.start})"
        allowed = f"days from the start of the run; or set start = {first}"
        raise rows.error(rows.clock, found, allowed)
    for at in np.flatnonzero(np.diff(days) != 1):
        missing = days[at] + 1
        found = f"a gap: no day {missing} ({scenario.start + timedelta(days=int(missing))})"
        raise rows.error(rows.clock, found, "a row for each day, with 0 if nobody joined")
    if intake.cumulative:
        people = np.diff(people, prepend=0)
        for day in days[people < 0][:1]:
            times = int((people < 0).sum())
            notes.append(
                f"{rows.path}: {column!r} falls {times} times, first on day {day}; "
                "nobody is assumed to have joined on such a day (for a column of each day's "
                "joiners, set cumulative = false)"
            )
        people = np.maximum(people, 0)
    elif len(people) >= LONG and people[0] < people[-1] and (np.diff(people) >= 0).all():
        notes.append(
            f"{rows.path}: {column!r} never falls; if it holds cumulative accounts instead of each "
            "day's joiners, set cumulative = true"
        )
    table = np.zeros(scenario.days, np.int64)
    inside = days < scenario.days
    table[days[inside]] = people[inside]
    if inside.sum() < scenario.days:
        notes.append(
            f"{rows.path}: rows for days {days[0]} to {days[inside][-1]}; on the other "
            f"{scenario.days - inside.sum():,} days of the run nobody joins through it"
        )
    by_row = np.empty(len(people))
    by_row[order] = people
    return table, rows.notes(_used(scenario, rows.path), "joiners", by_row) + notes


def observed(scenario: Scenario) -> pd.DataFrame | None:
    """The observed series: column `day` (int64), then one float64 column per metric.

    Days may be missing, and cells may be empty (NaN). Rows outside the run are left out. Without a
    file of its own, the file of joiners is read. None if the scenario has no `[observed]`.
    """
    if scenario.observed is None:
        return None
    import pandas as pd

    rows = _observed_rows(scenario)
    table = {}
    for metric, column in scenario.observed.columns.items():
        values, unit = rows.numbers(column, gaps=True), COLUMNS[metric].unit
        low, high = -np.inf if unit == "currency" else 0, 1 if unit == "share" else np.inf
        for row in np.flatnonzero((values < low) | (values > high)):
            allowed = "a share from 0 to 1" if unit == "share" else "a number from 0"
            raise rows.wrong(row, column, Described(plain(values[row])), allowed)
        table[metric] = values
    frame = pd.DataFrame({"day": np.array(rows.days, np.int64), **table})
    return frame[rows.inside].sort_values("day").reset_index(drop=True)


def observed_notes(scenario: Scenario) -> list[str]:
    """Notes on observed series without a number on any day of the run, and on data left out of
    their file, unless it is the file of joiners, which has notes already."""
    if scenario.observed is None:
        return []
    rows, intake = _observed_rows(scenario), scenario.intake
    notes = [
        f"{rows.path}: {column!r} is empty on all days of the run"
        for column in scenario.observed.columns.values()
        if not any(cell for cell, day in zip(rows.cells(column), rows.inside, strict=True) if day)
    ]
    if intake and intake.csv and scenario.path(intake.csv) == rows.path:
        return notes
    return rows.notes(_used(scenario, rows.path)) + notes


def _observed_rows(scenario: Scenario) -> DailyRows:
    series = scenario.observed
    file = series.csv or (scenario.intake and scenario.intake.csv)
    if file is None:
        allowed = 'csv = "FILE", or the option --observed FILE'
        raise scenario.error("observed.csv", "nothing", allowed)
    return DailyRows(scenario, series, file)


def _used(scenario: Scenario, path: Path) -> set[str]:
    """The columns of a file that any series of the scenario uses."""
    used: set[str] = set()
    for series in filter(None, (scenario.intake, scenario.observed)):
        file = series.csv or (scenario.intake and scenario.intake.csv)
        if file and scenario.path(file) == path:
            mine = [series.column] if isinstance(series, Intake) else series.columns.values()
            used |= {*mine, *filter(None, (series.date, series.day))}
    return used


def with_intake(scenario: Scenario, csv: str | Path, **keys: Any) -> Scenario:
    """The scenario with its joiners from this file instead of the lever `intake`.

    `keys` are those of `[intake]` and override the scenario's.
    """
    data = scenario.to_dict()
    data.get("policy", {}).pop("intake", None)
    return _with(scenario, data, "intake", csv, keys)


def with_observed(scenario: Scenario, csv: str | Path, **keys: Any) -> Scenario:
    """The scenario with its observed series from this file."""
    return _with(scenario, scenario.to_dict(), "observed", csv, keys)


def _with(scenario: Scenario, data: dict, key: str, csv: str | Path, keys: dict) -> Scenario:
    # On the command line, a path is relative to the current folder.
    data[key] = data.get(key, {}) | {"csv": str(Path(csv).absolute())} | keys
    return scenario.again(data)
