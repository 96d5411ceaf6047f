"""The figures of a validation in words, for the terminal and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from comsim.evidence import summary
from comsim.evidence.fact import DISTANCE, Check, Coverage, Effect, Fact, Finding, Measurement
from comsim.evidence.runner import FULL
from comsim.evidence.summary import Count
from comsim.language.phrases import Words
from comsim.scenario.rows import NO_SAMPLE, Origin
from comsim.statistics.intervals import Interval

NOTES_ON = ("used", "known")
PERCENT = {"relative": "%", "odds": "%", "share": "points"}  # units that are written times 100
WITHOUT_NAME = ("share", "number", "elasticity", DISTANCE)  # units of plain numbers
SIGNS = {-1: "less", 0: "no_effect", 1: "more"}


def headline(findings: Sequence[Finding], words: Words) -> str:
    """How many of the counted held facts hold, with the interval of their share, and how many held
    facts cannot be tested yet."""
    count, waiting = summary.counted(findings), len(summary.not_yet(findings))
    text = words("validation.headline_none")
    if count.of:
        _, low, high = summary.interval(count)
        text = words(
            "validation.headline",
            hold=words.number(count.hold),
            n=words.number(count.of),
            low=words.percent(low),
            high=words.percent(high),
        )
    if waiting:
        text += words("validation.headline_not_yet", n=words.number(waiting))
    return text


def caveats(findings: Sequence[Finding], worlds: int, words: Words) -> list[str]:
    """What limits the verdicts: held facts that do not count, large errors, and few worlds of F."""
    lines = not_counted(findings, words)
    if rough := [one.fact.id for one in findings if not one.precise]:
        lines.append(words("validation.imprecise", ids=words.listed(rough)))
    if worlds < FULL.worlds and any(one.fact.kind == "F" for one in findings):
        lines.append(words("validation.few", n=words.number(worlds)))
    return lines


def not_counted(findings: Sequence[Finding], words: Words) -> list[str]:
    """The held facts that do not count for the headline, with the reason."""
    reasons = {
        "cannot_fail": summary.cannot_fail(findings),
        "without_rival": summary.without_rival(findings),
        "not_switched_off": summary.not_switched_off(findings),
        "not_yet": summary.not_yet(findings),
    }
    return [
        words(f"validation.{reason}", ids=words.listed([one.fact.id for one in some]))
        for reason, some in reasons.items()
        if some
    ]


def apart(findings: Sequence[Finding], words: Words) -> list[str]:
    """How many used facts and how many known facts hold."""
    lines = []
    for mark in NOTES_ON:
        if counts := summary.by_kind(findings, mark):
            parts = words.listed([kind_count(kind, counts[kind], words) for kind in counts])
            total = of(summary.total(counts), words)
            lines.append(words(f"validation.count_{mark}", count=total, parts=parts))
    return lines


def kind_count(kind: str, count: Count, words: Words) -> str:
    """Facts of a kind that hold, such as "E 12 of 45"."""
    return f"{kind} {of(count, words)}"


def of(count: Count, words: Words) -> str:
    """A count as text, such as "12 of 45"."""
    return _of(count.hold, count.of, words)


def _of(n: int, all: int, words: Words) -> str:
    return words("validation.of", n=words.number(n), all=words.number(all))


def translated(text: Mapping[str, str] | None, words: Words) -> str:
    """A text of the facts in the language of the reader; empty if there is none."""
    return text.get(words.language, text["en"]) if text else ""


def simulated(check: Check, of: Measurement, words: Words) -> str:
    """The mean over worlds with its interval."""
    figure = of.figures.get(check.figure)
    if figure is None:
        return "–"
    if not isfinite(figure.value):
        return words("validation.none")
    text = with_interval(figure, check.unit, words)
    if missing := of.absent[check.figure]:
        text += words("validation.absent", n=words.number(missing))
    if not of.covers(check):
        text += words("validation.too_few_matched")
    return text


def coverage(of: Coverage, words: Words) -> str:
    """How many real communities are matched, in total and by type of source."""
    by_type = words.listed(
        [f"{words.name('validation_source', source, source)} {_of(n, all, words)}"
         for source, (n, all) in of.matched.items()]
    )  # fmt: skip
    key = "about_matched" if of.enough else "about_too_few_matched"
    return words(
        f"validation.{key}",
        count=_of(*of.total, words),
        parts=by_type,
        n=words.number(of.simulated),
    )


def medians(of: Coverage, words: Words) -> str:
    """The medians of the matched communities."""
    real, simulated = (words.short(x) if isfinite(x) else "–" for x in of.medians)
    return words("validation.caption_medians", real=real, simulated=simulated)


def rival(check: Check, of: Measurement | None, words: Words) -> str:
    """The figure of a rival and whether it meets the condition; a dash if it is unknown."""
    if of is None or check.figure not in of.figures:
        return "–"
    value = of.figures[check.figure].value
    text = words.short(value) if isfinite(value) else words("validation.none")
    return text + sign(check, of, words)


def sign(check: Check, of: Measurement, words: Words) -> str:
    """Whether a deciding check is met; empty for other checks."""
    if not check.decides or check.figure not in of.figures:
        return ""
    return " " + words("validation.met" if of.met(check) else "validation.missed")


def published(fact: Fact, check: Check, words: Words) -> str:
    """The published figures; for an effect, its size or at least its sign."""
    if fact.effect is not None:
        return effect(fact.effect, words)
    return words.listed([words.short(value) for value in dict.fromkeys(check.published)]) or "–"


def effect(published: Effect, words: Words) -> str:
    """A published effect or level in words."""
    if published.value is None:
        return words(f"validation.{SIGNS[published.sign]}")
    unit = PERCENT.get(published.unit, "")
    scale = 100 if unit else 1
    level = published.unit in ("level", "elasticity")
    value = published.value * scale
    text = words.short(value) if level else words.signed(value)
    text = f"{text} {words.name('validation_unit', unit, unit)}" if unit else text
    if published.unit == "odds":
        text = words("validation.odds", x=text)
    if published.low is not None and published.high is not None:
        low, high = (words.short(x * scale) for x in (published.low, published.high))
        text += words("validation.interval", low=low, high=high)
    elif published.range:
        low, high = (words.short(x * scale) for x in published.range)
        text += words("validation.range", low=low, high=high)
    return text


def wanted(check: Check, words: Words) -> str:
    """The part of the band that lies on the required side of 0, or the value that the interval must
    contain."""
    if check.contains is not None:
        return words("validation.contains", x=words.short(check.contains))
    low, high = isfinite(check.low), isfinite(check.high)
    if low and high and check.low == check.high:
        return words("validation.exactly", x=words.short(check.low))
    if low and high:
        ends = {"low": words.short(check.low), "high": words.short(check.high)}
        if check.low <= 0 < check.side:
            return words("validation.band_above_0", **ends)
        if check.side < 0 <= check.high:
            return words("validation.band_below_0", **ends)
        return words("validation.band", **ends)
    if check.unit == DISTANCE:
        return words("validation.at_most", x=words.short(check.high))
    if low or high:
        key = "validation.above" if low else "validation.below"
        return words(key, x=words.short(check.low if low else check.high))
    return "–"


def with_interval(figure: Interval, unit: str, words: Words) -> str:
    """A figure with its unit and its interval."""
    text = with_unit(figure.value, unit, words)
    if isfinite(figure.low) and figure.low != figure.high:
        low, high = words.short(figure.low), words.short(figure.high)
        text += words("validation.interval", low=low, high=high)
    return text


def with_unit(value: float, unit: str, words: Words) -> str:
    """A figure with its unit."""
    if not unit or unit in WITHOUT_NAME:
        return words.short(value)
    return f"{words.short(value)} {words.name('validation_unit', unit, unit)}"


def mechanism(fact: Fact, words: Words) -> str:
    """What is switched off, such as "invitation_rate = 0"; a dash if nothing is."""
    if fact.off is not None:
        return words.listed(_settings(fact.off))
    if not fact.idle:
        return "–"
    if not fact.lever:
        return words("validation.idle_event")
    return words("validation.idle", lever=fact.lever)


def _settings(changes: Mapping[str, Any], prefix: str = "") -> list[str]:
    """The values of nested tables, each with its own name."""
    found = []
    for key, value in changes.items():
        if isinstance(value, Mapping):
            found += _settings(value, f"{key}." if key not in ("parameters", "policy") else "")
        elif key == "segments":
            traits = {k: v for segment in value for k, v in segment.items() if isinstance(v, dict)}
            found += _settings(traits)
        elif key != "name":
            found.append(f"{prefix}{key} = {value}")
    return found


def worlds(sample: Origin, words: Words) -> str:
    """How worlds differ."""
    if sample == NO_SAMPLE:
        return words("validation.limit_worlds")
    return words("validation.limit_rows", sample=sample.name)
