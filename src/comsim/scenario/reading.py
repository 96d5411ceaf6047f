"""Reading a scenario file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from comsim.common.errors import InputError
from comsim.scenario.files import read_text
from comsim.scenario.scenario import Scenario

LARGEST = 1_000_000  # bytes
# tomllib takes minutes to read a key of a hundred thousand parts.
LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++\s*+\.\s*+){64}""")
NOT_FOUND = "a scenario file (.toml)"
# Other files of comsim: a key that they have, what they are, and the command that takes them.
OTHERS = {
    "factors": ("an experiment", "comsim sweep takes this"),
    "branches": ("futures of the lab", "drop this on the page of comsim lab"),
}


def load_scenario(path: str | Path) -> Scenario:
    """Read a scenario from a TOML file; InputError, in one line, if it is invalid."""
    path = Path(path)
    data = read_toml(path)
    for key in OTHERS.keys() & data.keys():
        found, taken = OTHERS[key]
        raise InputError.at(path, "file", found, f"{NOT_FOUND}; {taken}")
    if "programmes" in data and "name" not in data:
        taken = "comsim compare takes this with --programmes"
        raise InputError.at(path, "file", "programmes", f"{NOT_FOUND}; {taken}")
    return Scenario.from_dict(data, str(path), path.parent)


def read_toml(path: Path, what: str = NOT_FOUND) -> dict[str, Any]:
    """The contents of a TOML file. InputError if it can't be read; `what` is the kind of file that
    was expected."""
    return parse_toml(read_text(path, LARGEST, what), path)


def parse_toml(text: str, file: object) -> dict[str, Any]:
    """The contents of TOML text of at most LARGEST bytes; `file` names it in errors."""
    too_deep = InputError.at(file, "file", "very deep nesting", "tables as documented")
    if LONG_KEY.search(text):
        raise too_deep
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise too_deep from None
    except tomllib.TOMLDecodeError as error:
        raise InputError.at(file, "TOML", f"{error}"[:200], "valid TOML") from None
    except ValueError:  # Python's limit on reading whole numbers
        found = "a number of thousands of digits"
        raise InputError.at(file, "TOML", found, "numbers of 64 bits") from None
