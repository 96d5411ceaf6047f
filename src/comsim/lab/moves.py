"""Moves of levers in the middle of a life, as a scenario says them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from comsim.scenario import Scenario

# Levers that are pulled for a day, rather than set from a day on.
FOR_A_DAY = ("seed_group", "release", "online_event", "offline_event", "replication")


@dataclass(frozen=True)
class Move:
    """A lever is set on the morning of a day: for that day alone where it is one of FOR_A_DAY,
    otherwise from then on. It holds for all members, whatever the scenario had in mind."""

    day: int
    lever: str
    value: float


def moved(scenario: Scenario, *moves: Move) -> Scenario:
    """The scenario with moves in it, one after the other; the days before each stay as they are.

    InputError for a lever, a value or a day that a scenario can't have.
    """
    data = scenario.to_dict()
    policy = data.setdefault("policy", {})
    for move in moves:
        lever = policy.setdefault(move.lever, {})
        set_layer = _for_a_day if move.lever in FOR_A_DAY else _from_then_on
        for layer in (lever, *lever.get("groups", {}).values()):
            set_layer(layer, scenario, move)
    return scenario.again(data)


def with_move(moves: Iterable[Move], move: Move) -> list[Move]:
    """Moves after a lever is set: drops those of later days, and of that lever on that day."""
    kept = (
        other for other in moves
        if other.day < move.day or (other.day == move.day and other.lever != move.lever)
    )  # fmt: skip
    return [*kept, move]


def parting(first: Iterable[Move], second: Iterable[Move], never: int) -> int:
    """The first day with a move that is not in both; `never` where they are the same."""
    return min((move.day for move in {*first} ^ {*second}), default=never)


def _for_a_day(layer: dict[str, Any], scenario: Scenario, move: Move) -> None:
    others = [part for part in layer.get("on", ()) if _day(scenario, part["day"]) != move.day]
    layer["on"] = [*others, {"day": move.day, "value": move.value}]


def _from_then_on(layer: dict[str, Any], scenario: Scenario, move: Move) -> None:
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
