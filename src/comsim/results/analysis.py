"""The folder of an analysis: tables, figures, answers and report."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.files.folders import whole_folder
from comsim.files.origin import origin
from comsim.files.sums import seal
from comsim.scenario.csvfile import as_csv
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.answers import Analysis

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER, MARK, REPORT, FIGURES = "analysis", "answers.json", "analysis.html", "figures"


def folder_of(sweep: Path, folder: str | Path | None = None) -> Path:
    """The folder of an analysis: by default in the sweep's own folder."""
    return Path(folder) if folder else sweep / FOLDER


def save(
    analysis: Analysis,
    folder: str | Path | None = None,
    force: bool = False,
    language: str = "en",
) -> Path:
    """Write the folder, whole or not at all; returns its path. `force` replaces an analysis.

    A CSV table and a figure for each answer, answers.json (titles, sentences and provenance) and
    analysis.html. `language` is that of the report's own words: "en" or "zh".
    """
    from comsim.present.figures.headed import png, png_without_title
    from comsim.present.report.analysis import analysis_report

    target = folder_of(analysis.sweep.folder, folder)
    with whole_folder(target, force, MARK) as part:
        (part / FIGURES).mkdir()
        pictures = {}
        for answer in analysis.answers:
            (part / f"{answer.name}.csv").write_text(as_csv(answer.table), "utf-8", newline="")
            if (figure := draw(answer)) is not None:
                (part / FIGURES / f"{answer.name}.png").write_bytes(png(figure))
                pictures[answer.name] = png_without_title(figure)
        html = analysis_report(analysis, pictures, origin() | made_from(analysis), language)
        (part / REPORT).write_text(html, encoding="utf-8")
        seal(part, MARK, summary(analysis) | origin())
    return target


def as_html(answers: Sequence[Answer], skipped: Sequence[tuple[str, str]] = ()) -> str:
    """Answers as a notebook shows them, each with its figure; `skipped`: open questions and why."""
    from comsim.present.figures.headed import png_without_title
    from comsim.present.report.analysis import notebook

    figures = {answer.name: draw(answer) for answer in answers}
    pictures = {name: png_without_title(one) for name, one in figures.items() if one is not None}
    return notebook(answers, pictures, skipped)


def draw(answer: Answer) -> Any:
    """The figure of an answer (matplotlib); None if there is none."""
    if not answer.figure:
        return None
    module, function = answer.figure.split(".")
    drawn = getattr(import_module(f"comsim.present.figures.{module}"), function)
    return drawn(title=answer.title, **(answer.data or {}))


Answer.draw, Answer._repr_html_ = draw, lambda answer: as_html([answer])
Analysis.save = save
Answer.__module__ = Analysis.__module__ = __name__  # unpickling one attaches its methods
Analysis._repr_html_ = lambda analysis: as_html(
    analysis.answers, [(one.what, one.why) for one in analysis.skipped]
)


def summary(analysis: Analysis) -> dict[str, Any]:
    """The answers and open questions, ready for JSON."""
    return {
        "experiment": analysis.sweep.experiment.name,
        "outcome": analysis.query.outcome.name,
        "condition": analysis.condition,
        "taken": analysis.query.defaults,
        "answers": [
            {"name": answer.name, "title": answer.title, "sentence": answer.sentence,
             "warnings": answer.warnings, "table": f"{answer.name}.csv",
             "figure": f"{FIGURES}/{answer.name}.png" if answer.figure else None}
            for answer in analysis.answers
        ],
        "skipped": [vars(one) for one in analysis.skipped],
        "sweep": made_from(analysis),
    }  # fmt: skip


def made_from(analysis: Analysis) -> dict[str, Any]:
    """The sweep it was made from: its digest, its code, its seed."""
    manifest = analysis.sweep.manifest
    return {"digest": manifest.digest, "seed": analysis.swept.seed,
            "code_of_runs": manifest.identity.get("code", "")}  # fmt: skip
