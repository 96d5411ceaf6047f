"""A validation as a table for the terminal, with notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.evidence import wording
from comsim.evidence.collection import facts
from comsim.evidence.fact import Check, Fact, Finding
from comsim.evidence.validate import Validation
from comsim.evidence.wording import translated
from comsim.language.phrases import Words
from comsim.scenario.rows import NO_SAMPLE

if TYPE_CHECKING:
    from rich.table import Table

STYLES = {"pass": "green", "fail": "red", "not yet": "yellow", "shown": "dim"}
# Columns, with the greatest width of some: the facts take what is left.
COLUMNS = {"kind": 4, "mark": 5, "fact": None, "published": 14, "band": 13, "simulated": 22,
           "off": 8, "Nov 2026": 8, "verdict": 8}  # fmt: skip
EMPTY = ("",) * 5


def for_terminal(validation: Validation) -> Table:
    """The table of facts, by kind. For each figure, it shows the published value, the band, the
    simulated value with its interval, and the values without the mechanism and in the model of
    November 2026."""
    from rich import box
    from rich.table import Table

    words = Words("en")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width in COLUMNS.items():
        table.add_column(name, overflow="fold", max_width=width)
    for one in validation.findings:
        fact, verdict = one.fact, one.verdict
        begin = (fact.kind, f"[bold]{fact.mark}[/]" if fact.mark == "held" else fact.mark)
        end = f"[{STYLES[verdict]}]{verdict}[/]" + ("" if one.precise else "*")
        title = _title(fact, words)
        if len(fact.checks) == 1:
            table.add_row(*begin, title, *_figures(fact.checks[0], one, words), end)
            continue
        table.add_row(*begin, title, *EMPTY, end)
        for check in fact.checks:
            label = f"  {_plain(translated(check.label, words))}"
            table.add_row("", "", label, *_figures(check, one, words))
    return table


def _title(fact: Fact, words: Words) -> str:
    """The id and the title and, if the fact cannot be tested yet, the reason."""
    text = f"[bold]{_plain(fact.id)}[/] {_plain(translated(fact.title, words))}"
    if fact.missing is not None:
        text += f"\n[dim]{_plain(translated(fact.missing, words))}[/]"
    return text


def _figures(check: Check, one: Finding, words: Words) -> list[str]:
    """The cells of a figure between its name and the verdict."""
    sign = wording.sign(check, one.measured, words).strip()
    simulated = f"{sign} {wording.simulated(check, one.measured, words)}".strip()
    cells = (
        wording.published(one.fact, check, words),
        wording.wanted(check, words),
        simulated,
        wording.rival(check, one.off, words),
        wording.rival(check, one.november, words),
    )
    return [_plain(cell) for cell in cells]


def _plain(text: str) -> str:
    """Text with markup of rich escaped."""
    return text.replace("[", r"\[")


def notes(validation: Validation) -> list[str]:
    """The counts for the other marks and notes on how to read the table."""
    words = Words("en")
    found = validation.findings
    lines = [*wording.apart(found, words), *wording.caveats(found, validation.worlds, words)]
    if left := len(facts()) - len(found):
        lines.append(words("validation.left_out", n=str(left), all=str(len(facts()))))
    if validation.sample != NO_SAMPLE:
        lines.append(wording.worlds(validation.sample, words))
    names = ("legend_kinds", "legend_marks", "limit_money")
    return lines + [words(f"validation.{name}") for name in names]
