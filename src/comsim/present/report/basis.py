"""What the answers hang on: own tests, evidence, word of mouth, drivers, and the next test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable
from comsim.present.report.page import Code, Items, Section
from comsim.studies.comparison.words.answer import best_of, next_test
from comsim.studies.comparison.words.basis_rows import basis_rows
from comsim.studies.comparison.words.basis_sentences import settling_sentence, warnings

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison


def sections(comparison: Comparison, words: Words) -> list[Section]:
    """Tests of one's own, if there are any, with the answers before and after; then what the
    answers hang on."""
    basis = section(comparison, words)
    if not len(comparison.tests):
        return [basis]
    lines = Items(comparison.tests_in_words(words.language))
    return [Section("tests", words("tests.title"), "", "", [lines]), basis]


def section(comparison: Comparison, words: Words) -> Section:
    """A table of what each effect rests on; warnings; the test that would tell most about the best
    policy, with the lines to fill in."""
    best = best_of(comparison)
    columns, rows = basis_rows(comparison, best, words)
    blocks: list[Any] = [TextTable(columns, rows, [False] * len(columns))]
    if lines := warnings(comparison.by_lot, comparison.grades, words):
        blocks.append(Items(lines))
    if test := next_test(comparison, best):
        blocks += [Items([settling_sentence(test, words)]), Code(test["toml"])]
    return Section("basis", words("topic.why"), "", words("basis.lead"), blocks)
