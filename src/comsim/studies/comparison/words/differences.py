"""Differences between two policies as text: what tables and sentences show of a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy import isfinite

from comsim.language.amounts import probability, rounded
from comsim.language.phrases import Words
from comsim.studies.comparison.finding import SHARES, How, change, ends, exists, how, spread

NONE = "–"
DAY = "day"  # the unit of days on which something begins


def range_ends(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The low end of the range over worlds, the median, and the high end."""
    *values, way = spread(row)
    return _in_units(values, way)


def ends_in_units(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The 95 % intervals of the low and of the high end of the range over worlds."""
    return _in_units(ends(row), how(row))


def range_over_worlds(row: Mapping[str, Any], words: Words) -> str:
    """The range that contains nine of ten worlds; a dash if there is no difference to show."""
    if not exists(row):
        return NONE
    low, _, high = range_ends(row)
    return _points(words("verdict.range", low=low, high=high), row, words)


def median(row: Mapping[str, Any], words: Words) -> str:
    """The median over worlds."""
    return _points(range_ends(row)[1], row, words) if exists(row) else NONE


def median_and_range(row: Mapping[str, Any], words: Words) -> str:
    """The median over worlds, with the range in brackets."""
    if not exists(row):
        return NONE
    low, middle, high = range_ends(row)
    text = words("verdict.level_range", value=middle, low=low, high=high)
    return _points(text, row, words)


def range_in_words(row: Mapping[str, Any], words: Words) -> str:
    """The median over worlds, and the range in which nine of ten lie."""
    if not exists(row):
        return NONE
    low, middle, high = range_ends(row)
    return words("verdict.change", value=_points(middle, row, words), low=low, high=high)


def chance(row: Mapping[str, Any]) -> str:
    """The share of worlds with a gain that is worth having; a dash if that has no meaning."""
    return probability(row["gains"]) if exists(row) else NONE


def level_range(row: Mapping[str, Any], policy: str, words: Words) -> str:
    """The outcome itself under one of the two policies, "a" or "b": median and range."""
    if not exists(row):
        return NONE
    texts = _levels([row[f"{policy}_{end}"] for end in ("q50", "q05", "q95")], row, words)
    return words("verdict.level_range", **dict(zip(("value", "low", "high"), texts, strict=True)))


def mean(row: Mapping[str, Any], words: Words) -> str:
    """The mean difference, with its 95 % confidence interval if there is one."""
    if not exists(row):
        return NONE
    value, low, high, way = change(row)
    text, *ends = _in_units([value, low, high], way)
    if isfinite(low):
        low, high = (end.removesuffix("%").removeprefix("+") for end in ends)
        text = words("verdict.mean_interval", value=text, low=low, high=high)
    return _points(text, row, words)


def levels(row: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """The means under the first policy and under the other one."""
    if not exists(row):
        return NONE, NONE
    return tuple(_levels([row["mean_a"], row["mean_b"]], row, words))


def later_where_both(row: Mapping[str, Any], words: Words) -> str:
    """By how many days something begins later, in worlds where it does under both policies."""
    if not isfinite(row["both_mean_low"]):
        return NONE
    value, low, high = rounded(
        *(row[f"both_{end}"] for end in ("difference", "mean_low", "mean_high")), sign=True
    )
    return words("verdict.mean_interval", value=value, low=low, high=high)


def _levels(values: Sequence[float], row: Mapping[str, Any], words: Words) -> list[str]:
    """Levels of an outcome that are shown together."""
    if row["unit"] == DAY:
        return [words.when(value) for value in values]
    if row["unit"] in SHARES:
        return [f"{text}%" for text in rounded(*(100 * value for value in values))]
    return rounded(*values)


def _in_units(values: Sequence[float], way: How) -> tuple[str, ...]:
    """Differences shown together: in percent if they are relative."""
    scale, unit = (100, "%") if way == "relative" else (1, "")
    texts = rounded(*(scale * value for value in values), sign=True)
    return tuple(text + unit if text != NONE else text for text in texts)


def _points(text: str, row: Mapping[str, Any], words: Words) -> str:
    """Differences of shares are in percentage points, those of moments in days."""
    if row["unit"] == DAY:
        return words("unit.days", n=text)
    return words("verdict.points", n=text) if how(row) == "points" else text
