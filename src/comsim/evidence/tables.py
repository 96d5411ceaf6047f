"""A validation as a table for programs, and as one for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from comsim.evidence import wording
from comsim.evidence.fact import WORLDS, Check, Finding, facts
from comsim.evidence.wording import said
from comsim.language.phrases import Words

if TYPE_CHECKING:
    from rich.table import Table

    from comsim.evidence.validate import Validation

STYLES = {"pass": "green", "fail": "red", "not yet": "yellow", "shown": "dim"}


def as_frame(validation: Validation) -> pd.DataFrame:
    """A row for each figure of each fact, in the charter's order; one row for a fact without.

    - `fact`, `title`, `status`, `kind`, `counts` (for the headline), `scenario`, `criterion`, and
      `missing` (what the model lacks to be asked) in words;
    - `figure`, `label`, `unit`, `published` (numbers, in words);
    - `low`, `high`: the band (infinite where it has no end); `contains`: what the interval has to
      contain; `decides`: whether the figure decides the verdict;
    - `worlds` in which the figure exists, `mean`, `mean_low`, `mean_high`: the mean over them with
      its 95 % confidence interval; `met`; and the fact's `verdict`.
    """
    rows = []
    for one in validation.findings:
        for check in one.fact.checks or (None,):
            rows.append(_fact(one) | (_figure(check, one, validation.worlds) if check else {}))
    table = pd.DataFrame(rows)
    table.attrs["headline"] = validation.headline
    return table


def _fact(one: Finding) -> dict[str, Any]:
    fact = one.fact
    return {
        "fact": fact.id,
        "title": fact.title["en"],
        "status": fact.status,
        "kind": fact.kind,
        "counts": fact.counts,
        "verdict": one.verdict,
        "scenario": fact.scenario["en"],
        "criterion": fact.criterion["en"],
        "missing": fact.missing["en"] if fact.missing else "",
    }


def _figure(check: Check, one: Finding, worlds: int) -> dict[str, Any]:
    found = one.figures[check.figure]
    return {
        "figure": check.figure,
        "label": check.label["en"],
        "unit": check.unit,
        "published": ", ".join(f"{x:g}" for x in check.published),
        "low": check.low,
        "high": check.high,
        "contains": check.contains,
        "decides": check.decides,
        "worlds": worlds - one.absent[check.figure],
        "mean": found.value,
        "mean_low": found.low,
        "mean_high": found.high,
        "met": one.met(check) if check.decides else None,
    }


def for_terminal(validation: Validation) -> Table:
    """Fact with the status of its source, published, wanted, simulated with its interval, kind,
    verdict."""
    from rich import box
    from rich.table import Table

    words = Words("en")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("fact", "published", "wanted", "simulated [95 %]", "kind", "verdict"):
        table.add_column(name, overflow="fold")
    for one in validation.findings:
        fact, verdict = one.fact, one.verdict
        ends = (fact.kind, f"[{STYLES[verdict]}]{verdict}[/]")
        title = f"[bold]{fact.id}[/] {said(fact.title, words)} ({fact.status})"
        if fact.missing is not None:
            table.add_row(title, "", "", said(fact.missing, words), *ends)
            continue
        table.add_row(title, "", "", "", *ends)
        for check in fact.checks:
            mark = (" ✓" if one.met(check) else " ✗") if check.decides else ""
            table.add_row(
                f"   {said(check.label, words)}",
                wording.published(check, words),
                wording.wanted(check, words),
                wording.simulated(check, one, words).replace("[", r"\[") + mark,
            )
    return table


def notes(validation: Validation) -> list[str]:
    """What one should know to read the table, a sentence each."""
    words = Words("en")
    found = {one.fact.id for one in validation.findings}
    told = [words("validation.legend_kinds"), words("validation.limit_money")]
    if validation.worlds < WORLDS:
        told.append(words("validation.few", n=str(validation.worlds)))
    if left := ", ".join(id for id in facts() if id not in found):
        told.append(words("validation.left_out", ids=left))
    return told
