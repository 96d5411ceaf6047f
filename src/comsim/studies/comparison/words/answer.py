"""The table on page one of a comparison: each policy with its effect, spending and chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comsim.language.phrases import Words
from comsim.studies.comparison.finding import PolicyFinding, ranked
from comsim.studies.comparison.words.basis_sentences import grade_name
from comsim.studies.comparison.words.differences import chance, level_range, median_and_range
from comsim.studies.comparison.words.return_rows import NONE, Rows, figure_in_words

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison

MOST = 4  # policies on page one, beside the first


def best_of(comparison: Comparison) -> list[PolicyFinding]:
    """The findings about the policies on page one, the best first."""
    return ranked(comparison.findings)[:MOST]


def next_test(comparison: Comparison, best: Sequence[PolicyFinding]) -> dict[str, Any] | None:
    """The most informative test of the best of some policies for which there is one: a row
    of `Comparison.settling`."""
    tests = {row["policy"]: row for row in comparison.settling.to_dict("records")}
    return next((tests[one.policy] for one in best if one.policy in tests), None)


def answer_rows(comparison: Comparison, best: Sequence[PolicyFinding], words: Words) -> Rows:
    """A row for the first policy and for each of some others: level, effect, spending, chance, and
    the weakest evidence on which a part of it rests. If effects are measured from different days,
    there is a column for the day."""
    dated = len({*comparison.since[1:]}) > 1
    first, *_ = comparison.policies
    rows = [
        {
            "policy": first,
            "since": "",
            "level": level_range(best[0].row, "a", words),
            "effect": "",
            "spending": "",
            "chance": "",
            "evidence": "",
        }
    ]
    for finding in best:
        row = finding.row
        rows.append(
            {
                "policy": finding.policy,
                "since": words.brief(finding.since),
                "level": level_range(row, "b", words),
                "effect": median_and_range(row, words),
                "spending": figure_in_words(comparison, finding.policy, "spending", words),
                "chance": chance(row),
                "evidence": grade_name(finding.grade, words) if finding.grade else NONE,
            }
        )
    graded = any(finding.grade for finding in best)
    shown = {"since": dated, "evidence": graded}
    keys = [key for key in rows[0] if shown.get(key, True)]
    worth = words.percent(comparison.worth)
    columns = [words(f"answer.{key}", worth=worth) for key in keys]
    return Rows(columns, [[row[key] for key in keys] for row in rows])
