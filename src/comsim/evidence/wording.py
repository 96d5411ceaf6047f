"""The figures of a validation in words, for its table, the terminal and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from comsim.evidence.fact import Finding
from comsim.language.phrases import Words


def count(found: Sequence[Finding], **like: str) -> int:
    """How many of the predicted facts that count are so."""
    counted = [one for one in found if one.fact.counts and one.fact.kind == "predicted"]
    return sum(like.get("verdict", one.verdict) == one.verdict for one in counted)


def headline(found: Sequence[Finding], words: Words) -> str:
    """How many facts that nothing was chosen to meet came out."""
    waiting = count(found, verdict="not yet")
    return words(
        "validation.headline_open" if waiting else "validation.headline",
        passed=words.number(count(found, verdict="pass")),
        n=words.number(count(found)),
        failed=words.number(count(found, verdict="fail")),
        open=words.number(waiting),
    )


def said(text: Mapping[str, str], words: Words) -> str:
    """A text of the facts in the reader's language."""
    return text.get(words.language, text["en"])


def simulated(check: Any, one: Finding, words: Words) -> str:
    """The mean over worlds with its interval."""
    figure = one.figures.get(check.figure)
    if figure is None or not isfinite(figure.value):
        return words("validation.none")
    text = _with_unit(figure.value, check.unit, words)
    if isfinite(figure.low):
        low, high = words.short(figure.low), words.short(figure.high)
        text += words("validation.interval", low=low, high=high)
    if missing := one.absent[check.figure]:
        text += words("validation.absent", n=words.number(missing))
    return text


def published(check: Any, words: Words) -> str:
    """Where the figure lies in real communities."""
    return words.listed([words.short(value) for value in dict.fromkeys(check.published)]) or "–"


def wanted(check: Any, words: Words) -> str:
    """What the interval has to do."""
    if check.contains is not None:
        return words("validation.contains", x=words.short(check.contains))
    low, high = isfinite(check.low), isfinite(check.high)
    if low and high and check.low == check.high:
        return words("validation.exactly", x=words.short(check.low))
    if low and high:
        return words("validation.band", low=words.short(check.low), high=words.short(check.high))
    if low or high:
        key = "validation.above" if low else "validation.below"
        return words(key, x=words.short(check.low if low else check.high))
    return "–"


def _with_unit(value: float, unit: str, words: Words) -> str:
    text = words.short(value)
    return f"{text} {words.name('validation_unit', unit, unit)}" if unit else text
