"""Reading a scenario file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from comsim.errors import InputError
from comsim.scenario.files import read_text
from comsim.scenario.form import Scenario

LARGEST = 1_000_000  # bytes
NOT_FOUND = "a scenario file (.toml)"


def load_scenario(path: str | Path) -> Scenario:
    """Read a scenario from a TOML file; InputError, in one line, for whatever is wrong with it."""
    path = Path(path)
    return Scenario.from_dict(_toml(path), str(path), path.parent)


def _toml(path: Path) -> dict[str, Any]:
    text = read_text(path, LARGEST, NOT_FOUND)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InputError.at(path, "file", "very deep nesting", "tables as documented") from None
    except ValueError as error:  # TOMLDecodeError, and Python's limit on the digits of an int
        raise InputError.at(path, "TOML", f"{error}"[:200], "valid TOML") from None
