"""Key drivers: uncertain parameters with which the difference rises or falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comsim.language.amounts import rounded
from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable
from comsim.present.report.page import Section
from comsim.present.report.strips import Row, Strips, interval
from comsim.studies.comparison.finding import HEADLINE
from comsim.studies.comparison.words.sentences import drivers, parameter_name

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

MOST = 10  # rows of a chart


def section(comparison: Comparison, words: Words) -> Section:
    """The strongest rank correlations of the difference in the headline, in one chart per
    policy."""
    table, findings, topic = comparison.key_drivers, comparison.findings, words("topic.drivers")
    if not len(table):
        return Section("drivers", topic, drivers(findings[0], words))
    table = table[table["outcome"] == HEADLINE]
    blocks: list[Any] = []
    for name in comparison.policies[1:]:
        rows = table[table["policy"] == name].dropna(subset=["correlation"])
        order = rows["correlation"].abs().sort_values(ascending=False, kind="stable").index
        blocks.append(_chart(name, rows.loc[order], words))
    clear = [finding for finding in findings if finding.drivers]
    title = drivers((clear or findings)[0], words, numbers=False)
    if clear and len(findings) > 1:
        title = words("verdict.of", policy=clear[0].policy) + title
    lead = words("drivers.lead" if clear else "drivers.lead_unclear")
    return Section("drivers", topic, title, lead, blocks)


def _chart(policy: str, rows: pd.DataFrame, words: Words) -> Strips:
    drawn, lines = [], []
    for row in rows.itertuples():
        name = parameter_name(row.parameter, words)
        value, low, high = rounded(row.correlation, row.low, row.high, sign=True)
        strokes = interval(row.low, row.correlation, row.high, "blue" if row.clear else "grey")
        drawn.append(Row(name, strokes, value))
        lines.append([name, row.parameter, value, f"{low} … {high}"])
    columns = [words(f"drivers.{key}") for key in ("parameter", "key", "correlation", "interval")]
    behind = TextTable(columns, lines, [False, False, True, True])
    legend = [(words("drivers.clear"), "blue"), (words("drivers.unclear"), "grey")]
    return Strips(policy, words("drivers.unit"), drawn[:MOST], legend, zero=50.0, table=behind)
