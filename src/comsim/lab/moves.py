"""Moves of levers during a simulation, as parts of a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from comsim.model.catalogue import ACTS
from comsim.scenario import Scenario


@dataclass(frozen=True)
class TimelineMove:
    """Sets a lever on the morning of a day: for that day only if it is an act, otherwise from
    then on. It applies to all members, whatever the scenario plans."""

    day: int
    lever: str
    value: float


def moved(scenario: Scenario, *moves: TimelineMove) -> Scenario:
    """The scenario with these moves in its schedule. Days before a move stay as they are.

    Raises InputError for an invalid lever, value or day.
    """
    data = scenario.to_dict()
    policy = data.setdefault("policy", {})
    for move in moves:
        lever = policy.setdefault(move.lever, {})
        set_layer = _for_a_day if move.lever in ACTS else _from_then_on
        for layer in (lever, *lever.get("groups", {}).values()):
            set_layer(layer, scenario, move)
    return scenario.again(data)


def with_move(moves: Iterable[TimelineMove], move: TimelineMove) -> list[TimelineMove]:
    """The moves with one more, without those of later days and of the same lever on that day."""
    kept = (
        other for other in moves
        if other.day < move.day or (other.day == move.day and other.lever != move.lever)
    )  # fmt: skip
    return [*kept, move]


def parting(first: Iterable[TimelineMove], second: Iterable[TimelineMove], never: int) -> int:
    """The first day with a move that is not in both; `never` if all are in both."""
    return min((move.day for move in {*first} ^ {*second}), default=never)


def _for_a_day(layer: dict[str, Any], scenario: Scenario, move: TimelineMove) -> None:
    others = [part for part in layer.get("on", ()) if _day(scenario, part["day"]) != move.day]
    layer["on"] = [*others, {"day": move.day, "value": move.value}]


def _from_then_on(layer: dict[str, Any], scenario: Scenario, move: TimelineMove) -> None:
    """Stretches override all that stands before them in a layer, and single days override them."""
    before = []
    for part in layer.get("during", ()):
        first, last = (_day(scenario, part[key]) for key in ("from", "to"))
        if last < move.day:
            before.append(part)
        elif first < move.day:
            before.append(part | {"to": move.day - 1})
    held = {"from": move.day, "to": scenario.days - 1, "value": move.value}
    layer["during"] = [*before, held]
    if "on" in layer:
        layer["on"] = [p for p in layer["on"] if _day(scenario, p["day"]) < move.day]


def _day(scenario: Scenario, moment: int | str) -> int:
    return scenario.day_number(date.fromisoformat(moment) if isinstance(moment, str) else moment)
