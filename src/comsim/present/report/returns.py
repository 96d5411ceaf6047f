"""What programmes cost and bring in, in the report of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable
from comsim.present.report.page import Items, Section
from comsim.studies.comparison.words.return_rows import ahead_rows, cost_rows

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison


def section(comparison: Comparison, words: Words) -> Section:
    """Spending, margin, profit and return of each policy, and who is ahead of whom."""
    money = cost_rows(comparison, words)
    size = len(money.columns) - 1
    blocks = [TextTable(*money, [False, *[True] * size], unvalidated=range(1, size + 1))]
    if ahead := ahead_rows(comparison, words):
        size = len(ahead.columns) - 1
        blocks += [TextTable(*ahead, [False, *[True] * size]), Items([words("returns.shares")])]
    lead = words("returns.lead", first=comparison.policies[0])
    return Section("returns", words("topic.returns"), words("returns.title"), lead, blocks)
