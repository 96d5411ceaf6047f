"""An experiment with all its files in one folder, under names without the original folders.

    experiment.toml   design.csv   worlds.parquet   scenarios/NAME.toml   scenarios/NAME.csv

An experiment is therefore the same wherever its files are, and can be reproduced from a folder with
nothing else. A file keeps its name; if two have the same, the later one gets a number. A portable
experiment does not change.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comsim.scenario.rows import SAMPLES
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.filenames import FileNames, Rename
from comsim.studies.experiments.overrides import parts

EXPERIMENT, DESIGN, SCENARIOS = "experiment.toml", "design.csv", "scenarios"
SAMPLE = "worlds.parquet"
CSV = "csv"  # a key whose value is a file


@dataclass(frozen=True)
class Portable:
    """The content of an experiment and the files that it reads, ready for JSON."""

    experiment: dict[str, Any]
    scenarios: dict[str, dict[str, Any]]
    """The content of each scenario file, by new path."""
    files: dict[str, Path] = field(default_factory=dict)
    """The original path of each file that it reads, by new path."""


def portable(experiment: Experiment) -> Portable:
    """The experiment with new paths of its files. InputError as in `_rename_once`."""
    data, names, files = experiment.to_dict(), FileNames(), {}
    scenarios = {
        f"{SCENARIOS}/{base.name}": _moved(_ready(base.data), names.beside(base.folder))
        for base in experiment.bases
    }
    if "scenario" in data:
        (data["scenario"],) = scenarios
    if data["design"].get(CSV):
        files[DESIGN] = experiment.folder / data["design"][CSV]
        data["design"] = data["design"] | {CSV: DESIGN}
    if experiment.worlds.sample not in SAMPLES:
        files[SAMPLE] = Path(experiment.sample)
        data["worlds"] = data["worlds"] | {"sample": SAMPLE}
    rename = _rename_once(experiment, names)
    if "changes" in data:
        data["changes"] = {key: _at(key, x, rename) for key, x in data["changes"].items()}
    for factor, table in zip(experiment.factors, data["factors"], strict=True):
        old, labels = table.get("values", []), factor.shown if factor.choices else []
        if factor.scenarios:
            table["scenarios"] = list(scenarios)
            renamed = labels == list(factor.scenarios)
        else:
            new = [_at(table["path"], value, rename) for value in old]
            table |= {"values": new} if old else {}
            renamed = new != old
        if renamed:  # tables keep the original names
            table["labels"] = labels
    read = {f"{SCENARIOS}/{name}": path for path, name in names.given.items()}
    return Portable(data, scenarios, {k: x for k, x in (files | read).items() if x.is_file()})


def _rename_once(experiment: Experiment, names: FileNames) -> Rename:
    """For files that the experiment names and its scenarios read; InputError if this would be a
    different file for each scenario."""
    folders = {os.path.abspath(base.folder) for base in experiment.bases}
    beside = names.beside(experiment.bases[0].folder)

    def rename(file: str) -> str:
        if len(folders) > 1 and not os.path.isabs(file):
            several = f"{file}, a different file beside each scenario"
            raise experiment.error(CSV, several, "an absolute path, or scenarios in one folder")
        return beside(file)

    return rename


def _at(path: str, value: Any, rename: Rename) -> Any:
    """A value for a path, with its files renamed."""
    if isinstance(value, str) and (parts(path) or ("",))[-1] == CSV:
        return rename(value)
    return _moved(value, rename)


def _moved(value: Any, rename: Rename) -> Any:
    if isinstance(value, dict):
        return {
            key: rename(x) if key == CSV and isinstance(x, str) else _moved(x, rename)
            for key, x in value.items()
        }
    return [_moved(part, rename) for part in value] if isinstance(value, list) else value


def _ready(value: Any) -> Any:
    """Ready for JSON: dates become text, which a scenario accepts too."""
    if isinstance(value, dict):
        return {key: _ready(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_ready(part) for part in value]
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()
