"""What each file of the folder is: for the README, the crate, and who receives it."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path, PurePath

from comsim.experiments.portable import DESIGN, EXPERIMENT
from comsim.publication.behaviorspace import DAILY, TABLE
from comsim.publication.tables import RUNS, SEEDS
from comsim.shards.files import MERGED

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


def what_is(path: str) -> str:
    """What a file is, in words."""
    return next(what for pattern, what in FILES.items() if fnmatch(path, pattern))


def format_of(path: str) -> str:
    """Its media type."""
    return FORMATS.get(PurePath(path).suffix, "application/octet-stream")
