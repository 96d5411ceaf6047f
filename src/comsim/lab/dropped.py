"""A file that a stranger dropped on the page: text is all it can bring.

It is read as a scenario file is, and may name no files: what lies on the machine that runs the
lab is not the visitor's to read.
"""

from __future__ import annotations

from typing import Any

from comsim.lab.room import within_limits
from comsim.scenario import Scenario
from comsim.scenario.files import decoded, too_large
from comsim.scenario.reading import LARGEST, parse_toml

DROPPED = "your file"


def toml_from(text: str | bytes, file: str = DROPPED, largest: int = LARGEST) -> dict[str, Any]:
    """What TOML of at most `largest` bytes says; InputError, in one line, for whatever is wrong.

    Text that is too large is not parsed.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > largest:
        raise too_large(file, len(data), largest)
    return parse_toml(decoded(data, file), file)


def scenario_from(data: dict[str, Any], file: str = DROPPED) -> Scenario:
    """A scenario that names no files, within the limits of the lab."""
    scenario = Scenario.from_dict(data, file)
    within_limits(scenario)
    for key in ("intake", "observed"):
        series = getattr(scenario, key)
        if series is not None:
            found = "a CSV file" if series.csv else "a series from a CSV file"
            raise scenario.error(
                key, found,
                "nothing: a file that is dropped can't name others; start the lab with it, as "
                "comsim lab SCENARIO",
            )  # fmt: skip
    return scenario
