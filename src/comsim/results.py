"""A run's folder: its tables, its numbers, where they come from, and its picture."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import comsim
from comsim.folders import claim, whole_folder
from comsim.scenario import observed as read_observed
from comsim.summary import summary

if TYPE_CHECKING:
    from comsim.scenario import Scenario
    from comsim.simulation import Run

MARK = "provenance.json"
PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "pydantic", "matplotlib", "scipy")
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
) -> Path:
    """Write the run's folder, whole or not at all; returns its path.

    `force` replaces an earlier result, and nothing else. `events` adds the event table.
    `observed` is what is laid over the simulated series; by default the scenario's own.
    """
    from comsim.figures.lifecycle import lifecycle
    from comsim.figures.style import write_png

    began = time.perf_counter()
    observed = read_observed(run.scenario) if observed is None else observed
    with whole_folder(Path(folder), force, MARK) as part:
        run.daily.to_parquet(part / "daily.parquet", **PARQUET)
        run.members.to_parquet(part / "members.parquet", **PARQUET)
        cohorts(run.members, run.scenario.days).to_parquet(part / "cohorts.parquet", **PARQUET)
        if events:
            run.events().to_parquet(part / "events.parquet", **PARQUET)
        numbers = summary(run, observed)
        write_json(part / "summary.json", numbers)
        (part / "figures").mkdir()
        write_png(lifecycle(run, observed), part / "figures" / "lifecycle.png")
        write_json(part / MARK, provenance(run, time.perf_counter() - began))
    return Path(folder)


def cohorts(members: pd.DataFrame, days: int) -> pd.DataFrame:
    """How long members stay, by month of joining: a row for each `cohort` and `month` after.

    Both are 30 days, the second counted from each member's own day of joining. `members` are
    those whose month lies wholly inside the run; `stayed` visited in that month or later.
    """
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


def provenance(run: Run, saving: float) -> dict[str, Any]:
    """All that is needed to make the run again, and when and with what it was made."""
    scenario = run.scenario
    return {
        **origin(),
        "seed": run.seed,
        "scenario": scenario.to_dict(),
        "parameters": run.parameters,
        "series": series_hashes(scenario),
        "seconds": {"simulating": round(run.seconds, 3), "saving": round(saving, 3)},
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
    return {str(path): _hash(path.read_bytes()) for path in sorted(paths)}


def code_hash() -> str:
    """A hash of all of the package's sources."""
    package = Path(__file__).parent
    files = sorted(package.rglob("*.py"))
    return _hash(b"".join(_hash(file.read_bytes()).encode() for file in files))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def write_json(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps(_strict(data), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _strict(value: Any) -> Any:
    """Python's own numbers, and null where a number is missing: JSON has no NaN."""
    if isinstance(value, dict):
        return {str(key): _strict(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(part) for part in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
