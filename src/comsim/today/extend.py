"""The scenario with its past: an earlier start, and moments counted from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from comsim.scenario import Scenario
from comsim.scenario.scenario import MAX_DAYS

MOMENTS = ("day", "from", "to", "until", "since")  # keys that hold a day number or a date
MOVED = (
    "policy",
    "calendar",
    "shocks",
    "goals",
    "owner",
    "programmes",
    "tests",
)  # parts that have them


def extended(scenario: Scenario, age: int, market: int) -> Scenario:
    """A scenario with `[community] today` as an ordinary one that begins `age` days earlier.

    The old first day becomes `today`. Day numbers of schedules, holidays, shocks, goals, tests,
    programmes and the owner are moved; dates stay. What holds from the first day on (the base of a
    lever) holds in the past too. InputError if the run becomes too long, or a file counts days.
    """
    data = scenario.to_dict()
    days = scenario.days + age
    if days > MAX_DAYS:
        found = f"{scenario.days} days after a past of {age}"
        raise scenario.error("days", found, f"at most {MAX_DAYS - age}")
    for key in ("intake", "observed"):
        series = getattr(scenario, key)
        if series is not None and series.day is not None:
            found, allowed = f"day numbers (column {series.day!r})", "a column of dates"
            raise scenario.error(f"{key}.day", found, f"{allowed}, beside [community] today")
    community = {k: v for k, v in data["community"].items() if k != "today"}
    data = {key: _moved(part, age) if key in MOVED else part for key, part in data.items()}
    data |= {
        "start": (scenario.start - timedelta(days=age)).isoformat(),
        "days": days,
        "today": age,
        "community": community | {"market": market},
    }
    if "owner" in data:
        data["owner"]["grace"] = min(scenario.owner.grace + age, MAX_DAYS)
    return scenario.again(data)


def _moved(part: Any, age: int, key: str = "") -> Any:
    """A part of a scenario, with its day numbers later by the age."""
    if isinstance(part, dict):
        return {name: _moved(x, age, name) for name, x in part.items()}
    if isinstance(part, list):
        return [_moved(x, age, key) for x in part]
    return part + age if key in MOMENTS and isinstance(part, int) else part
