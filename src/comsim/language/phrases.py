"""Words, numbers and dates in the reader's language.

The text is data: `text.toml` has every phrase in English and in Chinese. A phrase without a Chinese
version is shown in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, Protocol

from comsim.language.dates import COUNTED, Dates

LANGUAGES = ("en", "zh")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Labelled(Protocol):
    """Something that is declared elsewhere with its labels."""

    def called(self, language: str) -> str:
        """The label in a language."""


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Every phrase: catalogue()[room][key][language]."""
    return tomllib.loads(files(__package__).joinpath("text.toml").read_text("utf-8"))


class Words:
    """Phrases, numbers and days in one language; `dates` are those of the run."""

    phrases = staticmethod(catalogue)

    def __init__(self, language: str, dates: Dates = COUNTED) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        self.language, self.dates = language, dates

    def __call__(self, key: str, **values: Any) -> str:
        """The phrase `room.key`, with its values filled in."""
        room, _, name = key.partition(".")
        phrase = self.phrases()[room][name]
        return phrase.get(self.language, phrase["en"]).format(**values)

    def label(self, declared: Mapping[str, Labelled], name: str) -> str:
        """The label of a declared lever, parameter, column or similar. If the name is unknown (as
        in results of another version), the name itself with spaces."""
        item = declared.get(name)
        return name.replace("_", " ") if item is None else item.called(self.language)

    def name(self, room: str, name: str, otherwise: str | None = None) -> str:
        """The displayed name of a stage, an outcome or another entry in a room of `text.toml`."""
        phrase = self.phrases().get(room, {}).get(name, {})
        plain = name.replace("_", " ") if otherwise is None else otherwise
        return phrase.get(self.language, phrase.get("en", plain))

    def days(self, count: float) -> str:
        """A number of days."""
        number = self.number(count)
        return self("unit.day" if number == "1" else "unit.days", n=number)

    def times(self, count: int) -> str:
        """A number of times."""
        return self("unit.once" if count == 1 else "unit.times", n=self.number(count))

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with separators and a true minus sign; a dash for a missing one."""
        if value is None or not isfinite(value):
            return "–"
        text = f"{value:,.{digits}f}"
        return (text.lstrip("-") if float(text.replace(",", "")) == 0 else text).replace("-", "−")

    def signed(self, value: float, unit: str = "") -> str:
        """A difference with its sign, otherwise formatted as by `short`."""
        text = self.short(value)
        plain = not isfinite(value) or text.startswith("−") or not text.strip("0.")
        return ("" if plain else "+") + text + (unit if isfinite(value) else "")

    def stop(self, sentence: str) -> str:
        """A sentence with its full stop."""
        return sentence + ("。" if self.language == "zh" else ".")

    def short(self, value: float | None) -> str:
        """A number without meaningless digits: three digits below a hundred, whole from there
        on."""
        if value is None or not isfinite(value):
            return "–"
        if abs(value) >= 99.95:
            return self.number(value)
        text = f"{value:.3g}"
        return (text if "e" not in text else f"{value:.6f}".rstrip("0")).replace("-", "−")

    def tick(self, value: float) -> str:
        """A number on an axis. Large ones are in the units of the language (k and M, or 万 and
        亿)."""
        steps = {"en": ((1e9, "B"), (1e6, "M"), (1e3, "k")), "zh": ((1e8, "亿"), (1e4, "万"))}
        for step, sign in steps[self.language]:
            if abs(value) >= max(step, 1e4):
                return f"{value / step:g}{sign}".replace("-", "−")
        return self.short(value)

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share as a percentage."""
        return (
            "–" if share is None or not isfinite(share) else f"{self.number(100 * share, digits)}%"
        )

    def date(self, day: int) -> str:
        """The date of a day."""
        return self.dated(self.dates.of(day))

    def dated(self, when: date) -> str:
        """A date."""
        if self.language == "zh":
            return f"{when.year}年{when.month}月{when.day}日"
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"

    def brief(self, day: int) -> str:
        """The date of a day in a short form."""
        return self.dates.of(day).isoformat() if self.language == "zh" else self.date(day)

    def iso(self, text: str) -> str:
        """A date that was written as 2024-01-31; any other text as it is."""
        try:
            return self.dated(date.fromisoformat(text))
        except ValueError:
            return text

    def month(self, when: date) -> str:
        """A month of a year."""
        if self.language == "zh":
            return f"{when.year}年{when.month}月"
        return f"{MONTHS[when.month - 1]} {when.year}"

    def month_of(self, day: int) -> str:
        """The month of a day."""
        return self.month(self.dates.of(day))

    def moment(self, day: int) -> str:
        """A day as a date, with its number unless readers know the dates."""
        if self.dates.known:
            return self.date(day)
        return self("unit.moment", date=self.date(day), day=self.number(day))

    def when(self, day: float) -> str:
        """A day in short: a date if readers know the dates, otherwise its number. Means are
        rounded; a dash stands for a missing day."""
        if not isfinite(day):
            return "–"
        return self.date(round(day)) if self.dates.known else self.counted(day)

    def about(self, day: float) -> str:
        """A day if there is little room: the month if readers know the dates, otherwise the number
        of the day."""
        return self.month_of(day) if self.dates.known else self.counted(day)

    def counted(self, day: float | str) -> str:
        """The number of a day, shown with its date; empty if readers know the dates."""
        if self.dates.known:
            return ""
        return self("unit.day_number", n=day if isinstance(day, str) else self.number(day))

    def listed(self, parts: list[str]) -> str:
        """Items as a list."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def joined(self, parts: list[str]) -> str:
        """Parts of one statement, joined by commas."""
        return ("，" if self.language == "zh" else ", ").join(parts)

    def joined_sentences(self, parts: Sequence[str]) -> str:
        """Whole sentences as one text."""
        return ("" if self.language == "zh" else " ").join(parts)

    def clauses(self, parts: list[str]) -> str:
        """Statements, joined by semicolons."""
        return ("；" if self.language == "zh" else "; ").join(parts)

    def sentence(self, parts: list[str]) -> str:
        """A headline: clauses on one line, with a capital letter and no full stop."""
        text = self.joined(parts)
        return text[:1].upper() + text[1:]
