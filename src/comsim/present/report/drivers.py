"""What the answer hangs on: uncertain parameters with which the difference rises or falls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comsim.language.amounts import rounded
from comsim.language.phrases import Words
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.present.report.chart import Table
from comsim.present.report.page import Section
from comsim.present.report.strips import Row, Strips, interval
from comsim.studies.comparison.finding import HEADLINE

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

MOST = 10


def section(comparison: Comparison, words: Words) -> Section:
    """The strongest rank correlations of the headline's difference, one chart a policy."""
    table = comparison.hinges
    if len(table):
        table = table[table["outcome"] == HEADLINE]
    topic = words("topic.hinges")
    if len(table) == 0:
        return Section("hinges", topic, words("hinges.none"))
    blocks: list[Any] = []
    for name in comparison.policies[1:]:
        rows = table[table["policy"] == name].dropna(subset=["correlation"])
        order = rows["correlation"].abs().sort_values(ascending=False, kind="stable").index
        blocks.append(_chart(name, rows.loc[order], words))
    clear = table[table["clear"].astype(bool)]
    if len(clear) == 0:
        title, lead = words("hinges.no_clear"), words("hinges.lead_unclear")
        return Section("hinges", topic, title, lead, blocks)
    top = clear.loc[clear["correlation"].abs().idxmax()]
    key = "hinges.rises" if top["correlation"] > 0 else "hinges.falls"
    title = words(key, parameter=meaning(top["parameter"], words))
    return Section("hinges", topic, title, words("hinges.lead"), blocks)


def _chart(name: str, rows: pd.DataFrame, words: Words) -> Strips:
    drawn = []
    for _, row in rows.head(MOST).iterrows():
        colour = "blue" if row["clear"] else "grey"
        strokes = interval(row["low"], row["correlation"], row["high"], colour)
        drawn.append(Row(meaning(row["parameter"], words), strokes, _told(row)[0]))
    behind = Table(
        [words("hinges.parameter"), words("hinges.key"), words("hinges.correlation"),
         words("hinges.interval")],
        [
            [meaning(row["parameter"], words), row["parameter"], _told(row)[0],
             " … ".join(_told(row)[1:])]
            for _, row in rows.iterrows()
        ],
        [False, False, True, True],
    )  # fmt: skip
    legend = [(words("hinges.clear"), "blue"), (words("hinges.unclear"), "grey")]
    return Strips(name, words("hinges.unit"), drawn, legend, zero=50.0, table=behind)


def _told(row: pd.Series) -> list[str]:
    """A correlation and the ends of its confidence interval."""
    return rounded(row["correlation"], row["low"], row["high"], sign=True)


def meaning(parameter: str, words: Words) -> str:
    """What a parameter (or a trait, "segment.trait") is called."""
    own = parameter.rpartition(".")[2]
    return words.label(PARAMETERS | TRAITS, own)
