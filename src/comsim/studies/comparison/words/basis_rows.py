"""A table of what the effect of each policy rests on, as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comsim.language.phrases import Words
from comsim.model.catalogue import LEVERS
from comsim.studies.comparison.finding import MOST_DRIVERS, PolicyFinding
from comsim.studies.comparison.words.basis_sentences import (
    MINOR,
    besides_name,
    grade_name,
    range_in_percent,
)
from comsim.studies.comparison.words.return_rows import NONE, Rows
from comsim.studies.comparison.words.sentences import parameter_name

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison


def basis_rows(comparison: Comparison, findings: Sequence[PolicyFinding], words: Words) -> Rows:
    """For each of some policies: its levers with the grade of their evidence, the effect by lot and
    what word of mouth adds to it, and the key drivers."""
    columns = [words(f"basis.{key}") for key in ("policy", "levers", "lot", "added", "drivers")]
    lots = {row["policy"]: row for row in comparison.by_lot.to_dict("records")}
    rows = []
    for finding in findings:
        lot = lots.get(finding.policy, {"worlds": 0})
        named = [parameter_name(one.parameter, words) for one in finding.drivers or ()]
        rows.append(
            [
                finding.policy,
                _levers(comparison, finding.policy, words) or NONE,
                range_in_percent(lot, "by_lot_", words) if lot["worlds"] else NONE,
                range_in_percent(lot, "word_of_mouth_", words) if lot["worlds"] else NONE,
                words.listed(named[:MOST_DRIVERS]) or NONE,
            ]
        )
    return Rows(columns, rows)


def _levers(comparison: Comparison, policy: str, words: Words) -> str:
    """The levers on which an effect rests, and what else differs, one line each."""
    if not len(comparison.grades.columns):
        return ""
    table = comparison.grades[comparison.grades["policy"] == policy]
    rows: list[dict[str, Any]] = [
        row for row in table[table["lever"] != ""].to_dict("records") if not row["share"] < MINOR
    ]
    lines = []
    for row in rows:
        several = len(rows) > 1 and row["share"] == row["share"]
        lines.append(
            words(
                "grounds.lever" if several else "grounds.lever_open",
                lever=words.label(LEVERS, row["lever"]),
                share=words.percent(row["share"]),
                grade=grade_name(row["grade"], words),
            )
        )
    lines += [besides_name(key, words) for key in table["besides"] if key]
    return "\n".join(lines)
