"""A file that a visitor dropped on the page.

It is read like a scenario file, but must not refer to other files: visitors can't read files of the
machine that runs the lab.
"""

from __future__ import annotations

from typing import Any

from comsim.lab.room import within_limits
from comsim.scenario import Scenario
from comsim.scenario.files import decoded, too_large
from comsim.scenario.reading import LARGEST, parse_toml

DROPPED = "your file"


def toml_from(text: str | bytes, file: str = DROPPED, largest: int = LARGEST) -> dict[str, Any]:
    """Parse TOML of at most `largest` bytes. Raises InputError, in one line, for any error.

    Text that is too large is not parsed.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > largest:
        raise too_large(file, len(data), largest)
    return parse_toml(decoded(data, file), file)


def scenario_from(data: dict[str, Any], file: str = DROPPED) -> Scenario:
    """A scenario that refers to no files, within the limits of the lab."""
    scenario = Scenario.from_dict(data, file)
    within_limits(scenario)
    if scenario.community.today is not None:
        raise scenario.error(
            "community.today", "a community without a history, whose past takes a while to make up",
            "a scenario with a history here, or start the lab with it (comsim lab SCENARIO)",
        )  # fmt: skip
    for key in ("intake", "observed"):
        series = getattr(scenario, key)
        if series is not None:
            source = "a CSV file" if series.csv else "a series from a CSV file"
            raise scenario.error(
                key, source,
                "no file: a dropped file can't refer to other files; start the lab with it "
                "(comsim lab SCENARIO)",
            )  # fmt: skip
    return scenario
