"""The report of one run."""

from __future__ import annotations

from comsim.language.phrases import Words
from comsim.measure.record import Record
from comsim.present.report import (
    attention,
    finding,
    inequality,
    life,
    money,
    moves,
    retention,
    setup,
)
from comsim.present.report.chart import Days
from comsim.present.report.page import Page, Section, render


def run_report(record: Record, language: str = "en") -> str:
    """The page of a run as HTML; the same record gives the same bytes."""
    words = Words(language, record.scenario.dates)
    days = Days(words, record.days)
    summary, scenario = record.summary, record.scenario
    page = Page(
        kicker=summary["name"],
        title=finding.headline(record, words),
        lead=scenario.description.strip(),
        facts=[
            (words("fact.days"), words("fact.span", first=words.date(0),
                                       last=words.date(record.days - 1),
                                       days=words.days(record.days))),
            (words("fact.market"), words.number(scenario.community.market)),
            (words("fact.seed"), str(summary["seed"])),
            (words("fact.worlds"), words("fact.one_world")),
        ],
        sections=[
            Section("finding", words("topic.finding"), "", "",
                    [finding.tiles(record, words), finding.life(record, words)]),
            life.section(record, words, days),
            retention.section(record, words),
            inequality.section(record, words),
            attention.section(record, words, days),
            money.section(record, words, days),
            moves.section(record, words),
            setup.scenario_section(record, words),
            setup.limits_section(record, words),
            setup.provenance_section(record.provenance, words),
        ],
        about=words("page.simulated"),
        readout=days.script(),
    )  # fmt: skip
    return render(page, words)
