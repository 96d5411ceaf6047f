"""A run's folder: its tables, its numbers, where they come from, its picture and its report."""

from __future__ import annotations

import hashlib
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import comsim
from comsim.errors import InputError
from comsim.files.strict import strict, write_json
from comsim.files.sums import MARK, Changed, Kept, seal
from comsim.folders import claim, read_whole, whole_folder
from comsim.scenario import observed as read_observed
from comsim.summary import summary

if TYPE_CHECKING:
    import pandas as pd

    from comsim.report import Record
    from comsim.scenario import Scenario
    from comsim.simulation import Run

REPORT, OBSERVED = "report.html", "observed.parquet"
TABLES = ("daily", "members", "cohorts")
# What a report needs of summary.json and an older version may not have written.
NEEDED = ("stages", "peak", "retention", "money", "economy", "goals", "rule_days")
PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "pydantic", "matplotlib", "scipy", "jinja2")
# Said in full, so that the same numbers give the same bytes.
PARQUET = {"engine": "pyarrow", "index": False, "compression": "zstd", "compression_level": 3,
           "version": "2.6", "row_group_size": 1 << 20}  # fmt: skip
COHORT = 30  # days of a cohort's month of joining, and of each month after it


def check_folder(folder: str | Path, force: bool = False) -> Path:
    """The folder for a result; InputError where `save` would not write it."""
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
    `observed` is what is laid over the simulated series; by default the scenario's own.
    `language` is that of the report: "en" or "zh".
    """
    from comsim.figures.lifecycle import lifecycle
    from comsim.figures.style import write_png
    from comsim.report import run_report

    began = time.perf_counter()
    record = as_record(run, observed)
    html = run_report(record, language)
    with whole_folder(Path(folder), force, MARK) as part:
        for name in TABLES:
            getattr(record, name).to_parquet(part / f"{name}.parquet", **PARQUET)
        if record.observed is not None:
            record.observed.to_parquet(part / OBSERVED, **PARQUET)
        if events:
            from comsim.events import write_events

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
    from comsim.report import run_report

    return run_report(as_record(run), language)


def draw(run: Run) -> Any:
    """The life of a run on one page, with the series that its scenario says were observed, as a
    matplotlib figure."""
    from comsim.figures.lifecycle import lifecycle

    return lifecycle(run, read_observed(run.scenario))


def as_record(run: Run, observed: pd.DataFrame | None = None) -> Record:
    """What a run's folder holds."""
    from comsim.report import Record

    observed = read_observed(run.scenario) if observed is None else observed
    return Record(
        daily=run.daily,
        members=run.members,
        cohorts=cohorts(run.members, run.scenario.days),
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
    except Changed:
        raise
    except (OSError, ValueError) as error:  # pyarrow's and JSON's own are ValueErrors
        found = "no such files" if isinstance(error, OSError) else str(error)[:100]
        raise InputError.at(
            folder, "folder", found, "the folder of a run or a comparison"
        ) from None


def _record(kept: Kept) -> Record:
    from comsim.report import Record

    numbers = kept.json("summary.json")
    if missing := [name for name in NEEDED if name not in numbers]:
        raise ValueError(f"a summary without {missing[0]}: another version wrote it")
    return Record(
        **{name: kept.table(f"{name}.parquet") for name in TABLES},
        summary=numbers,
        provenance=kept.said,
        observed=kept.table(OBSERVED) if OBSERVED in kept else None,
    )


def cohorts(members: pd.DataFrame, days: int) -> pd.DataFrame:
    """How long members stay, by month of joining: a row for each `cohort` and `month` after.

    Both are 30 days, the second counted from each member's own day of joining. `members` are
    those whose month lies wholly inside the run; `stayed` visited in that month or later.
    """
    import pandas as pd

    joined = members["joined_day"].to_numpy(np.int64)
    cohort, watched = joined // COHORT, (days - joined) // COHORT
    active = np.maximum(members["last_visit"].to_numpy(np.int64) - joined, 0) // COHORT + 1
    size = _longer_than(cohort, watched, days)
    stayed = _longer_than(cohort, np.minimum(active, watched), days)
    numbers, months = np.nonzero(size)
    count, stay = size[numbers, months], stayed[numbers, months]
    return pd.DataFrame(
        {
            "cohort": numbers,
            "month": months,
            "members": count,
            "stayed": stay,
            "share": stay / count,
        }
    )


def _longer_than(cohort: np.ndarray, months: np.ndarray, days: int) -> np.ndarray:
    """How many of each cohort (row) have more than so many months (column)."""
    width = days // COHORT + 1
    table = np.zeros((width, width), np.int64)
    np.add.at(table, (cohort, months), 1)
    return table[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]


def provenance(run: Run) -> dict[str, Any]:
    """All that is needed to make the run again."""
    scenario = run.scenario
    return {
        **origin(),
        "seed": run.seed,
        "scenario": scenario.to_dict(),
        "parameters": run.parameters,
        "series": series_hashes(scenario),
    }


def origin() -> dict[str, Any]:
    """With what a result was made, and when."""
    return {
        "comsim": comsim.__version__,
        "code": code_hash(),
        "packages": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def series_hashes(scenario: Scenario) -> dict[str, str]:
    """A hash of each CSV that a scenario reads, by its path."""
    paths = {scenario.path(x.csv) for x in (scenario.intake, scenario.observed) if x and x.csv}
    return {str(path): hash_of(path.read_bytes()) for path in sorted(paths)}


def code_hash() -> str:
    """A hash of all of the package's sources."""
    package = Path(__file__).parent
    files = sorted(package.rglob("*.py"))
    return hash_of(b"".join(hash_of(file.read_bytes()).encode() for file in files))


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
