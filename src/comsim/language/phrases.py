"""Words, numbers and dates in the reader's language.

The text is data: `text.toml` has every phrase in English and in Chinese. What has no Chinese yet
is said in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, Protocol

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
    """Says things in one language; `start` is the date of day 0."""

    phrases = staticmethod(catalogue)

    def __init__(self, language: str, start: date = date(2000, 1, 1)) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        self.language, self.start = language, start

    def __call__(self, key: str, **values: Any) -> str:
        """The phrase `room.key`, with values put in."""
        room, _, name = key.partition(".")
        phrase = self.phrases()[room][name]
        return phrase.get(self.language, phrase["en"]).format(**values)

    def label(self, declared: Mapping[str, Labelled], name: str) -> str:
        """The label of a declared lever, parameter, column or the like; if it is unknown, as in
        results of another version, its name with spaces."""
        item = declared.get(name)
        return name.replace("_", " ") if item is None else item.called(self.language)

    def name(self, room: str, name: str, otherwise: str | None = None) -> str:
        """What a stage, an outcome or another name in a room of `text.toml` is called."""
        phrase = self.phrases().get(room, {}).get(name, {})
        plain = name.replace("_", " ") if otherwise is None else otherwise
        return phrase.get(self.language, phrase.get("en", plain))

    def days(self, count: float) -> str:
        """So many days."""
        number = self.number(count)
        return self("unit.day" if number == "1" else "unit.days", n=number)

    def times(self, count: int) -> str:
        """So many times."""
        return self("unit.once" if count == 1 else "unit.times", n=self.number(count))

    def number(self, value: float | None, digits: int = 0) -> str:
        """With separators and a true minus sign; a dash where there is none."""
        if value is None or not isfinite(value):
            return "–"
        text = f"{value:,.{digits}f}"
        return (text.lstrip("-") if float(text.replace(",", "")) == 0 else text).replace("-", "−")

    def signed(self, value: float, unit: str = "") -> str:
        """A difference, with its sign; as `short` otherwise."""
        text = self.short(value)
        plain = not isfinite(value) or text.startswith("−") or not text.strip("0.")
        return ("" if plain else "+") + text + (unit if isfinite(value) else "")

    def stop(self, sentence: str) -> str:
        """A sentence with its full stop."""
        return sentence + ("。" if self.language == "zh" else ".")

    def short(self, value: float | None) -> str:
        """As many digits as say something: three below a hundred, then whole."""
        if value is None or not isfinite(value):
            return "–"
        if abs(value) >= 99.95:
            return self.number(value)
        text = f"{value:.3g}"
        return (text if "e" not in text else f"{value:.6f}".rstrip("0")).replace("-", "−")

    def tick(self, value: float) -> str:
        """A number beside an axis: thousands and more in the language's own steps."""
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
        when = self.start + timedelta(days=int(day))
        if self.language == "zh":
            return f"{when.year}年{when.month}月{when.day}日"
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"

    def brief(self, day: int) -> str:
        """The date of a day where there is little room."""
        when = self.start + timedelta(days=int(day))
        return when.isoformat() if self.language == "zh" else self.date(day)

    def iso(self, text: str) -> str:
        """A date that was written as 2024-01-31; any other text as it is."""
        try:
            return self.date((date.fromisoformat(text) - self.start).days)
        except ValueError:
            return text

    def month(self, when: date) -> str:
        """A month of a year."""
        if self.language == "zh":
            return f"{when.year}年{when.month}月"
        return f"{MONTHS[when.month - 1]} {when.year}"

    def month_of(self, day: int) -> str:
        """The month that a day lies in."""
        return self.month(self.start + timedelta(days=int(day)))

    def moment(self, day: int) -> str:
        """A date, with the number of its day."""
        return self("unit.moment", date=self.date(day), day=self.number(day))

    def listed(self, parts: list[str]) -> str:
        """Several things, one after the other."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def joined(self, parts: list[str]) -> str:
        """Parts of one statement, with commas."""
        return ("，" if self.language == "zh" else ", ").join(parts)

    def joined_sentences(self, parts: Sequence[str]) -> str:
        """Whole sentences, one after the other."""
        return ("" if self.language == "zh" else " ").join(parts)

    def clauses(self, parts: list[str]) -> str:
        """Statements, one after the other."""
        return ("；" if self.language == "zh" else "; ").join(parts)

    def sentence(self, parts: list[str]) -> str:
        """Clauses as one line with a capital, and no full stop: a headline."""
        text = self.joined(parts)
        return text[:1].upper() + text[1:]
