"""The experiment as files, from which `comsim sweep` reproduces runs.parquet byte for byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import tomli_w

from comsim.common.errors import InputError
from comsim.studies.experiments.checks import load_experiment
from comsim.studies.experiments.portable import DESIGN, EXPERIMENT, portable
from comsim.studies.experiments.result import Sweep
from comsim.studies.experiments.runs import ExperimentWork
from comsim.studies.shards.files import INPUTS

# The parts of the identity that depend on files; the rest are code and packages.
FROM_FILES = ("experiment", "scenarios", "series", "design", "runs")


def write_experiment(sweep: Sweep, folder: Path) -> None:
    """Write experiment.toml, and the scenarios and CSV files that it reads except design.csv, which
    `write_tables` writes."""
    content, inputs = portable(sweep.experiment), sweep.folder / INPUTS
    _write(folder / EXPERIMENT, content.experiment)
    for name, data in content.scenarios.items():
        _write(folder / name, data)
    for path in sorted(inputs.rglob("*")):
        if path.is_file() and path != inputs / DESIGN:
            (folder / path.relative_to(inputs)).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, folder / path.relative_to(inputs))


def check_experiment(sweep: Sweep, folder: Path) -> None:
    """InputError if the files in a folder are not the experiment that was run."""
    identity = ExperimentWork.of(load_experiment(folder / EXPERIMENT)).identity
    for key in FROM_FILES:
        if identity[key] != sweep.manifest.identity.get(key):
            raise InputError.at(
                sweep.folder, key, "a different value when the experiment is written to files",
                "a sweep of this version of comsim",
            )  # fmt: skip


def _write(path: Path, data: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    # A carriage return would be lost in a multi-line string.
    lines = "\\r" not in json.dumps(data)
    path.write_text(tomli_w.dumps(data, multiline_strings=lines), encoding="utf-8", newline="\n")
