"""The figures of a validation in words, for the terminal and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from comsim.evidence.fact import Finding
from comsim.language.phrases import Words


def count(findings: Sequence[Finding], verdict: str | None = None) -> int:
    """The number of predicted facts that count or, given a verdict, of those with it."""
    counted = [one for one in findings if one.fact.counts and one.fact.kind == "predicted"]
    return sum(verdict in (None, one.verdict) for one in counted)


def headline(findings: Sequence[Finding], words: Words) -> str:
    """How many of the predicted facts hold."""
    waiting = count(findings, verdict="not yet")
    return words(
        "validation.headline_open" if waiting else "validation.headline",
        passed=words.number(count(findings, verdict="pass")),
        n=words.number(count(findings)),
        failed=words.number(count(findings, verdict="fail")),
        open=words.number(waiting),
    )


def translated(text: Mapping[str, str], words: Words) -> str:
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
    """The figures of real communities."""
    return words.listed([words.short(value) for value in dict.fromkeys(check.published)]) or "–"


def wanted(check: Any, words: Words) -> str:
    """The band that must contain the interval, or the value that the interval must contain."""
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
