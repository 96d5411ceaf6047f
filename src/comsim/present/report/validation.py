"""The report of a validation: every fact, published against simulated."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

from comsim.evidence import wording
from comsim.evidence.fact import Finding
from comsim.evidence.validate import Validation
from comsim.evidence.wording import translated
from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable
from comsim.present.report.gauges import Gauge, Gauges, gauge
from comsim.present.report.page import Items, Page, Section, Tile, Tiles, render
from comsim.present.report.setup import provenance_section

KINDS = ("predicted", "fitted", "input")
FULL = 20  # worlds on which a verdict is given
LIMITS = ("limit_money", "limit_sight", "limit_worlds")
SIGNS = {"pass": "✓ ", "fail": "✗ "}


def validation_report(
    validation: Validation, provenance: dict[str, Any], language: str = "en"
) -> str:
    """The page of a validation as HTML. `provenance` is as in provenance.json."""
    words = Words(language)
    found = validation.findings
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
            *(_fact(one, words) for one in found),
            Section("limits", words("topic.limits"), words("limits.title"), "",
                    [Items([words(f"validation.{limit}") for limit in LIMITS])]),
            provenance_section(provenance, words),
        ],
        about=words("validation.about"),
    )  # fmt: skip
    return render(page, words)


def _summary(validation: Validation, words: Words) -> Section:
    """How many facts of each kind have which verdict, and the table of all facts."""
    found = validation.findings
    tiles = []
    for kind in KINDS:
        counted = [one for one in found if one.fact.kind == kind and one.fact.counts]
        if counted:
            passed = sum(one.verdict == "pass" for one in counted)
            name = words.name("validation_kind", kind)
            value = words("validation.of", n=words.number(passed), all=words.number(len(counted)))
            tiles.append(Tile(name, value, words(f"validation.note_{kind}")))
    rows = []
    for one in found:
        checks = one.fact.checks or (None,)
        for at, check in enumerate(checks):
            rows.append(_row(one, check, at == 0, words))
    columns = [words(f"validation.column_{name}") for name in (
        "fact", "figure", "published", "wanted", "simulated", "kind", "verdict",
    )]  # fmt: skip
    blocks: list[Any] = [Tiles(tiles), TextTable(columns, rows, [False] * 7)]
    if validation.worlds < FULL:
        blocks.append(Items([words("validation.few", n=words.number(validation.worlds))]))
    return Section("finding", words("topic.verdict"), "", "", blocks)


def _row(one: Finding, check: Any, first: bool, words: Words) -> list[str]:
    name = f"{one.fact.id} {translated(one.fact.title, words)}" if first else ""
    ends = [
        words.name("validation_kind", one.fact.kind) if first else "",
        verdict(one, words) if first else "",
    ]
    if check is None or one.fact.missing is not None:
        told = translated(one.fact.missing, words) if one.fact.missing else "–"
        return [name, told if first else "", "", "", "", *ends]
    return [
        name, translated(check.label, words), wording.published(check, words),
        wording.wanted(check, words), wording.simulated(check, one, words), *ends,
    ]  # fmt: skip


def verdict(one: Finding, words: Words) -> str:
    """The verdict in the reader's language."""
    name = words.name("validation_verdict", one.verdict.replace(" ", "_"), one.verdict)
    return SIGNS.get(one.verdict, "") + name


def _fact(one: Finding, words: Words) -> Section:
    """A fact with its picture."""
    fact = one.fact
    kind = words.name("validation_kind", fact.kind)
    topic = " · ".join([fact.id, kind, verdict(one, words)])
    blocks: list[Any] = []
    if fact.missing is None and fact.checks:
        legend = [
            (words("validation.legend_band"), "green", "band"),
            (words("validation.legend_published"), "ink", "dots"),
            (words("validation.legend_simulated"), "blue", "dots"),
        ]
        blocks.append(Gauges([_gauge(check, one, words) for check in fact.checks], legend))
    told = [
        words("validation.told_criterion", text=translated(fact.criterion, words)),
        words("validation.told_scenario", text=translated(fact.scenario, words)),
        words("validation.told_kind", kind=kind, text=translated(fact.why, words)),
    ]
    if fact.missing is not None:
        told.insert(0, words("validation.told_missing", text=translated(fact.missing, words)))
    blocks.append(Items(told))
    source = words("validation.status", text=words.name("validation_status", fact.status[0]))
    lead = translated(fact.published, words) + " " + source
    return Section(fact.id.lower(), topic, translated(fact.title, words), lead, blocks, half=True)


def _gauge(check: Any, one: Finding, words: Words) -> Gauge:
    found = one.figures.get(check.figure)
    ends = (nan, nan, nan) if found is None else (found.value, found.low, found.high)
    low, high = check.low, check.high
    if check.contains is not None:
        low = high = check.contains
    marks = [x for x in dict.fromkeys((low, high)) if isfinite(x)] or [*check.published[:1]]
    value = wording.simulated(check, one, words)
    if check.decides:
        value += "  " + words("validation.met" if one.met(check) else "validation.missed")
    ticks = [(x, words.short(x)) for x in marks]
    return gauge(translated(check.label, words), value, low, high, check.published, ends, ticks)
