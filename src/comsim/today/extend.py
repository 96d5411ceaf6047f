"""The scenario with its past: an earlier start, and moments counted from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from comsim.scenario import Scenario
from comsim.scenario.scenario import MAX_DAYS

MOMENTS = ("day", "from", "to")  # keys that hold a moment in lists of tables
PARTS = ("steps", "ramps", "during", "on")


def extended(scenario: Scenario, age: int, market: int) -> Scenario:
    """A scenario with `[community] today` as an ordinary one that begins `age` days earlier.

    The old first day becomes `today`. Day numbers in schedules, holidays, shocks and goals, and the
    owner's, are moved; dates stay. What holds from the first day on (the base of a lever) holds in
    the past too. InputError if the run becomes too long, or a file counts days.
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
    for key in ("programmes", "combinations"):  # compared as policies of their own
        data.pop(key, None)
    data |= {
        "start": (scenario.start - timedelta(days=age)).isoformat(),
        "days": days,
        "today": age,
        "community": community | {"market": market},
    }
    for lever, given in data.get("policy", {}).items():
        data["policy"][lever] = _schedule(given, age)
    if "calendar" in data:
        data["calendar"] = _parts(data["calendar"], ("holidays",), age)
    data = _parts(data, ("shocks", "goals"), age)
    if "owner" in data:
        owner = data["owner"]
        owner["grace"] = min(scenario.owner.grace + age, MAX_DAYS)
        owner |= {"until": _moved(owner["until"], age)} if owner.get("until") is not None else {}
    return scenario.again(data)


def _schedule(layer: Any, age: int) -> Any:
    """A lever, with its moments moved."""
    if not isinstance(layer, dict):
        return layer
    layer = _parts(layer, PARTS, age)
    if "groups" in layer:
        groups = {name: _schedule(group, age) for name, group in layer["groups"].items()}
        layer = layer | {"groups": groups}
    return layer


def _parts(table: dict[str, Any], names: tuple[str, ...], age: int) -> dict[str, Any]:
    """A table, with the moments in some of its lists moved."""
    return table | {
        name: [
            {key: _moved(x, age) if key in MOMENTS else x for key, x in part.items()}
            for part in table[name]
        ]
        for name in names
        if name in table
    }


def _moved(moment: int | str, age: int) -> int | str:
    """A day number later by the age; a date as it is."""
    return moment + age if isinstance(moment, int) else moment
