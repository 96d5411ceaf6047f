"""Times, sizes and numbers in words, roughly."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """A time, as "3 minutes"."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    whole = max(round(seconds), 1)
    return f"{whole} second{'s' if whole > 1 else ''}"


def size(bytes: int) -> str:
    """A size on the disk, as "1.5 GB"."""
    for unit, length in (("GB", 1e9), ("MB", 1e6)):
        if bytes >= length:
            return f"{bytes / length:.1f} {unit}"
    return f"{max(bytes / 1e3, 1):.0f} kB"


def figures(number: float) -> str:
    """Three figures, whole from a hundred on."""
    return f"{number:,.0f}" if number >= 99.5 else f"{number:.3g}"
