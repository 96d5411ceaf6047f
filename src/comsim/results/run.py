"""The folder of a run: tables, summary, provenance, figure and report."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.errors import InputError
from comsim.files.folders import claim, read_whole, whole_folder
from comsim.files.origin import check_definitions, hash_of, origin
from comsim.files.parquet import PARQUET
from comsim.files.strict import strict, write_json
from comsim.files.sums import MARK, Kept, seal
from comsim.run.simulation import Run
from comsim.scenario import observed as read_observed

if TYPE_CHECKING:
    import pandas as pd

    from comsim.measure.record import Record
    from comsim.scenario import Scenario

REPORT, OBSERVED = "report.html", "observed.parquet"
TABLES = ("daily", "members", "cohorts")
RENAMED_PHASES = {"seeding": "start-up"}
VISITORS = "interest_visitors"  # a column that earlier versions did not have
# Keys of summary.json that a report needs; an older version may not have written them.
NEEDED = ("stages", "peak", "retention", "money", "economy", "goals", "rule_days")


def check_folder(folder: str | Path, force: bool = False) -> Path:
    """The folder for a result; InputError if `save` would not write it."""
    return claim(Path(folder), force, MARK)


def save(
    run: Run,
    folder: str | Path,
    force: bool = False,
    events: bool = False,
    observed: pd.DataFrame | None = None,
    language: str = "en",
) -> Path:
    """Write the run's folder, whole or not at all; returns its path.

    `force` replaces an earlier result, and nothing else. `events` adds the event table.
    `observed` has measured series to compare with; by default, those of the scenario.
    `language` is that of the report: "en" or "zh".
    """
    from comsim.present.figures.lifecycle import lifecycle
    from comsim.present.figures.style import write_png
    from comsim.present.report import run_report

    began = time.perf_counter()
    record = as_record(run, observed)
    html = run_report(record, language)
    with whole_folder(Path(folder), force, MARK) as part:
        for name in TABLES:
            getattr(record, name).to_parquet(part / f"{name}.parquet", **PARQUET)
        if record.observed is not None:
            record.observed.to_parquet(part / OBSERVED, **PARQUET)
        if events:
            from comsim.logs.events import write_events

            write_events(run.events(), part / "events.parquet")
        write_json(part / "summary.json", record.summary)
        (part / "figures").mkdir()
        write_png(lifecycle(run, record.observed), part / "figures" / "lifecycle.png")
        (part / REPORT).write_text(html, encoding="utf-8")
        seconds = {"simulating": run.seconds, "saving": time.perf_counter() - began}
        seconds = {what: round(spent, 3) for what, spent in seconds.items()}
        seal(part, MARK, record.provenance | {"seconds": seconds}, but=[REPORT])
    return Path(folder)


def report(run: Run, language: str = "en") -> str:
    """The report of a run as one HTML page, in English ("en") or Chinese ("zh")."""
    from comsim.present.report import run_report

    return run_report(as_record(run), language)


def draw(run: Run, figure: str = "lifecycle") -> Any:
    """A figure of a run, for matplotlib and notebooks; `figure` is one of

    * "lifecycle": its life on one page, with the series that its scenario says were observed
    * "retention": a heat map of who stays, by month of joining
    """
    if figure == "lifecycle":
        from comsim.present.figures.lifecycle import lifecycle

        return lifecycle(run, read_observed(run.scenario))
    if figure == "retention":
        from comsim.present.figures.retention import retention

        return retention(as_record(run).cohorts, run.scenario.name)
    raise InputError.at("draw", "figure", repr(figure), "lifecycle, retention")


def as_record(run: Run, observed: pd.DataFrame | None = None) -> Record:
    """What a run's folder holds."""
    from comsim.measure.cohorts import cohorts
    from comsim.measure.record import Record
    from comsim.measure.summary import summary

    observed = read_observed(run.scenario) if observed is None else observed
    return Record(
        daily=run.daily,
        members=run.members,
        cohorts=cohorts(run),
        summary=strict(summary(run, observed)),
        provenance=strict(provenance(run)),
        observed=observed,
    )


def load(folder: str | Path) -> Record:
    """Read the folder of a run; InputError if it isn't one, or a file has changed since it was
    written. Warns (`Unchecked`) about a run of an earlier version."""
    folder = Path(folder)
    try:
        return read_whole(folder, MARK, _record)
    except InputError:
        raise
    except (OSError, ValueError) as error:  # pyarrow's and JSON's own are ValueErrors
        problem = "no such files" if isinstance(error, OSError) else str(error)[:100]
        raise InputError.at(
            folder, "folder", problem, "the folder of a run or a comparison"
        ) from None


def _save(self: Run, folder: str | Path, force: bool = False, language: str = "en") -> Path:
    """Write the run's folder, whole or not at all; returns its path. `language` is that of
    the report: "en" or "zh"."""
    return save(self, folder, force=force, language=language)


Run.save, Run.report, Run.draw = _save, report, draw
Run.__module__ = __name__  # unpickling one imports this module, which attaches its methods


def _record(kept: Kept) -> Record:
    from comsim.measure.record import Record

    numbers = kept.json("summary.json")
    if missing := [name for name in NEEDED if name not in numbers]:
        raise ValueError(f"a summary of another version, without {missing[0]}")
    check_definitions(kept.folder, kept.said, ("retention_30",))
    tables = {name: kept.table(f"{name}.parquet") for name in TABLES}
    _as_today(numbers, tables["daily"])
    return Record(
        **tables,
        summary=numbers,
        provenance=kept.said,
        observed=kept.table(OBSERVED) if OBSERVED in kept else None,
    )


def _as_today(summary: dict[str, Any], daily: pd.DataFrame) -> None:
    """Bring the numbers of an earlier version under today's names. What it did not measure is
    unknown."""
    for spell in summary.get("phases", ()):
        spell["phase"] = RENAMED_PHASES.get(spell["phase"], spell["phase"])
    if VISITORS not in daily:
        daily[VISITORS] = np.nan
        summary["end"][VISITORS] = None


def provenance(run: Run) -> dict[str, Any]:
    """Everything needed to repeat the run."""
    scenario = run.scenario
    return {
        **origin(),
        "seed": run.seed,
        "scenario": scenario.to_dict(),
        "parameters": run.parameters,
        "series": series_hashes(scenario),
    }


def series_hashes(scenario: Scenario) -> dict[str, str]:
    """A hash of each CSV that a scenario reads, by its path."""
    paths = {scenario.path(x.csv) for x in (scenario.intake, scenario.observed) if x and x.csv}
    return {str(path): hash_of(path.read_bytes()) for path in sorted(paths)}
