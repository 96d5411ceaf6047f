"""The report of an analysis: the answers first, each with its picture, then what is open."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from comsim.language.phrases import Words
from comsim.present.report.chart import Table
from comsim.present.report.page import Items, Page, Section, fragment, render
from comsim.present.report.setup import provenance_section

MOST_ROWS = 60  # of a table on the page; the rest stands in its file


@dataclass(frozen=True)
class Told:
    """An answer, as the page tells it."""

    name: str
    title: str
    sentence: str
    warnings: Sequence[str]
    picture: bytes | None
    """A PNG file; None where there is none."""
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    @property
    def source(self) -> str:
        """The picture as a data URI; empty for none."""
        if self.picture is None:
            return ""
        return "data:image/png;base64," + base64.b64encode(self.picture).decode()


@dataclass(frozen=True)
class Picture:
    """A picture that travels in the page, and what is said of it."""

    source: str
    """A data URI; empty for none."""
    about: str
    """For who can't see it."""
    sentence: str
    kind: str = "picture"


@dataclass(frozen=True)
class Folded:
    """A table that opens when it is asked for."""

    table: Table
    kind: str = "folded"


def analysis_report(
    name: str,
    description: str,
    facts: dict[str, int],
    answers: Sequence[Told],
    skipped: Sequence[tuple[Sequence[str], str]],
    taken: Sequence[str],
    made: dict[str, Any],
    language: str = "en",
) -> str:
    """The page of an analysis as HTML.

    `facts` has `runs`, `points`, `worlds`, `days`; `skipped` names the questions that are open,
    with the reason; `taken` says what was asked by default; `made` is as in provenance.json, with
    `digest`, `seed` and `code_of_runs` of the sweep. Findings are in English in either language.
    """
    words = Words(language)
    page = Page(
        kicker=name,
        title=answers[0].title if answers else words("analysis.nothing"),
        lead=" ".join(description.split()),
        facts=[(words(f"analysis.{key}"), words.number(value)) for key, value in facts.items()],
        sections=[
            _summary(answers, taken, words),
            *(_answer(one, words) for one in answers),
            _open(skipped, words),
            _made(made, words),
        ],
        about=words("analysis.about"),
        pictures=True,
    )
    return render(page, words)


def notebook(answers: Sequence[Told], skipped: Sequence[tuple[str, str]] = ()) -> str:
    """Answers as a notebook shows them, in HTML; `skipped` are open questions with the reason."""
    return fragment("notebook.html", answers=answers, skipped=skipped)


def topic(name: str, words: Words) -> str:
    """What an answer is about: the first word of its name says it."""
    return words.name("analysis_topic", name.split("_")[0])


def _summary(answers: Sequence[Told], taken: Sequence[str], words: Words) -> Section:
    """All findings, a line each, and what they were asked about."""
    blocks = [Items([one.title for one in answers])]
    if taken:
        blocks.append(Items(taken, kind="notes"))
    return Section("finding", words("analysis.answers"), "", "", blocks)


def _answer(one: Told, words: Words) -> Section:
    blocks: list[Any] = [Picture(one.source, one.title, one.sentence)]
    if one.warnings:
        blocks.append(Items(one.warnings, kind="careful"))
    if one.rows:
        blocks.append(Folded(_table(one, words)))
    return Section(one.name, topic(one.name, words), one.title, "", blocks)


def _table(one: Told, words: Words) -> Table:
    rows = [[_cell(value, words) for value in row] for row in one.rows[:MOST_ROWS]]
    if left := len(one.rows) - len(rows):
        more = words("analysis.more", n=words.number(left), file=f"{one.name}.csv")
        rows.append([more, *[""] * (len(one.columns) - 1)])
    numeric = [all(_is_number(row[at]) for row in one.rows) for at in range(len(one.columns))]
    return Table([name.replace("_", " ") for name in one.columns], rows, numeric)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _cell(value: Any, words: Words) -> str:
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return words("setup.yes" if value else "setup.no")
    if _is_number(value):
        return words.short(float(value))
    return "–" if value is None else str(value)


def _open(skipped: Sequence[tuple[Sequence[str], str]], words: Words) -> Section:
    """What these runs can't say, and why."""
    told = []
    for names, why in skipped:
        first, *others = (topic(name, words) for name in names)
        what = words.listed([first, *(text[:1].lower() + text[1:] for text in others)])
        told.append(words("analysis.why", what=what, why=why))
    told += [words(f"limits.{key}") for key in ("trust", "money", "model", "real")]
    return Section("limits", words("topic.limits"), words("analysis.open"), "", [Items(told)])


def _made(made: dict[str, Any], words: Words) -> Section:
    section = provenance_section(made | {"series": {}}, words)
    (table,) = section.blocks
    rows = [(words("analysis.sweep"), made["digest"]),
            (words("analysis.code_of_runs"), made["code_of_runs"]), *table.rows]  # fmt: skip
    return Section(section.id, section.topic, section.title, words("analysis.again"),
                   [Table(table.columns, rows, table.numeric)])  # fmt: skip
