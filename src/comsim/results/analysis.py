"""An analysis's folder: tables, pictures, what is said, and the report."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.files.sums import seal
from comsim.files.folders import whole_folder
from comsim.files.origin import origin
from comsim.scenario.csvfile import as_csv
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.answers import Analysis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comsim.present.report.analysis import Told

FOLDER, MARK, REPORT, FIGURES = "analysis", "answers.json", "analysis.html", "figures"


def folder_of(sweep: Path, folder: str | Path | None = None) -> Path:
    """Where the analysis of a sweep goes: into the sweep's own folder, unless said."""
    return Path(folder) if folder else sweep / FOLDER


def save(
    analysis: Analysis,
    folder: str | Path | None = None,
    force: bool = False,
    language: str = "en",
) -> Path:
    """Write the folder, whole or not at all; returns its path. `force` replaces an analysis.

    A CSV table and a picture for each answer, answers.json (all that is said, and with what it was
    made) and analysis.html. `language` is that of the report's own words: "en" or "zh".
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
        told = [_told(answer, pictures.get(answer.name)) for answer in analysis.answers]
        html = analysis_report(
            name=analysis.sweep.experiment.name,
            description=analysis.sweep.experiment.description,
            facts=facts(analysis),
            answers=told,
            skipped=[([one.name for one in some], why) for some, why in analysis.open],
            taken=analysis.asked.taken,
            made=origin() | made_from(analysis),
            language=language,
        )
        (part / REPORT).write_text(html, encoding="utf-8")
        seal(part, MARK, said(analysis) | origin())
    return target


def as_html(answers: Sequence[Answer], skipped: Sequence[tuple[str, str]] = ()) -> str:
    """Answers as a notebook shows them, each with its picture; `skipped`: open questions, why."""
    from comsim.present.figures.headed import png_without_title
    from comsim.present.report.analysis import notebook

    told = []
    for answer in answers:
        figure = draw(answer)
        told.append(_told(answer, None if figure is None else png_without_title(figure)))
    return notebook(told, skipped)


def draw(answer: Answer) -> Any:
    """The picture of an answer, a matplotlib figure; None where there is none."""
    if not answer.figure:
        return None
    module, function = answer.figure.split(".")
    drawn = getattr(import_module(f"comsim.present.figures.{module}"), function)
    return drawn(title=answer.title, **(answer.data or {}))


Answer.draw, Answer._repr_html_ = draw, lambda answer: as_html([answer])
Analysis.save = save
Analysis._repr_html_ = lambda analysis: as_html(
    analysis.answers, [(one.what, one.why) for one in analysis.skipped]
)


def said(analysis: Analysis) -> dict[str, Any]:
    """All that is said, ready for JSON."""
    return {
        "experiment": analysis.sweep.experiment.name,
        "outcome": analysis.asked.outcome.name,
        "condition": analysis.condition,
        "taken": analysis.asked.taken,
        "answers": [
            {"name": answer.name, "title": answer.title, "sentence": answer.sentence,
             "warnings": answer.warnings, "table": f"{answer.name}.csv",
             "figure": f"{FIGURES}/{answer.name}.png" if answer.figure else None}
            for answer in analysis.answers
        ],
        "skipped": [vars(one) for one in analysis.skipped],
        "sweep": made_from(analysis),
    }  # fmt: skip


def facts(analysis: Analysis) -> dict[str, Any]:
    """What was run, for the head of the page."""
    swept = analysis.swept
    return {"runs": analysis.sweep.manifest.runs, "points": len(swept.points),
            "worlds": swept.worlds, "days": swept.days}  # fmt: skip


def made_from(analysis: Analysis) -> dict[str, Any]:
    """Which sweep it was made from: its name for itself, its code, its seed."""
    manifest = analysis.sweep.manifest
    return {"digest": manifest.digest, "seed": analysis.swept.seed,
            "code_of_runs": manifest.identity.get("code", "")}  # fmt: skip


def _told(answer: Answer, picture: bytes | None) -> Told:
    from comsim.present.report.analysis import Told

    table = answer.table
    return Told(answer.name, answer.title, answer.sentence, answer.warnings, picture,
                tuple(map(str, table.columns)),
                tuple(table.itertuples(index=False, name=None)))  # fmt: skip
