"""Requests of a page, each checked before a visit carries it out.

A wrong type, name or number raises an InputError, in one line, and changes nothing.
"""

from __future__ import annotations

import math
from typing import Any

from comsim.common.errors import nearest
from comsim.lab import limits
from comsim.lab.saved import A_NAME, name_in
from comsim.lab.visit import Visit, refused
from comsim.model.catalogue import LEVERS
from comsim.scenario.scenario import MAX_DAYS


def obey(visit: Visit, request: str, message: object) -> Any:
    """Carry out a request of a page; `message` is unchecked."""
    if request not in REQUESTS:
        raise refused("request", request, ", ".join(REQUESTS))
    return REQUESTS[request](visit, message)


def member(visit: Visit, row: object) -> int:
    """The row of a member of the chosen future."""
    return _whole("member", row, 0, int(visit.now.timeline.world.now["rows"][0]) - 1)


def _play(visit: Visit, on: object) -> None:
    if not isinstance(on, bool):
        raise refused("play", on, "true or false")
    visit.play(on)


def _speed(visit: Visit, speed: object) -> None:
    if speed not in limits.SPEEDS or isinstance(speed, bool):
        raise refused("speed", speed, ", ".join(map(str, limits.SPEEDS)))
    visit.speed = int(speed)


def _step(visit: Visit, days: object) -> None:
    visit.step(_whole("step", days, -MAX_DAYS, MAX_DAYS))


def _seek(visit: Visit, day: object) -> None:
    visit.go_to(_whole("day", day, 0, visit.days))


def _move(visit: Visit, message: object) -> int:
    lever, value = _parts("move", message, "lever", "value")
    if not isinstance(lever, str) or lever not in LEVERS:
        raise refused("lever", lever, nearest(str(lever)[:40], LEVERS))
    return visit.move(lever, _number(lever, value, LEVERS[lever].low, LEVERS[lever].high))


def _branch(visit: Visit, name: object) -> None:
    visit.branch(_name(name))


def _rename(visit: Visit, message: object) -> None:
    future, name = _parts("rename", message, "future", "name")
    visit.rename(future, _name(name))


REQUESTS = {
    "play": _play, "speed": _speed, "step": _step, "seek": _seek, "move": _move,
    "undo": Visit.undo, "choose": Visit.choose, "close": Visit.close, "branch": _branch,
    "rename": _rename,
}  # fmt: skip


def _parts(request: str, message: object, *names: str) -> list[object]:
    if not isinstance(message, dict) or set(message) != {*names}:
        raise refused(request, message, f"a {' and a '.join(names)}")
    return [message[name] for name in names]


def _number(key: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refused(key, value, f"a number from {low:g} to {high:g}")
    if not low <= value <= high or not math.isfinite(value):
        raise refused(key, value, f"a number from {low:g} to {high:g}")
    return float(value)


def _whole(key: str, value: object, low: int, high: int) -> int:
    number = _number(key, value, low, high)
    if number != int(number):
        raise refused(key, value, f"a whole number from {low} to {high}")
    return int(number)


def _name(value: object) -> str:
    if not (name := name_in(value)):
        raise refused("name", value, A_NAME)
    return name
