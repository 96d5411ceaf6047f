"""Times of events: one unit or one way of writing for a whole column, divided into days of a zone.

Numbers are unix seconds if most lie between 1997 and 2049 as such; other units must be named, since
a number may be an Excel date, a day, a minute or a second since another year. A time without a zone
is read in the zone of `--zone` (UTC by default); a clock time that occurs twice in the zone is read
as the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from comsim.common.errors import InputError, nearest
from comsim.logs.bad import BadRows
from comsim.logs.dates import FORMS, Date, order_of, read_date
from comsim.logs.text import Text

DAY = 86_400
FIRST, LAST = date(1980, 1, 1), date(2099, 12, 31)  # assumption: all logs lie between these dates
# Seconds since 1900, 1904, 2000 or 2001 have a median outside this range (assumption).
MIDDLE = date(1997, 1, 1), date(2049, 12, 31)
EPOCH = date(1970, 1, 1)

UNITS = {
    "s": (1.0, "seconds since 1970"),
    "ms": (1e-3, "milliseconds since 1970"),
    "us": (1e-6, "microseconds since 1970"),
    "ns": (1e-9, "nanoseconds since 1970"),
    "min": (60.0, "minutes since 1970"),
    "h": (3600.0, "hours since 1970"),
    "days": (float(DAY), "days since 1970"),
    "excel": (float(DAY), "Excel's day numbers"),
    "yyyymmdd": (0.0, "dates written 20240131"),
}
"""Seconds in a unit, and its name."""
EXCEL_1970 = 25_569  # Excel's number of 1 January 1970, in workbooks that count from 1900
WALL_CLOCKS = ("days", "excel", "yyyymmdd")  # they hold local clock times, not instants
YEAR_1, YEAR_9999 = -62_135_000_000, 253_370_000_000  # seconds since 1970
COLUMN = "time column"

NUMBER = r"^\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*$"
SHORTENED = re.compile(r"\s*[+-]?\d+(?:\.(\d*))?[eE]\+?(\d+)\s*")
ISO = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|UTC|GMT|[+-]\d\d(:?\d\d)?))?)?$"
ZONED = r":.*(Z|UTC|GMT|[+-]\d\d(:?\d\d)?)$"
ALLOWED = f"unix seconds (--unit for other numbers), or {FORMS}"


class Times(NamedTuple):
    """Values of each row; arbitrary for bad rows."""

    instant: np.ndarray
    """Microseconds since 1970, UTC."""
    day: np.ndarray
    """Days since 1970-01-01 on the calendar of the zone."""
    notes: list[str]


class _Values(NamedTuple):
    """Values for each distinct text of a column."""

    micros: np.ndarray
    """Microseconds since 1970: in UTC for times with a zone, else local clock time."""
    zoned: np.ndarray
    dated: np.ndarray
    """Whether it is a date without a time."""


def read_times(
    text: Text,
    bad: BadRows,
    unit: str | None = None,
    dayfirst: bool | None = None,
    zone: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Times:
    """Instants and days of a column. Times before 1980 or after 2099 are bad rows, unless `unit`
    is given, or `since` or `until` on that side."""
    where = read_zone(bad.path, zone)
    if unit is not None and unit not in UNITS:
        raise InputError.at(bad.path, "unit", repr(unit)[:40], nearest(unit, UNITS))
    weight = np.bincount(text.codes[bad.good], minlength=len(text.values))
    number = _matches(text.values, NUMBER)
    filled = _matches(text.values, r"\S")
    as_numbers = unit is not None or weight[number].sum() * 2 >= weight[filled].sum()
    read = _numbers if as_numbers else _dates
    values = read(text, number, weight, bad, unit if as_numbers else dayfirst)
    instant, day, skipped = _cut(values, where)

    if unit is None:
        early = (day < (FIRST - EPOCH).days) & (since is None)
        late = (day > (LAST - EPOCH).days) & (until is None)
        rows = text.rows(early | late) & bad.good
        allowed = f"{FIRST.year} to {LAST.year}, or --since or --until as other bounds"

        def cell(row: int) -> str:
            return f"{text.cell(row)} ({on_date(int(day[text.codes[row]]))})"

        bad.mark(rows, COLUMN, cell, allowed)
    rows = bad.good
    notes = _zone_notes(values, text.codes[rows], zone)
    if lost := int(skipped[text.codes[rows]].sum()):
        notes.append(f"times: {lost:,} in an hour that clocks in {where} skipped; check --zone")
    return Times(text.rows(instant), text.rows(day), notes)


def read_zone(path: object, zone: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(zone or "UTC")
    except (KeyError, ValueError, OSError):  # an unknown name, or a path
        known = nearest(str(zone), sorted(available_timezones())).split(", ")[0]
        allowed = f"{known}, or another name of the tz database"
        raise InputError.at(path, "zone", repr(zone)[:40], allowed) from None


def on_date(day: int) -> str:
    """The date of a day counted from 1970."""
    return str(np.datetime64(day, "D"))


def _matches(values: pa.Array, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False).astype(bool)


def _numbers(
    text: Text, number: np.ndarray, weight: np.ndarray, bad: BadRows, unit: str | None
) -> _Values:
    bad.mark(text.rows(~number), COLUMN, text, ALLOWED if unit is None else UNITS[unit][1])
    shortened = np.zeros(len(number), bool)
    for at in np.flatnonzero(number & _matches(text.values, "[eE]")):
        match = SHORTENED.fullmatch(text.values[int(at)].as_py())
        shortened[at] = match is not None and len(match[1] or "") < int(match[2])
    allowed = "numbers with all their digits (these were rounded)"
    bad.mark(text.rows(shortened), COLUMN, text, allowed)
    written = pc.utf8_trim_whitespace(text.values)
    value = np.full(len(number), np.nan)
    value[number] = pc.cast(written.filter(pa.array(number)), "float64").to_numpy()
    if unit is None:
        _check_seconds(text, value, bad)
        unit = "s"
    if unit == "yyyymmdd":
        micros, wrong = _stamps([_spelled(digits) for digits in written.to_pylist()])
    else:
        seconds = (value - (EXCEL_1970 if unit == "excel" else 0)) * UNITS[unit][0]
        wrong = ~((seconds > YEAR_1) & (seconds < YEAR_9999))
        # To the millisecond, since Excel's fractions of a day fall just short of whole seconds.
        micros = np.round(np.where(wrong, 0, seconds) * 1000).astype(np.int64) * 1000
    bad.mark(text.rows(wrong), COLUMN, text, f"{UNITS[unit][1]}, up to the year 9999")
    clock = np.full(len(value), unit in WALL_CLOCKS)
    return _Values(micros, ~clock, clock)


def _check_seconds(text: Text, value: np.ndarray, bad: BadRows) -> None:
    """InputError if most numbers, except zeros (missing times), are not plausible as seconds since
    1970."""
    rows = text.rows(value)
    rows = rows[bad.good & ~np.isnan(rows)]
    if not len(rows):
        return
    some = rows[rows != 0] if rows.any() else rows
    middle = float(np.quantile(some, 0.5, method="lower"))
    low, high = ((day - EPOCH).days * DAY for day in MIDDLE)
    if low <= middle <= high:
        return
    fitting = [
        f"--unit {unit} ({name})"
        for unit, (size, name) in UNITS.items()
        if low <= (middle - (EXCEL_1970 if unit == "excel" else 0)) * size <= high
        or (unit == "yyyymmdd" and re.fullmatch(r"(19|20)\d{6}(\d{4}|\d{6})?", f"{middle:.0f}"))
    ]
    if FIRST.year <= middle <= LAST.year:
        fitting = ["dates with a day, since these look like years"]
    row = int(np.nanargmin(np.where(bad.good, np.abs(text.rows(value) - middle), np.nan)))
    problem = f"{text.cell(row)} in row {row + 1}"
    allowed = f"seconds since 1970, mostly from {MIDDLE[0].year} to {MIDDLE[1].year}, or "
    allowed += " or ".join(fitting) or f"--unit with one of {', '.join(UNITS)}"
    raise InputError.at(bad.path, COLUMN, problem, allowed)


def _spelled(digits: str) -> str:
    """20240131, 202401311200 or 20240131120000 in ISO 8601; empty for anything else."""
    if not re.fullmatch(r"\d{8}(\d{4}|\d{6})?", digits):
        return ""
    clock = ":".join(digits[at : at + 2] for at in range(8, len(digits), 2))
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}{'T' * bool(clock)}{clock}"


def _dates(
    text: Text, number: np.ndarray, weight: np.ndarray, bad: BadRows, dayfirst: bool | None
) -> _Values:
    plain = _matches(text.values, ISO)
    zoned = plain & _matches(text.values, ZONED)
    iso = pc.replace_substring_regex(text.values, " ?(UTC|GMT)$", "Z")
    iso = np.where(plain, iso, text.values).astype(object)
    dated = np.array([":" not in value for value in iso], bool)
    places = np.flatnonzero(~plain & ~number & (weight > 0))
    dates = [read_date(value) for value in iso[places]]
    open_order = np.zeros(len(iso), bool)
    open_order[places] = [date.numeric for date in dates]
    reasons: dict[str, list[int]] = {}
    for place, date_ in zip(places, dates, strict=True):
        if not date_.year:
            reasons.setdefault(date_.reason, []).append(place)
    for reason, those in reasons.items():
        wrong = np.zeros(len(iso), bool)
        wrong[those] = True
        value = (lambda row, reason=reason: f"{text.cell(row)} ({reason})") if reason else text
        bad.mark(text.rows(wrong), COLUMN, value, ALLOWED)
    bad.mark(text.rows(number | (weight == 0)), COLUMN, text, ALLOWED)
    swap = False
    if dayfirst is not None:
        swap = not dayfirst
    elif open_order.any():
        known = ~open_order & ~number
        known[[place for those in reasons.values() for place in those]] = False
        if weight[open_order].sum() > weight[known].sum():
            swap = _order(text, places, dates, bad)
            other, allowed = known, "numeric dates with the year last, as in most rows"
        else:
            other, allowed = open_order, "the year first or the name of the month, as in most rows"
        bad.mark(text.rows(other), COLUMN, text, f"{allowed}, or --dayfirst or --no-dayfirst")
    for place, date_ in zip(places, dates, strict=True):
        iso[place] = date_.iso(swap and date_.numeric) if date_.year else ""
        zoned[place] = bool(date_.zone)
        dated[place] = not date_.clock
    micros, wrong = _stamps(iso)
    bad.mark(text.rows(wrong), COLUMN, text, f"a day and a time that exist; {FORMS}")
    return _Values(micros, zoned, dated)


def _order(text: Text, places: np.ndarray, dates: list[Date], bad: BadRows) -> bool:
    """Whether the month comes first in a column of dates such as 03/04/2024."""
    order = order_of(dates, None)
    if order.doubt is None:
        return order.swap
    at, doubt = order.doubt
    row = int((text.codes == places[at]).argmax())
    problem = f"{text.cell(row)} in row {row + 1}, which {doubt}"
    allowed = "an order that the rows show, or --dayfirst or --no-dayfirst"
    raise InputError.at(bad.path, COLUMN, problem, allowed)


def _stamps(iso: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Microseconds since 1970 (as UTC for times without a zone), and a mask of invalid times."""
    stamps = pd.to_datetime(
        pd.Series(iso, dtype=object), format="ISO8601", utc=True, errors="coerce"
    )
    wrong = stamps.isna().to_numpy()
    return np.where(wrong, 0, stamps.dt.as_unit("us").astype("int64").to_numpy()), wrong


def _cut(values: _Values, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Instants, days since 1970 in the zone, and a mask of times that do not exist there."""
    clock = instant = values.micros
    skipped = np.zeros(len(clock), bool)
    if zone.key != "UTC":
        clock, instant = clock.copy(), instant.copy()
        stamps = pd.DatetimeIndex(values.micros.astype("M8[us]"))
        zoned = values.zoned
        there = stamps[zoned].tz_localize("UTC").tz_convert(zone).tz_localize(None)
        clock[zoned] = there.as_unit("us").asi8
        first = np.ones(int((~zoned).sum()), bool)
        here = stamps[~zoned].tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
        instant[~zoned] = here.tz_convert("UTC").as_unit("us").asi8
        skipped[~zoned] = here.tz_localize(None) != stamps[~zoned]
        skipped &= ~values.dated
    return instant, clock // (DAY * 1_000_000), skipped


def _zone_notes(values: _Values, codes: np.ndarray, zone: str | None) -> list[str]:
    zoned = int(values.zoned[codes].sum())
    bare = int((~values.zoned & ~values.dated)[codes].sum())
    other = "" if zone else "; --zone sets another, such as Asia/Shanghai"
    name = zone or "UTC"
    if zoned and bare:
        return [f"times: {bare:,} of {zoned + bare:,} have no zone and are read in {name}{other}"]
    if bare:
        return [f"times: no zone is given; read in {name}{other}"]
    return [f"days: from midnight to midnight in {name}{other}"] if zoned else []
