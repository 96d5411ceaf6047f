"""The report of an analysis: the answers, each with its figure, then the open questions."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

from comsim.language.phrases import Words
from comsim.present.report.chart import TextTable
from comsim.present.report.page import Items, Page, Section, fragment, render
from comsim.present.report.setup import provenance_section

if TYPE_CHECKING:
    from comsim.studies.analysis.answer import Answer
    from comsim.studies.analysis.answers import Analysis

MOST_ROWS = 60  # of a table on the page; its file has all


@dataclass(frozen=True)
class AnswerPicture:
    """The picture of an answer in the page, and the sentence below it."""

    source: str
    """A data URI; empty for none."""
    about: str
    """For readers who can't see it."""
    sentence: str
    kind: str = "picture"


@dataclass(frozen=True)
class Folded:
    """A table that opens on a click."""

    table: TextTable
    kind: str = "folded"


def analysis_report(
    analysis: Analysis, pictures: dict[str, bytes], made: dict[str, Any], language: str = "en"
) -> str:
    """The page of an analysis as HTML. Titles and sentences of answers are in English in either
    language.

    `pictures` has PNG files by the names of answers. `made` is as in provenance.json, with the
    `digest`, `seed` and `code_of_runs` of the sweep.
    """
    words, experiment, swept = Words(language), analysis.sweep.experiment, analysis.swept
    facts = {
        "runs": analysis.sweep.manifest.runs,
        "points": len(swept.points),
        "worlds": swept.worlds,
        "days": swept.days,
    }
    answers = analysis.answers
    page = Page(
        kicker=experiment.name,
        title=answers[0].title if answers else words("analysis.nothing"),
        lead=" ".join(experiment.description.split()),
        facts=[(words(f"analysis.{key}"), words.number(value)) for key, value in facts.items()],
        sections=[
            _summary(answers, analysis.query.defaults, words),
            *(_answer(one, pictures.get(one.name), words) for one in answers),
            _open(analysis, words),
            _made(made, words),
        ],
        about=words("analysis.about"),
        pictures=True,
    )
    return render(page, words)


def notebook(
    answers: Sequence[Answer],
    pictures: dict[str, bytes],
    skipped: Sequence[tuple[str, str]] = (),
) -> str:
    """Answers as a notebook shows them, in HTML. `pictures` has PNG files by the names of answers;
    `skipped` has the questions without an answer, and the reasons."""
    sources = {name: _data_uri(picture) for name, picture in pictures.items()}
    return fragment("notebook.html", answers=answers, sources=sources, skipped=skipped)


def _data_uri(picture: bytes | None) -> str:
    """A PNG file as a data URI; empty for none."""
    if picture is None:
        return ""
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def topic(name: str, words: Words) -> str:
    """The topic of an answer, from the first word of its name."""
    return words.name("analysis_topic", name.split("_")[0])


def _summary(answers: Sequence[Answer], taken: Sequence[str], words: Words) -> Section:
    """All titles, one per line, and the defaults of the analysis."""
    blocks = [Items([one.title for one in answers])]
    if taken:
        blocks.append(Items(taken, kind="notes"))
    return Section("finding", words("analysis.answers"), "", "", blocks)


def _answer(one: Answer, picture: bytes | None, words: Words) -> Section:
    blocks: list[Any] = [AnswerPicture(_data_uri(picture), one.title, one.sentence)]
    if one.warnings:
        blocks.append(Items(one.warnings, kind="careful"))
    if len(one.table):
        blocks.append(Folded(_table(one, words)))
    return Section(one.name, topic(one.name, words), one.title, "", blocks)


def _table(one: Answer, words: Words) -> TextTable:
    whole = list(one.table.itertuples(index=False, name=None))
    rows = [[_cell(value, words) for value in row] for row in whole[:MOST_ROWS]]
    columns = [str(name).replace("_", " ") for name in one.table.columns]
    if left := len(whole) - len(rows):
        more = words("analysis.more", n=words.number(left), file=f"{one.name}.csv")
        rows.append([more, *[""] * (len(columns) - 1)])
    numeric = [all(_is_number(row[at]) for row in whole) for at in range(len(columns))]
    return TextTable(columns, rows, numeric)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _cell(value: Any, words: Words) -> str:
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return words("setup.yes" if value else "setup.no")
    if _is_number(value):
        return words.short(float(value))
    return "–" if value is None else str(value)


def _open(analysis: Analysis, words: Words) -> Section:
    """Questions that these runs can't answer, and why."""
    lines = []
    for skipped, why in analysis.open:
        first, *others = (topic(one.name, words) for one in skipped)
        what = words.listed([first, *(text[:1].lower() + text[1:] for text in others)])
        lines.append(words("analysis.why", what=what, why=why))
    lines += [words(f"limits.{key}") for key in ("trust", "money", "model", "real")]
    return Section("limits", words("topic.limits"), words("analysis.open"), "", [Items(lines)])


def _made(made: dict[str, Any], words: Words) -> Section:
    section = provenance_section(made | {"series": {}}, words)
    (table,) = section.blocks
    rows = [(words("analysis.sweep"), made["digest"]),
            (words("analysis.code_of_runs"), made["code_of_runs"]), *table.rows]  # fmt: skip
    return Section(section.id, section.topic, section.title, words("analysis.again"),
                   [TextTable(table.columns, rows, table.numeric)])  # fmt: skip
