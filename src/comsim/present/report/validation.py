"""The report of a validation: every fact, published against simulated."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

from comsim.evidence import summary, wording
from comsim.evidence.fact import DISTANCE, Check, Fact, Finding, Kind, Measurement
from comsim.evidence.marks import Mark
from comsim.evidence.runner import BESIDE
from comsim.evidence.validate import Validation
from comsim.evidence.wording import translated
from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable
from comsim.present.report.gauges import Gauge, Row, Rows, Shown, gauge
from comsim.present.report.page import Items, Page, Section, Tile, Tiles, render
from comsim.present.report.setup import provenance_section

KINDS: tuple[Kind, ...] = ("F", "E", "B", "V")
MARKS: tuple[Mark, ...] = ("held", "used", "known", "shown")
JUDGED: tuple[Mark, ...] = ("held", "used", "known")
LIMITS = ("limit_money", "limit_independent")
SIGNS = {"pass": "✓ ", "fail": "✗ "}
LEGEND = ("band", "published", "simulated", "off", "november")


def validation_report(
    validation: Validation, provenance: dict[str, Any], language: str = "en"
) -> str:
    """The page of a validation as HTML. `provenance` is as in provenance.json."""
    words = Words(language)
    found = validation.findings
    limits = [words(f"validation.{limit}") for limit in LIMITS]
    limits.insert(1, wording.worlds(validation.sample, words))
    kinds = [kind for kind in KINDS if any(one.fact.kind == kind for one in found)]
    page = Page(
        kicker=words("validation.kicker"),
        title=wording.headline(found, words),
        lead=words("validation.lead"),
        facts=[
            (words("fact.worlds"), words.number(validation.worlds)),
            (words("fact.seed"), str(validation.seed)),
        ],
        sections=[
            _summary(validation, words),
            *(_kind(kind, found, words) for kind in kinds),
            Section("limits", words("topic.limits"), words("limits.title"), "", [Items(limits)]),
            provenance_section(provenance, words),
        ],
        about=words("validation.about"),
    )
    return render(page, words)


def _summary(validation: Validation, words: Words) -> Section:
    """How many facts of each mark hold, by kind."""
    found = validation.findings
    counts = {mark: summary.by_kind(found, mark) for mark in JUDGED}
    tiles = [
        Tile(
            words.name("validation_facts", mark),
            wording.of(summary.total(some), words),
            words(f"validation.note_{mark}"),
        )
        for mark, some in counts.items()
        if some
    ]
    rows = [
        [words.name("validation_kind", kind)]
        + [wording.of(counts[mark][kind], words) if kind in counts[mark] else "–"
           for mark in JUDGED]
        for kind in KINDS
        if any(kind in some for some in counts.values())
    ]  # fmt: skip
    columns = [words("validation.column_kind")]
    columns += [words.name("validation_facts", mark) for mark in JUDGED]
    notes = wording.caveats(found, validation.worlds, words)
    blocks: list[Any] = [Tiles(tiles), TextTable(columns, rows, [False] * 4)]
    if notes:
        blocks.append(Items(notes))
    return Section("finding", words("topic.verdict"), "", words("validation.legend_marks"), blocks)


def _kind(kind: Kind, found: tuple[Finding, ...], words: Words) -> Section:
    """The facts of a kind, by mark."""
    legend = [(words(f"validation.legend_{name}"), name) for name in LEGEND]
    blocks = []
    for mark in MARKS:
        some = [one for one in found if (one.fact.kind, one.fact.mark) == (kind, mark)]
        if some:
            title = words.name("validation_facts", mark)
            rows = [_row(one, words) for one in some]
            blocks.append(Rows(title, rows, words("validation.details"), legend))
            legend = []
    title = words.name("validation_kind", kind)
    lead = words(f"validation.rule_{kind.lower()}")
    return Section(f"kind-{kind.lower()}", title, "", lead, blocks)


def _row(one: Finding, words: Words) -> Row:
    """A fact with its pictures and what is known about it."""
    fact = one.fact
    missing = ""
    if fact.missing is not None:
        missing = words("validation.about_missing", text=translated(fact.missing, words))
    gauges = [] if missing else [_gauge(check, one, words) for check in fact.checks]
    return Row(
        id=fact.id,
        title=translated(fact.title, words),
        verdict=verdict(one, words),
        look=one.verdict.replace(" ", "-"),
        notes=_notes(one, words),
        gauges=[one for one in gauges if one is not None],
        instead=missing,
    )


def verdict(one: Finding, words: Words) -> str:
    """The verdict in the reader's language."""
    name = words.name("validation_verdict", one.verdict.replace(" ", "_"), one.verdict)
    return SIGNS.get(one.verdict, "") + name + ("" if one.precise else "*")


def _notes(one: Finding, words: Words) -> list[str]:
    """What is known about a fact, in sentences."""
    fact = one.fact
    about = {
        "population": translated(fact.population, words),
        "varied": translated(fact.varied, words),
        "outcome": translated(fact.outcome, words),
        "criterion": translated(fact.criterion, words),
        "scenario": translated(fact.scenario, words),
        "tested_as": fact.tested_as,
        "horizon": words.number(fact.horizon_days) if fact.horizon_days else "",
        "off": wording.mechanism(fact, words) if one.off is not None else "",
        "transfer": words.percent(fact.transfer) if fact.transfer else "",
    }
    notes = [translated(fact.published, words)] if fact.published else []
    notes += [words(f"validation.about_{name}", text=text) for name, text in about.items() if text]
    if fact.note:
        notes.append(translated(fact.note, words))
    if fact.why:
        mark = words.name("validation_mark", fact.mark)
        notes.append(words("validation.about_mark", mark=mark, text=translated(fact.why, words)))
    if fact.before_look is False:
        notes.append(words("validation.about_look"))
    for name in BESIDE:
        if (figure := one.measured.figures.get(name)) and isfinite(figure.value):
            unit = "%" if name == "whole" else fact.checks[0].unit
            text = wording.with_interval(figure, unit, words)
            notes.append(words(f"validation.about_{name}", text=text))
    if one.measured.worlds:
        key = "communities" if fact.of_distributions else "worlds"
        notes.append(words(f"validation.about_{key}", n=words.number(one.measured.worlds)))
    for check in fact.checks:
        if covered := one.measured.coverage.get(check.figure):
            name = f"{translated(check.label, words)}: " if len(fact.checks) > 1 else ""
            notes.append(name + wording.coverage(covered, words))
    return notes + _source(fact, words)


def _source(fact: Fact, words: Words) -> list[str]:
    """Where a fact comes from, and what was seen of it."""
    seen = words.listed([words.name("validation_seen", one) for one in fact.seen.split(", ")])
    if not fact.citation:
        return [words("validation.about_seen", seen=seen)] if fact.seen else []
    text = f"{fact.citation}, doi:{fact.doi}" if fact.doi else fact.citation
    return [words("validation.about_source", text=text, seen=seen)]


def _gauge(check: Check, one: Finding, words: Words) -> Gauge | None:
    """The picture of a figure; None if there is nothing to show."""
    fact = one.fact
    found = one.measured.figures.get(check.figure)
    if found is None and not (check.decides or check.published):
        return None
    name = [translated(check.label, words)] if len(fact.checks) > 1 else []
    reported = wording.published(fact, check, words)
    if reported != "–":
        name.append(words("validation.caption_published", text=reported))
    if covered := one.measured.coverage.get(check.figure):
        name.append(wording.medians(covered, words))
    low, high = check.low, check.high
    if check.contains is not None:
        low = high = check.contains
    if check.unit == DISTANCE:
        low = 0.0
    ends = [x for x in dict.fromkeys((low, high)) if isfinite(x)] or [*check.published[:1]]
    value = wording.simulated(check, one.measured, words)
    value += wording.sign(check, one.measured, words)
    rivals = {"off": one.off, "november": one.november}
    shown = Shown(
        low,
        high,
        tuple(found) if found is not None else (nan, nan, nan),
        check.published,
        check.published_span,
        [(look, _value(rival, check)) for look, rival in rivals.items()],
    )
    ticks = [(x, words.short(x)) for x in ends]
    return gauge(words.clauses(name), value, shown, ticks)


def _value(of: Measurement | None, check: Check) -> float:
    """The figure of a rival, NaN without one."""
    return float(of.figures[check.figure].value) if of and check.figure in of.figures else nan
