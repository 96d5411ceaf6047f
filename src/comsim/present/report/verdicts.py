"""The verdict: as a sentence, as key figures, and for each outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable
from comsim.present.report.page import Items, Section
from comsim.present.report.strips import Row, Strips, parts
from comsim.studies.comparison.finding import clear_count
from comsim.studies.comparison.words import sentences
from comsim.studies.comparison.words.answer import measured_together
from comsim.studies.comparison.words.differences import (
    chance,
    later_where_both,
    levels,
    mean,
    median,
    range_over_worlds,
)

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison


def measured(comparison: Comparison, words: Words) -> str:
    """The day from which effects are measured; empty if that is day 0 for all policies, or if
    policies differ from different days on (the table then has them)."""
    if together := measured_together(comparison, words):
        return together
    days = {*comparison.since[1:]}
    if days == {0}:
        return ""
    if len(days) > 1:
        return words("verdict.since_each")
    return words.stop(words.sentence([sentences.measured(comparison.findings[0], words)]))


def worlds_section(comparison: Comparison, words: Words) -> Section:
    """Where the variance of each difference comes from, and what more worlds would add."""
    lines = []
    for finding in comparison.findings:
        lines.append(sentences.sentence(finding, words))
        if why := sentences.why(finding, words):
            lines.append(words("verdict.of", policy=finding.policy) + words.joined_sentences(why))
    return Section("worlds", words("topic.worlds"), "", "", [Items(lines)])


def table_section(comparison: Comparison, words: Words) -> Section:
    """Every outcome with the difference, its interval and the verdict; one table per policy."""
    blocks: list[Any] = []
    for name in comparison.policies[1:]:
        rows = comparison.verdicts[comparison.verdicts["policy"] == name]
        blocks.append(_table(comparison, name, rows, words))
        begin = rows[rows["begins_a"].notna() | (rows["before"] > 0)]
        if len(begin):
            blocks.append(_begun(comparison, name, begin, words))
    notes = [words("verdict.censored", when=words.when(comparison.days))]
    if any(comparison.starts):
        notes.append(words("verdict.retrospect"))
    blocks.append(Items(notes))
    clear, n = map(words.number, clear_count(comparison.verdicts["verdict"]))
    title = words("verdict.title", clear=clear, n=n)
    return Section("verdicts", words("topic.outcomes"), title, words("verdict.lead"), blocks)


def _table(comparison: Comparison, name: str, rows: pd.DataFrame, words: Words) -> TextTable:
    lines = [
        [
            words.name("outcome", row["outcome"], row["label"]),
            range_over_worlds(row, words),
            median(row, words),
            *levels(row, words),
            mean(row, words),
            chance(row),
            words.name("verdict", row["verdict"].replace(" ", "_")),
        ]
        for row in rows.to_dict("records")
    ]
    first = comparison.policies[0]
    columns = [
        words("verdict.outcome"), words("verdict.difference"), words("verdict.median"),
        words("verdict.level", policy=first), words("verdict.level", policy=name),
        words("verdict.mean_difference"),
        words("answer.chance", worth=words.percent(comparison.worth)), words("verdict.verdict"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    return TextTable(columns, lines, [False, *[True] * 6, False], rows_unvalidated=untested)


def _begun(comparison: Comparison, name: str, rows: pd.DataFrame, words: Words) -> TextTable:
    """In how many worlds something begins, and how much later in worlds where it does under both
    policies."""
    since = comparison.start_of(name)
    lines = [
        [
            words.name("outcome", row["outcome"], row["label"]),
            *([words.number(row["before"])] if since else []),
            words.percent(row["begins_a"]),
            words.percent(row["begins_b"]),
            words.number(row["both"]),
            later_where_both(row, words),
        ]
        for row in rows.to_dict("records")
    ]
    before = [words("verdict.before", when=words.when(since))] if since else []
    columns = [
        words("verdict.begins"), *before, comparison.policies[0], name, words("verdict.both"),
        words("verdict.both_difference"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    numeric = [False, *[True] * (len(columns) - 1)]
    return TextTable(columns, lines, numeric, rows_unvalidated=untested)


def variance_section(comparison: Comparison, words: Words) -> Section:
    """Where the variance of outcomes comes from: policy, parameters, stochastic variation."""
    kinds = (("policy", "orange"), ("parameters", "sky"), ("luck", "pale"))
    blocks = []
    for name in comparison.policies[1:]:
        rows = comparison.verdicts[comparison.verdicts["policy"] == name]
        drawn = []
        for row in rows.to_dict("records"):
            shares = [(row[f"share_{kind}"], colour) for kind, colour in kinds]
            if not all(np.isfinite(share) for share, _ in shares):
                continue
            label = words.name("outcome", row["outcome"], row["label"])
            strokes = parts(shares, [words.percent(share) for share, _ in shares])
            drawn.append(Row(label, strokes, "", not row["validated"]))
        legend = [(words(f"variance.{kind}"), colour) for kind, colour in kinds]
        blocks.append(Strips(name, words("variance.unit"), drawn, legend))
    finding = comparison.finding()
    if finding.reasons.shares is None:
        title = words("variance.few")
    else:
        title = sentences.variance(finding, words)
        if len(blocks) > 1:
            title = words("verdict.of", policy=finding.policy) + title
    return Section("variance", words("topic.variance"), title, words("variance.lead"), blocks)
