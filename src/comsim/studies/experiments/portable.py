"""An experiment whose files lie together, under names that do not say where they lay.

    experiment.toml     design.csv     scenarios/NAME.toml     scenarios/NAME.csv

So the same experiment is the same work wherever its files are, and can be made again from a folder
that holds no others. A file keeps its name; where two have the same, the later one gets a number.
What is portable stays as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.studies.experiments.overrides import parts

if TYPE_CHECKING:
    from comsim.studies.experiments.experiment import Experiment

EXPERIMENT, DESIGN, SCENARIOS = "experiment.toml", "design.csv", "scenarios"
CSV = "csv"  # the key whose value is a file, wherever it stands

Rename = Callable[[str], str]


@dataclass(frozen=True)
class Portable:
    """What an experiment says and reads, ready for JSON."""

    experiment: dict[str, Any]
    scenarios: dict[str, dict[str, Any]]
    """What each scenario file says, by its new path."""
    files: dict[str, Path] = field(default_factory=dict)
    """Where each CSV file lies that is read, by its new path."""


def portable(experiment: Experiment) -> Portable:
    """The experiment with the new paths of its files in place of the old ones."""
    data, names, files = experiment.to_dict(), _Names(), {}
    scenarios = {
        f"{SCENARIOS}/{base.name}": _moved(_ready(base.data), names.beside(base.folder))
        for base in experiment.bases
    }
    if "scenario" in data:
        (data["scenario"],) = scenarios
    if data["design"].get(CSV):
        files[DESIGN] = experiment.folder / data["design"][CSV]
        data["design"] = data["design"] | {CSV: DESIGN}
    rename = _named_once(experiment, names)
    if "changes" in data:
        data["changes"] = {key: _at(key, x, rename) for key, x in data["changes"].items()}
    for factor, said in zip(experiment.factors, data["factors"], strict=True):
        old, labels = said.get("values", []), factor.shown if factor.choices else []
        if factor.scenarios:
            said["scenarios"] = list(scenarios)
            renamed = labels == list(factor.scenarios)
        else:
            new = [_at(said["path"], value, rename) for value in old]
            said |= {"values": new} if old else {}
            renamed = new != old
        if renamed:  # tables go on to call them what they were called
            said["labels"] = labels
    read = {f"{SCENARIOS}/{name}": path for path, name in names.given.items()}
    return Portable(data, scenarios, {k: x for k, x in (files | read).items() if x.is_file()})


def own_names(files: list[str]) -> list[str]:
    """The names of files, without folders, each different from the others."""
    names = _Names()
    return [names.of(Path(str(place), Path(file).name)) for place, file in enumerate(files)]


class _Names:
    """The name of each file, in order of their first mention."""

    def __init__(self) -> None:
        self.given: dict[Path, str] = {}

    def of(self, path: Path) -> str:
        path = Path(os.path.abspath(path))
        if path not in self.given:
            name, number = path.name, 1
            while name in self.given.values():
                number += 1
                name = f"{path.stem}_{number}{path.suffix}"
            self.given[path] = name
        return self.given[path]

    def beside(self, folder: Path) -> Rename:
        return lambda file: self.of(folder / file)


def _named_once(experiment: Experiment, names: _Names) -> Rename:
    """For files that the experiment names and its scenarios read; InputError where that would be
    another file for each scenario."""
    folders = {os.path.abspath(base.folder) for base in experiment.bases}
    beside = names.beside(experiment.bases[0].folder)

    def rename(file: str) -> str:
        if len(folders) > 1 and not os.path.isabs(file):
            found = f"{file}, another file beside each scenario"
            raise experiment.error(CSV, found, "a whole path, or scenarios in one folder")
        return beside(file)

    return rename


def _at(path: str, value: Any, rename: Rename) -> Any:
    """A value that is laid at a path, with its files renamed."""
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
    """Ready for JSON: dates as text, as a scenario takes them, too."""
    if isinstance(value, dict):
        return {key: _ready(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_ready(part) for part in value]
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()
