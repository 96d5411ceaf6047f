"""The folder of a validation: report, tables and provenance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from comsim.evidence.validate import Validation
from comsim.evidence.world import communities, community
from comsim.files.folders import whole_folder
from comsim.files.origin import origin
from comsim.files.strict import write_json
from comsim.files.sums import MARK, seal
from comsim.present.report import validation_report
from comsim.scenario.csvfile import as_csv

NAME = "validation"


def save(
    validation: Validation, folder: str | Path, force: bool = False, language: str = "en"
) -> Path:
    """Write the folder, whole or not at all; returns its path. `force` replaces a result.
    `language` is that of the page: "en" or "zh"."""
    made = provenance(validation)
    html = validation_report(validation, made, language)
    with whole_folder(Path(folder), force, MARK) as part:
        (part / f"{NAME}.html").write_text(html, encoding="utf-8")
        (part / f"{NAME}.csv").write_text(as_csv(validation.table), "utf-8", newline="")
        write_json(part / f"{NAME}.json", numbers(validation))
        seal(part, MARK, made)
    return Path(folder)


Validation.save = save


def numbers(validation: Validation) -> dict[str, Any]:
    """The table and its headline, ready for JSON."""
    return {
        "headline": validation.headline,
        "worlds": validation.worlds,
        "seed": validation.seed,
        "figures": validation.table.to_dict("records"),
    }


def provenance(validation: Validation) -> dict[str, Any]:
    """Everything needed to repeat the validation, with the date and the versions."""
    return {
        **origin(),
        "seed": validation.seed,
        "worlds": validation.worlds,
        "rivals": validation.rivals,
        "sample": validation.sample._asdict(),
        "facts": [one.fact.id for one in validation.findings],
        "scenarios": {name: community(name).to_dict() for name in communities()},
        "series": {},
        "seconds": round(validation.seconds, 3),
    }
