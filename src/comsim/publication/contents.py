"""What each file of the folder is: for the README, the crate, and who receives it."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path, PurePath

from comsim.files.sums import changed, check, sum_of_file
from comsim.publication.behaviorspace import DAILY, TABLE
from comsim.publication.tables import RUNS, SEEDS
from comsim.studies.experiments.portable import DESIGN, EXPERIMENT
from comsim.studies.shards.files import MERGED

README, ODD, PROVENANCE = "README.md", "odd.md", "provenance.json"
CRATE, SUMS = "ro-crate-metadata.json", "sha256sums.txt"

# In the order of reading.
FILES = {
    README: "what was asked, what was varied, and how to read and redo it",
    "analysis/analysis.html": "the findings, on one page that works offline",
    "analysis/answers.json": "the findings, ready for programs",
    "analysis/*": "tables and pictures of the findings",
    EXPERIMENT: "the experiment: what `comsim sweep` carries out",
    "scenarios/*.toml": "the scenario that is varied",
    "scenarios/*": "records that a scenario reads",
    DESIGN: "a row a point of the design: the value of each factor",
    SEEDS: "a row a world: the seed of its luck, and its draw of what nobody knows (-1: defaults)",
    RUNS: "a row a run: point, world, factors, outcomes, days lived, error",
    MERGED: "the same table, as the sweep wrote it",
    "series/*": "daily series, a row a run and day",
    TABLE: "a row a run, in the form of NetLogo's BehaviorSpace table",
    DAILY: "a row a run and day, in the same form",
    ODD: "the model, by the ODD protocol",
    PROVENANCE: "what the runs were made with: code, packages, platform, times, all settings",
    CRATE: "this folder described for programs (RO-Crate 1.2)",
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
    if "" in sums or not {README, CRATE} <= sums.keys():  # a line is cut, or lines are gone
        raise changed(path)
    for name, wanted in sums.items():
        check(folder / name, wanted)


def what_is(path: str) -> str:
    """What a file is, in words."""
    return next(what for pattern, what in FILES.items() if fnmatch(path, pattern))


def format_of(path: str) -> str:
    """Its media type."""
    return FORMATS.get(PurePath(path).suffix, "application/octet-stream")
