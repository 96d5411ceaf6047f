"""A description of each file of the folder, for the README and the crate."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path, PurePath

from comsim.files.sums import changed, check, sum_of_file
from comsim.publication.behaviorspace import DAILY, TABLE
from comsim.publication.tables import RUNS, SEEDS
from comsim.studies.experiments.portable import DESIGN, EXPERIMENT, SAMPLE
from comsim.studies.shards.files import MERGED

README, ODD, PROVENANCE = "README.md", "odd.md", "provenance.json"
CRATE, SUMS = "ro-crate-metadata.json", "sha256sums.txt"

# In the order of reading.
FILES = {
    README: "the question, the factors, and how to read and reproduce the results",
    "analysis/analysis.html": "the answers, on one page that works offline",
    "analysis/answers.json": "the answers, for programs",
    "analysis/*": "tables and figures of the answers",
    EXPERIMENT: "the experiment, for `comsim sweep`",
    "scenarios/*.toml": "the base scenario",
    "scenarios/*": "CSV files that a scenario reads",
    DESIGN: "one row per point of the design: the value of each factor",
    SAMPLE: "the sample that uncertain parameters are taken from",
    SEEDS: "one row per world: random seed, and number of the parameter sample (-1: defaults)",
    RUNS: "one row per run: point, world, factors, outcomes, simulated days, error",
    MERGED: "the same table, as written by the sweep",
    "series/*": "daily series, one row per run and day",
    TABLE: "one row per run, in the form of NetLogo's BehaviorSpace table",
    DAILY: "one row per run and day, in the same form",
    ODD: "the model, described by the ODD protocol",
    PROVENANCE: "code, packages, platform, times and all settings of the runs",
    CRATE: "a description of this folder for programs (RO-Crate 1.2)",
    SUMS: "the SHA-256 of each file: `sha256sum -c sha256sums.txt`",
}

FORMATS = {
    ".csv": "text/csv", ".html": "text/html", ".json": "application/json", ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet", ".png": "image/png", ".toml": "application/toml",
    ".txt": "text/plain",
}  # fmt: skip


def paths_in(folder: Path) -> list[str]:
    """All files of a folder, as paths in it, sorted."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def sums_of(folder: Path) -> str:
    """The SHA-256 of each file, in the form of `sha256sum`."""
    return "".join(f"{sum_of_file(folder / path)}  {path}\n" for path in paths_in(folder))


def check_sums(folder: Path) -> None:
    """Raise Changed if a file of a published folder differs from its checksum or is missing."""
    path = folder / SUMS
    if not path.is_file():
        raise changed(path, how="missing")
    lines = path.read_text("utf-8", errors="replace").splitlines()
    sums = {name: wanted for wanted, _, name in (line.partition("  ") for line in lines)}
    if "" in sums or not {README, CRATE} <= sums.keys():  # the file is truncated
        raise changed(path)
    for name, wanted in sums.items():
        check(folder / name, wanted)


def description_of(path: str) -> str:
    """The description of a file."""
    return next(what for pattern, what in FILES.items() if fnmatch(path, pattern))


def format_of(path: str) -> str:
    """Its media type."""
    return FORMATS.get(PurePath(path).suffix, "application/octet-stream")
