"""Names for files that are put into one folder: each keeps its own, with a number if it is
taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Rename = Callable[[str], str]


class FileNames:
    """The new name of each file, in order of first use."""

    def __init__(self) -> None:
        self.given: dict[Path, str] = {}

    def of(self, path: Path) -> str:
        """The name of a file in the common folder."""
        path = Path(os.path.abspath(path))
        if path not in self.given:
            name, number = path.name, 1
            while name in self.given.values():
                number += 1
                name = f"{path.stem}_{number}{path.suffix}"
            self.given[path] = name
        return self.given[path]

    def beside(self, folder: Path) -> Rename:
        """`of` for paths relative to a folder."""
        return lambda file: self.of(folder / file)


def unique_names(files: list[str]) -> list[str]:
    """The names of files without folders, all different, even for the same file."""
    names = FileNames()
    return [names.of(Path(str(place), Path(file).name)) for place, file in enumerate(files)]
