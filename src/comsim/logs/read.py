"""From the file of a log to rows of numbers, with notes on every assumption made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from comsim.common.errors import InputError, nearest
from comsim.logs.bad import BadRows, count
from comsim.logs.ids import POINT_ZERO, WHOLE, Ids, Names, read_ids, read_mapping
from comsim.logs.load import Cells, CsvFile, ParquetFile, open_log
from comsim.logs.span import FAR, Island, islands
from comsim.logs.text import Text, bare, short
from comsim.logs.times import EPOCH, FIRST, LAST, Times, on_date, read_times
from comsim.model.periods import MONTH

LONGEST = 36_600  # days; a log of over a century is a misread column
MINUTE = 60_000_000  # microseconds
TELLING = 20  # rows; fewer say little about a column
REPEATED = 0.01  # share of repeated rows from which a note is given
ALMOST_ALL = 0.95  # distinct members per row from which a column is doubtful


@dataclass(frozen=True)
class Columns:
    """The name of each column; None for the column of the same name as the field, if it exists."""

    member: str = "member"
    time: str | None = None
    day: str | None = None
    kind: str | None = None
    target: str | None = None


@dataclass(frozen=True)
class How:
    """How to read cells, and which rows: the options of `comsim.logs.events.read_log`."""

    start: str | None = None
    zone: str | None = None
    unit: str | None = None
    dayfirst: bool | None = None
    encoding: str | None = None
    since: str | None = None
    until: str | None = None
    map: str | Path | None = None
    exclude: Collection[str] = ()
    fold: bool = False
    as_written: bool = False
    skip_bad: bool = False


class Rows(NamedTuple):
    """The rows that count, in order of time; arrays of equal length."""

    day: np.ndarray
    """From 0, the day of `start`."""
    who: np.ndarray
    kind: np.ndarray | None
    """Positions in the list of kinds."""
    whom: np.ndarray
    """-1 for nobody."""
    start: date | None
    days: int | None
    """The number of days watched, if the log or `until` defines it."""
    attrs: dict[str, Any]
    """Metadata of a log written by comsim."""
    names: Names | None
    """The ids of members by number; None if ids are whole numbers."""
    notes: list[str]


def read_rows(path: Path, kinds: Sequence[str], columns: Columns, how: How) -> Rows:
    """Read a log. InputError, in one line, for unusable or doubtful data."""
    file = open_log(path, how.encoding)
    own = isinstance(file, ParquetFile) and {"day", "member", "kind", "target"} <= set(file.names)
    attrs = file.attrs if own else {}
    columns = _columns(path, file, columns)
    roles = {role: name for role, name in vars(columns).items() if name}
    cells = file.cells(sorted(set(roles.values())))
    text = {role: cells.columns[name] for role, name in roles.items()}
    bad = _fitting(path, cells, len(file.names))
    if not how.skip_bad:  # before cells in the wrong column are interpreted
        bad.settle(False, np.zeros(cells.rows, bool))

    exclude = frozenset(how.exclude)
    ids = read_ids(
        text["member"], text.get("target"), (columns.member, columns.target or ""), bad,
        read_mapping(Path(how.map)) if how.map else None, exclude, how.fold, how.as_written,
    )  # fmt: skip
    code = _kinds(text["kind"], kinds, bad) if columns.kind else None
    start = _date(path, "start", how.start or attrs.get("start"))
    since, until = _date(path, "since", how.since), _date(path, "until", how.until)
    zero = (start - EPOCH).days if start else None
    when = text["time" if columns.time else "day"]
    if columns.time:
        times = read_times(when, bad, how.unit, how.dayfirst, how.zone, since, until)
    else:
        zero = zero or 0
        if (since or until) and not start:
            option = "since" if since else "until"
            raise InputError.at(path, option, "days without dates", "dates with --start")
        times = _days(when, zero, bad)
        if not own and not start:
            _check_first_day(times, when, columns, bad)
    day = times.day
    before = bad.good & (day < (since - EPOCH).days if since else False)
    after = bad.good & (day > (until - EPOCH).days if until else False)
    inside = ~(before | after)
    if zero is not None and columns.time:
        bad.mark(
            inside & (day < zero), "time column",
            lambda row: f"{when.cell(row)}, before the start,",
            f"times from {start} on (--since {start} leaves out those before)",
        )  # fmt: skip
    if not own:
        _mark_slips(when, columns, day, inside & ~ids.excluded, bad, since, until)
    notes = bad.settle(how.skip_bad, ids.excluded | ~inside) + ids.notes + times.notes
    before, after = before & ~ids.excluded, after & ~ids.excluded
    counted = bad.good & inside & ~ids.excluded
    notes += _outside(int(before.sum()), int(after.sum()), since, until)
    order = np.argsort(times.instant, kind="stable")
    rows = order[counted[order]]
    if not len(rows) and cells.rows:
        raise InputError.at(path, "rows", "none left to count", "at least one to count")
    if not own:
        notes += _namesakes(columns, file.names)
        notes += _lone(day, counted, since, until) + _doubtful(columns, ids, rows)
        if columns.time:
            notes += _repeated(times.instant[rows], ids.who[rows], ids.whom[rows], code, rows)
        if len(rows):
            notes += _first(int(day[rows].min()), zero, how, columns)
        else:
            notes.append("rows: none in this log")

    days = attrs.get("days") if isinstance(attrs.get("days"), int) else None
    if columns.time and start is None and len(rows):
        start = since if before.any() else date.fromisoformat(on_date(int(day[rows].min())))
        zero = (start - EPOCH).days
    if after.any():
        days = (until - EPOCH).days - (zero or 0) + 1
    who, whom, names = ids.numbers(rows)
    day = day[rows] - (zero or 0)
    _check_length(day, rows, when, columns, bad)
    kind = None if code is None else code[rows]
    return Rows(day, who, kind, whom, start, days, attrs, names, notes)


def _check_first_day(times: Times, when: Text, columns: Columns, bad: BadRows) -> None:
    """InputError if the days of a column seem to count from a date."""
    if bad.good.any() and (first := times.day[bad.good].min()) > FAR:
        row = int((bad.good & (times.day == first)).argmax())
        allowed = (
            "days counted from 0 (--start with the date that they count from; "
            f"--time {columns.day} --unit days, or excel, for days since 1970, or 1900)"
        )
        raise InputError.at(bad.path, "day column", f"{when.cell(row)} in row {row + 1}", allowed)


def _check_length(
    day: np.ndarray, rows: np.ndarray, when: Text, columns: Columns, bad: BadRows
) -> None:
    """InputError if a log is longer than a community can be."""
    if len(day) and day.max() >= LONGEST:
        row = int(rows[day.argmax()])
        problem = f"{when.cell(row)} in row {row + 1}, {day.max():,} days after the start"
        raise InputError.at(bad.path, _column(columns), problem, f"up to {LONGEST - 1:,} days")


def _column(columns: Columns) -> str:
    return "time column" if columns.time else "day column"


def _columns(path: Path, file: CsvFile | ParquetFile, given: Columns) -> Columns:
    """The columns to read, each of which must occur once."""
    names, time, day = file.names, given.time, given.day
    if time and day:
        raise InputError.at(path, "day", f"both time {time!r} and day {day!r}", "one of the two")
    if not (time or day):
        time, day = ("time", None) if "time" in names or "day" not in names else (None, "day")
    kind = given.kind or ("kind" if "kind" in names else None)
    target = given.target or ("target" if "target" in names else None)
    columns = Columns(given.member, time, day, kind, target)
    role_of: dict[str, str] = {}
    for role, name in vars(columns).items():
        if name is None:
            continue
        if name not in names:
            allowed = nearest(name, short(names))
            allowed = f"{allowed}; set it with --{role}"
            raise InputError.at(path, f"{role} column", f"no {name[:40]!r}", allowed)
        if names.count(name) > 1:
            problem = f"{names.count(name)} columns named {name!r}"
            raise InputError.at(path, f"{role} column", problem, "one column of this name")
        if name in role_of:
            problem = f"{name!r}, which is also the {role_of[name]} column"
            raise InputError.at(path, f"{role} column", problem, "a column of its own")
        role_of[name] = role
    return columns


def _namesakes(columns: Columns, names: list[str]) -> list[str]:
    """Notes on columns with a name similar to that of a column that is read."""
    return [
        f"columns: {name!r} is read as the {role}, but {other!r} is not (--{role})"
        for role, name in vars(columns).items() if name
        for other in names if other not in vars(columns).values() and bare(other) == bare(name)
    ]  # fmt: skip


def _fitting(path: Path, cells: Cells, width: int) -> BadRows:
    """Mark rows with more or fewer cells than the header as bad."""
    bad = BadRows(path, cells.rows)
    ragged = np.zeros(cells.rows, bool)
    ragged[list(cells.ragged)] = True
    allowed = f"{width}, as in the header (put text with commas in quotes)"
    bad.mark(ragged, "cells", lambda row: str(cells.ragged[row]), allowed)
    return bad


def _kinds(text: Text, kinds: Sequence[str], bad: BadRows) -> np.ndarray:
    names = text.values.to_pylist()
    code = text.rows(
        np.array([kinds.index(name) if name in kinds else -1 for name in names] or [0], np.int8)
    )
    unknown = next((name for name in names if name and name not in kinds), "")
    bad.mark(code < 0, "kind column", text, nearest(unknown[:40], kinds))
    return code


def _days(text: Text, zero: int, bad: BadRows) -> Times:
    """Whole numbers of days, counted from the day `zero` after 1970-01-01."""
    numbers = []
    for name in text.values.to_pylist():
        match = POINT_ZERO.fullmatch(name)
        name = match[1] if match else name
        numbers.append(int(name) if WHOLE.fullmatch(name) and int(name) < LONGEST else -1)
    day = text.rows(np.array(numbers or [0], np.int64))
    bad.mark(day < 0, "day column", text, f"a whole number of days from 0 to {LONGEST - 1}")
    day = np.maximum(day, 0) + zero
    return Times(day, day, [])  # rows of a day keep their order


def _date(path: Path, key: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        raise InputError.at(path, key, repr(text)[:40], "a date such as 2024-01-31") from None


def _mark_slips(
    when: Text, columns: Columns, day: np.ndarray, rows: np.ndarray, bad: BadRows,
    since: date | None, until: date | None,
) -> None:  # fmt: skip
    """Mark rows as bad if they are so far from all others that their time is probably wrong, unless
    a bound was given on that side."""
    for island in islands(day, rows & bad.good):
        bound = since if island.early else until
        if 2 * island.rows.sum() == (rows & bad.good).sum():  # either half may be the slip
            bound = since or until
        if not island.slip or bound:
            continue
        last = int(day[island.rows].min() if island.early else day[island.rows].max())
        side = "before" if island.early else "after"
        option = f"--{'since' if island.early else 'until'} {on_date(last)}"
        stands = f"{island.gap:,} days {side} all others"
        keeps = f"times closer to the others ({option} keeps it)"
        if columns.day:
            keeps = "days closer to the others"
        bad.mark(
            island.rows, _column(columns),
            lambda row, stands=stands: f"{when.cell(row)} ({stands})", keeps,
        )  # fmt: skip


def _lone(day: np.ndarray, rows: np.ndarray, since: date | None, until: date | None) -> list[str]:
    """Notes on the rows at either end that the longest gap separates from the rest."""
    notes = []
    lone: dict[bool, Island] = {}
    for island in islands(day, rows):
        other = lone.get(island.early)
        if not island.slip and (other is None or island.gap > other.gap):
            lone[island.early] = island
    for island in lone.values():
        if since if island.early else until:
            continue
        days = day[island.rows]
        side, option = ("before", "since") if island.early else ("after", "until")
        notes.append(
            f"{count(int(island.rows.sum()), 'row')} from {on_date(int(days.min()))} on, "
            f"{island.gap:,} days {side} all others (--{option} leaves out such rows)"
        )
    return notes


def _first(day: int, zero: int | None, how: How, columns: Columns) -> list[str]:
    """A note on a first row that is implausibly early, or long after day 0."""
    as_usual = (FIRST - EPOCH).days <= day <= (LAST - EPOCH).days
    if columns.time and not (as_usual or how.since or how.until):
        return [f"times: with --unit {how.unit} the first is on {on_date(day)}; check the unit"]
    silent = day - zero if zero is not None else 0
    if columns.day and silent:
        return [f"days: the first row is on day {silent:,}; days count from 0"]
    if silent > MONTH:
        return [f"days: the first row is on {on_date(day)}, {silent:,} days after the start"]
    return []


def _outside(before: int, after: int, since: date | None, until: date | None) -> list[str]:
    notes = []
    if before:
        notes.append(
            f"--since: {count(before, 'row')} before {since} left out; their members join "
            "when first seen later"
        )
    if after:
        notes.append(f"--until: {count(after, 'row')} after {until} left out; the log ends there")
    return notes


def _repeated(
    instant: np.ndarray,
    who: np.ndarray,
    whom: np.ndarray,
    code: np.ndarray | None,
    rows: np.ndarray,
) -> list[str]:
    """A note on rows that may have been exported twice, if times have seconds."""
    if not len(rows) or not (instant % MINUTE).any():
        return []
    act = np.zeros(len(rows)) if code is None else code[rows]
    frame = pd.DataFrame({"instant": instant, "who": who, "whom": whom, "act": act})
    again = int(frame.duplicated().sum())
    if again < REPEATED * len(rows):
        return []
    return [f"rows: {again:,} repeat the time, member, kind and target of another; all are counted"]


def _doubtful(columns: Columns, ids: Ids, rows: np.ndarray) -> list[str]:
    """Notes on a member column that may hold something else."""
    who = np.unique(ids.who[rows])
    notes = []
    if len(rows) >= TELLING and len(who) >= ALMOST_ALL * len(rows):
        notes.append(
            f"members: {len(who):,} different ones in {len(rows):,} rows; "
            f"check that {columns.member!r} is the member column (--member)"
        )
    if columns.member != "member" and all(WHOLE.fullmatch(ids.names[code]) for code in who):
        notes.append(f"members: the numbers in {columns.member!r} are read as ids")
    return notes
