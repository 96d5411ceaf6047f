"""A validation as a table for the terminal, with notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.evidence import wording
from comsim.evidence.fact import WORLDS, facts
from comsim.evidence.validate import Validation
from comsim.evidence.wording import translated
from comsim.language.phrases import Words

if TYPE_CHECKING:
    from rich.table import Table

STYLES = {"pass": "green", "fail": "red", "not yet": "yellow", "shown": "dim"}


def for_terminal(validation: Validation) -> Table:
    """The table of facts. Each fact has the status of its source, its kind (fitted or predicted)
    and its verdict. Each of its figures has the published value, the required band, and the
    simulated value with its interval."""
    from rich import box
    from rich.table import Table

    words = Words("en")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("fact", "published", "wanted", "simulated [95 %]", "kind", "verdict"):
        table.add_column(name, overflow="fold")
    for one in validation.findings:
        fact, verdict = one.fact, one.verdict
        ends = (fact.kind, f"[{STYLES[verdict]}]{verdict}[/]")
        title = f"[bold]{fact.id}[/] {translated(fact.title, words)} ({fact.status})"
        if fact.missing is not None:
            table.add_row(title, "", "", translated(fact.missing, words), *ends)
            continue
        table.add_row(title, "", "", "", *ends)
        for check in fact.checks:
            mark = (" ✓" if one.met(check) else " ✗") if check.decides else ""
            table.add_row(
                f"   {translated(check.label, words)}",
                wording.published(check, words),
                wording.wanted(check, words),
                wording.simulated(check, one, words).replace("[", r"\[") + mark,
            )
    return table


def notes(validation: Validation) -> list[str]:
    """Notes on how to read the table, one sentence each."""
    words = Words("en")
    included = {one.fact.id for one in validation.findings}
    lines = [words("validation.legend_kinds"), words("validation.limit_money")]
    if validation.worlds < WORLDS:
        lines.append(words("validation.few", n=str(validation.worlds)))
    if left := ", ".join(id for id in facts() if id not in included):
        lines.append(words("validation.left_out", ids=left))
    return lines
