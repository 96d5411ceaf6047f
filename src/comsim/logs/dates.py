"""Dates and times written as text: any of the usual forms is rewritten as ISO 8601.

pandas then parses the ISO text and refuses days that do not exist. dateutil is not used: it fills
missing parts from today's date, and swaps day and month if only one order is possible.
Year-first dates and dates with the name of a month are unambiguous. For dates such as 03/04/2024
the order is determined for the whole column; if both orders are possible, `--dayfirst` or
`--no-dayfirst` is needed.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

FORMS = "dates such as 2024-01-31 12:00, 31 Jan 2024, 31/1/2024 or 2024年1月31日"
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTHS["sept"] = 9
# RFC 2822, section 4.3: the zones that mail may name. Other abbreviations have several meanings.
MAIL_ZONES = dict(EST=-5, EDT=-4, CST=-6, CDT=-5, MST=-7, MDT=-6, PST=-8, PDT=-7)
CENTURY = 69  # two-digit years from 69 on are in the 20th century, as in POSIX strptime

_CLOCK = (
    r"(?:(?:T|:| at |,? ?)(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,6})\d*)?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?)?)?"
)
_ZONE = r"(?:,? ?(?P<zone>Z|UTC|UT|GMT|(?:UTC|GMT)? ?[+-]\d{1,2}(?::?\d\d)?|[a-z]{2,5}))?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)"
_YEAR_FIRST = r"(?P<year>\d{4})(?P<mark>[-/. ])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
_SHAPES = [
    re.compile(_WEEKDAY + shape, re.IGNORECASE | re.ASCII)
    for shape in (
        rf"{_YEAR_FIRST}{_CLOCK}{_ZONE}",
        rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<other>\d{{1,2}})(?P=mark){_YEAR}{_CLOCK}{_ZONE}",
        rf"{_DAY}[-/. ]*(?:of )?{_MONTH}[-/., ]*{_YEAR}{_CLOCK}{_ZONE}",
        rf"{_MONTH} {_DAY}[, ]+{_YEAR}{_CLOCK}{_ZONE}",
        rf"{_MONTH} {_DAY}{_CLOCK}{_ZONE} (?P<year>\d{{4}})",
        rf"{_MONTH} {_DAY}{_CLOCK} (?P<year>\d{{4}}){_ZONE}",
    )
]
_REWRITINGS = [
    (re.compile(way, re.IGNORECASE), into)
    for way, into in (
        (r"\s+", " "),
        (r"\(?(?:星期|周|週|礼拜)[一二三四五六日天]\)?", " "),
        (r"\([月火水木金土日]\)|[월화수목금토일]요일", " "),
        (r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]", r"\1-\2-\3 "),
        (r"(\d{1,2}) ?[时時点點시] ?(\d{1,2}) ?[分분](?: ?(\d{1,2}) ?[秒초])?", r"\1:\2:\3"),
        (r"(:\d\d):(?!\d)", r"\1"),
        (r"(?:上午|午前|오전) ?([\d:]+)", r"\1 AM"),
        (r"(?:下午|午後|오후) ?([\d:]+)", r"\1 PM"),
        (r"([+-]\d{2}:?\d{2}) ?\(.*\)$", r"\1"),  # the comment repeats the offset
        (r"\((UTC|GMT)\)$", r"\1"),
        (r"^(\d{4})(\d\d)(\d\d)T(\d\d):?(\d\d)(?::?(\d\d))?", r"\1-\2-\3 \4:\5:\6"),
        (r"(:\d\d):(?!\d)", r"\1"),
        (r"^(\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?),? (.*\d{4})", r"\2 \1"),
        (r" +", " "),
    )
]
_ONLY_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?( ?[ap]m)?", re.IGNORECASE)
_MAIL = re.compile(r"[a-z]{3}, \d{1,2} [a-z]{3} ", re.IGNORECASE)


class Date(NamedTuple):
    """The ISO parts of a date and time, or the reason why it cannot be read."""

    year: int = 0
    month: int = 0
    day: int = 0
    clock: str = ""
    zone: str = ""
    numeric: bool = False
    """Month and day may be swapped."""
    short: bool = False
    """The year has two digits."""
    reason: str = ""

    def iso(self, swap: bool = False) -> str:
        month, day = (self.day, self.month) if swap else (self.month, self.day)
        return f"{self.year:04}-{month:02}-{day:02}{self.clock}{self.zone}"


def read_date(text: str) -> Date:
    """Parse a date. If the order is ambiguous, the first number is read as the day."""
    for shape in _SHAPES:
        if match := shape.fullmatch(text):
            return _parts(match.groupdict(), text)
    written = text
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    for way, into in _REWRITINGS:
        text = way.sub(into, text)
    text = text.strip()
    for shape in _SHAPES:
        if match := shape.fullmatch(text):
            return _parts(match.groupdict(), written)
    return Date(reason="a time without a date" if _ONLY_CLOCK.fullmatch(text) else "")


def _parts(fields: dict[str, str | None], text: str) -> Date:
    numeric = "first" in fields
    day, month = (fields["first"], fields["other"]) if numeric else (fields["day"], fields["month"])
    if not month.isdigit():
        month = MONTHS.get(month.lower(), 0)
        if not month:
            return Date()
    year = int(fields["year"])
    short = len(fields["year"]) == 2
    if short:
        year += 1900 if year >= CENTURY else 2000
    clock = ""
    if fields["hour"]:
        hour = int(fields["hour"])
        if half := fields["half"]:
            if hour > 12:
                return Date()
            hour = hour % 12 + (12 if half in "pP" else 0)
        clock = f"T{hour:02}:{fields['minute']}:{fields['second'] or '00'}"
        clock += f".{fields['part']}" if fields["part"] else ""
    zone = _zone(fields["zone"], text)
    if zone is None:
        return Date(reason=f"{fields['zone']} has several meanings, unlike offsets such as +01:00")
    if zone and not clock:
        return Date()
    return Date(year, int(month), int(day), clock, zone, numeric, short)


def _zone(name: str | None, text: str) -> str | None:
    """`+01:00`; empty without a zone; None for an unknown zone."""
    if not name:
        return ""
    name = name.upper()
    if name in ("Z", "UTC", "UT", "GMT"):
        return "+00:00"
    if name in MAIL_ZONES and _MAIL.match(text):
        return f"{MAIL_ZONES[name]:+03}:00"
    offset = re.fullmatch(r"(?:UTC|GMT)? ?([+-])(\d{1,2}?):?(\d\d)?", name)
    return f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}" if offset else None


class Order(NamedTuple):
    """How the dates of a column are to be read."""

    swap: bool
    """Month first."""
    doubt: tuple[int, str] | None
    """The position of an ambiguous date, and the reason."""


def order_of(dates: Iterable[Date], dayfirst: bool | None) -> Order:
    """The order of day and month for all numeric dates, from those that allow only one."""
    if dayfirst is not None:
        return Order(not dayfirst, None)
    numeric = [(at, date) for at, date in enumerate(dates) if date.numeric]
    day_first = [at for at, date in numeric if date.day > 12 >= date.month]
    month_first = [at for at, date in numeric if date.month > 12 >= date.day]
    if day_first and month_first:
        return Order(False, (month_first[0], "has the month first, unlike others"))
    open_ = [at for at, date in numeric if date.day != date.month]
    if open_ and not (day_first or month_first):
        return Order(False, (open_[0], "may have the day or the month first"))
    years = {date.year for _, date in numeric}
    days = {date.day for _, date in numeric}
    by_year = all(date.short and 1 <= date.year % 100 <= 31 for _, date in numeric)
    if day_first and by_year and len(years) >= len(days):  # 24-01-31 may be of 2024 or of 2031
        return Order(False, (day_first[0], "may have the day or the year first"))
    return Order(bool(month_first), None)
