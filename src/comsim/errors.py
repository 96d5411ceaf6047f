"""The one error for a user's mistake: a single line, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """What a user gave cannot be used. The command line prints it and exits with 2."""

    key = found = allowed = ""
    """The parts of the line, for who says it again about another file."""

    @classmethod
    def at(cls, file: object, key: str, found: str, allowed: str) -> InputError:
        """One line that names the file, the key or column, what was found and what is allowed."""
        error = cls(" ".join(f"{file}: {key}: found {found}; allowed: {allowed}".split()))
        error.key, error.found, error.allowed = key, found, allowed
        return error


def nearest(word: str, known: Iterable[str]) -> str:
    """`known` as a list in words, the name most like `word` first and marked as a guess."""
    known = list(known)
    lower = {name.lower(): name for name in known}
    match = get_close_matches(word.lower(), lower, n=1, cutoff=0.5)
    if not match:
        return ", ".join(known)
    guess = lower[match[0]]
    rest = [name for name in known if name != guess]
    return f"{guess} (the nearest)" + "".join(f", {name}" for name in rest)
