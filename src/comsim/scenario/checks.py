"""The values of a scenario file: numbers, text and days, and the errors about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, NoReturn

from pydantic import BeforeValidator, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from comsim.common.errors import Described, InputError, nearest, range_of, shown
from comsim.common.errors import plain as plain  # re-exported for modules that use these checks

LONGEST_LIST_OF_NAMES = 16


def wrong(found: object, allowed: str, key: str = "") -> NoReturn:
    """Refuse a value. `key` is appended to the key of the validated value."""
    found = found if isinstance(found, Described) else shown(found)
    raise PydanticCustomError(
        "input",
        "found {found}; allowed: {allowed}",
        {"found": str(found), "allowed": allowed, "key": key},
    )


def choices(word: object, known: Iterable[str]) -> str:
    """The names that may have been meant, the nearest first; all names if there are few."""
    known, word = list(known), str(word)
    if len(known) <= LONGEST_LIST_OF_NAMES:
        return nearest(word, known)
    few = get_close_matches(word, known, n=5, cutoff=0.0)
    return f"{nearest(word, few)} and {len(known) - len(few)} more (comsim schema lists them)"


def one_of(known: Iterable[str], what: str, hidden: str = "") -> Any:
    """A type: one of some names. `what` is the kind of name, for errors."""
    known = list(known)

    def check(value: object) -> str:
        if value not in known if isinstance(value, str) else True:
            wrong(Described(f"{what} {shown(value)}{hidden}"), choices(value, known))
        return value

    return Annotated[str, PlainValidator(check), WithJsonSchema({"enum": known})]


def in_range(value: object, low: float, high: float, whole: bool = False) -> float:
    """The value, if it is a number (not true or false) within [low, high]."""
    # Comparing a huge int with a float is exact, and nan fails every comparison.
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not (number and low <= value <= high and not (whole and value != int(value))):
        wrong(value, range_of(low, high, whole))
    return int(value) if whole else float(value)


def number(low: float, high: float, whole: bool = False) -> Any:
    """A type: a number in [low, high]; a whole one becomes an int."""
    schema = {"type": "integer" if whole else "number", "minimum": low, "maximum": high}

    def check(value: object) -> float:
        if whole and isinstance(value, float):
            wrong(Described(repr(value)), range_of(low, high, whole))
        return in_range(value, low, high, whole)

    return Annotated[int if whole else float, PlainValidator(check), WithJsonSchema(schema)]


def text(longest: int, empty: bool = False) -> Any:
    """A type: printable text of at most `longest` characters."""
    allowed = f"{'' if empty else 'non-empty '}printable text of at most {longest} characters"

    def check(value: object) -> str:
        if not isinstance(value, str):
            wrong(value, allowed)
        if len(value) > longest:
            wrong(Described(f"text of {len(value)} characters"), allowed)
        if not (value.strip() or empty) or not value.replace("\n", " ").isprintable():
            wrong(value, allowed)
        return value

    schema = {"type": "string", "minLength": 0 if empty else 1, "maxLength": longest}
    return Annotated[str, PlainValidator(check), WithJsonSchema(schema)]


A_DATE = "a date such as 2024-01-31, from 1900 to 2199"
YEARS = range(1900, 2200)  # so that no run leaves the calendar


def as_date(value: object, allowed: str = A_DATE) -> date:
    """A date of TOML, or the same as text (JSON has no dates)."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        with suppress(ValueError):
            value = date.fromisoformat(value)
    if not isinstance(value, date) or isinstance(value, datetime) or value.year not in YEARS:
        wrong(value, allowed)
    return value


def as_moment(value: object) -> int | date:
    """A day number or a date."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6:
        return value
    return as_date(value, f"a day from 0, or {A_DATE}")


def as_yearly(value: object) -> str:
    """A day of every year, as month and day."""
    if isinstance(value, str) and re.fullmatch(r"\d\d-\d\d", value):
        try:
            date.fromisoformat(f"2024-{value}")  # a leap year: 02-29 is a day, 02-30 is none
            return value
        except ValueError:
            pass
    wrong(value, 'month and day such as "11-30"')


DATE = {"type": "string", "format": "date"}
Date = Annotated[date, BeforeValidator(as_date), WithJsonSchema(DATE)]
A_DAY = [{"type": "integer", "minimum": 0}, DATE]
Moment = Annotated[
    int | date,
    BeforeValidator(as_moment),
    WithJsonSchema({"anyOf": A_DAY}),
]
MOST_STARTS = 16
A_LIST_OF_DAYS = f"1 to {MOST_STARTS} days, each once, or a single day"


def as_starts(value: object) -> int | date | tuple[int | date, ...]:
    """A day, or a list of different days."""
    if not isinstance(value, list | tuple):
        return as_moment(value)
    days = tuple(as_moment(day) for day in value)
    if not 0 < len(days) <= MOST_STARTS:
        wrong(Described(f"{len(days)} days"), A_LIST_OF_DAYS)
    for at, day in enumerate(days):
        if day in days[:at]:
            wrong(Described(f"{day} twice"), A_LIST_OF_DAYS)
    return days


Starts = Annotated[
    int | date | tuple[int | date, ...],
    BeforeValidator(as_starts),
    WithJsonSchema(
        {
            "anyOf": [
                *A_DAY,
                {
                    "type": "array",
                    "items": {"anyOf": A_DAY},
                    "minItems": 1,
                    "maxItems": MOST_STARTS,
                },
            ]
        }
    ),
]
Yearly = Annotated[
    str, PlainValidator(as_yearly), WithJsonSchema({"type": "string", "pattern": r"^\d\d-\d\d$"})
]


@dataclass(frozen=True)
class OrNumber:
    """Marks a table that may also be given as a number in [low, high], the value of `keys`."""

    low: float
    high: float
    keys: tuple[str, ...]
    whole: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable) -> Any:
        return core_schema.no_info_before_validator_function(self.widen, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Callable) -> dict[str, Any]:
        alone = {"type": "integer" if self.whole else "number"}
        alone |= {"minimum": self.low, "maximum": self.high}
        return {"anyOf": [alone, handler(schema)]}

    def widen(self, value: Any) -> Any:
        """A number as the table that it stands for."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return dict.fromkeys(self.keys, in_range(value, self.low, self.high, self.whole))
        if isinstance(value, (bool, str, list, date)):
            wrong(value, f"{range_of(self.low, self.high, self.whole)}, or a table")
        return value


ALLOWED = {
    "tuple_type": "a list: [[...]] or [ ... ]",
    "dict_type": "a table",
    "bool_type": "true or false",
}


def explain(error: ValidationError, file: str) -> InputError:
    """The first of pydantic's errors as one line."""
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    key = place(first["loc"], context.get("key", ""))
    if first["type"] == "input":
        return InputError.at(file, key, context["found"], context["allowed"])
    if first["type"] in ("too_long", "too_short"):
        low, high = context.get("min_length"), context.get("max_length")
        allowed = f"at most {high}" if low is None else f"at least {low}"
        return InputError.at(file, key, f"{context['actual_length']} items", allowed)
    allowed = ALLOWED.get(first["type"], first["msg"])
    return InputError.at(file, key, shown(first["input"]), allowed)


def place(parts: Iterable[str | int], key: str = "") -> str:
    """The path of a key, such as `rules[0].do[1].lever`, with `key` appended if it is not empty."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part != "[key]":  # pydantic's own mark
            path += f".{key_name(part)}"
    if key:
        path += key if key.startswith("[") else f".{key}"
    return path.lstrip(".") or "file"


def key_name(key: object) -> str:
    """A key as written in a TOML file: in quotes if it isn't a bare key."""
    return key if isinstance(key, str) and re.fullmatch(r"[\w-]{1,60}", key) else shown(key)
