"""The error for invalid input: a single line, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

SHOWN = 60  # characters of a wrong value


class InputError(ValueError):
    """Invalid input. The command line prints it and exits with 2."""

    key = found = allowed = ""
    """The parts of the line, for a message about another file."""

    @classmethod
    def at(cls, file: object, key: str, found: str, allowed: str) -> InputError:
        """One line with the file, the key or column, what was found and what is allowed."""
        error = cls(" ".join(f"{file}: {key}: found {found}; allowed: {allowed}".split()))
        error.key, error.found, error.allowed = key, found, allowed
        return error

    @classmethod
    def missing(cls, file: object, expected: str) -> InputError:
        """One line about a file that does not exist."""
        error = cls(" ".join(f"{file}: file not found; expected {expected}".split()))
        error.key, error.found, error.allowed = "file", "file not found", expected
        return error

    @classmethod
    def unreadable(cls, file: object, problem: OSError, expected: str) -> InputError:
        """One line about a file that does not exist, or can't be read."""
        if isinstance(problem, FileNotFoundError):
            return cls.missing(file, expected)
        found = (problem.strerror or str(problem)).lower()
        return cls.at(file, "file", found, expected)


def nearest(word: str, known: Iterable[str]) -> str:
    """`known` as a list in words; the name most similar to `word` is first, and marked."""
    known = list(known)
    lower = {name.lower(): name for name in known}
    match = get_close_matches(word.lower(), lower, n=1, cutoff=0.5)
    if not match:
        return ", ".join(known)
    guess = lower[match[0]]
    rest = [name for name in known if name != guess]
    return f"{guess} (the nearest)" + "".join(f", {name}" for name in rest)


class Described(str):
    """What was found, already in words."""


def shown(value: object) -> str:
    """Any value in an error: short, on one line."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 64:
        return "a whole number of over 64 bits"  # Python refuses to print the very long ones
    if isinstance(value, (date, int, float)):
        return str(value).removesuffix(".0")
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def plain(number: float) -> str:
    """A number without an exponent or a redundant point, as in a file."""
    return str(int(number)) if number == int(number) and abs(number) < 2**63 else f"{number:g}"


def range_of(low: float, high: float, whole: bool = False) -> str:
    """A range in words."""
    return f"a {'whole ' if whole else ''}number from {plain(low)} to {plain(high)}"
