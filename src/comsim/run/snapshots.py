"""The state of a world: kept for later, or continued under another plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from comsim.model.kernel.bundle import Bundle
from comsim.scenario.plan import Plan

BLOCK = 1 << 18  # bytes examined at a time
# Arrays that the days only read, and that come from the plan and the parameters.
PLANNED = ("p", "rhythm", "season", "conditions", "actions", "owner", "shocks", "people.traits",
           "people.segment_bound", "people.arm_bound")  # fmt: skip


def arrays_of(world: Bundle, levers: bool = True) -> list[np.ndarray]:
    """All arrays that the days of a world write to, each once; with or without the levers."""
    arrays: dict[int, np.ndarray] = {}
    for _, array in _named(world):
        if array.size:
            arrays.setdefault(array.ctypes.data, array)
    if not levers:
        del arrays[world.lever_table.ctypes.data]
    return list(arrays.values())


def state_of(world: Bundle, levers: bool = True) -> list[np.ndarray]:
    """A copy of all arrays that the days of a world write to: the bytes of each, without trailing
    zeros. Arrays have room for the whole market, of which little is used."""
    return [there[: _filled(there)].copy() for there in map(_bytes, arrays_of(world, levers))]


def put(state: list[np.ndarray], world: Bundle, levers: bool = True) -> None:
    """Restore a state, taken with or without levers, into a world of the same market and days."""
    for kept, there in zip(state, arrays_of(world, levers), strict=True):
        _fill(there, kept)


def carry_on(world: Bundle, day: int, fresh: Bundle, plan: Plan) -> None:
    """Bring `fresh`, a new world made from `plan`, to the state of `world` on the morning of a day.

    Both must have the same market, days and seed. Arrays that the days only read stay those of
    `plan`: its levers from that day on, its rules, shocks and owner, and the parameters of `fresh`.
    Its shocks before that day must be those of `world`. Rules that both have continue.
    """
    kept = dict(_named(world))
    for name, there in _named(fresh):
        here = kept[name]
        if name in PLANNED or name in ("rules", "levers", "daily"):
            continue  # from the plan; or handled below, or under another name
        _fill(there, _bytes(here)[: _filled(_bytes(here))])
    fresh.lever_table[day:] = plan.lever_table[day:]
    before = {content: rule for rule, content in enumerate(_rules(world))}
    for rule, content in enumerate(_rules(fresh)):
        if content in before:
            for state in ("until", "next", "fired"):
                fresh.rules[state][rule] = world.rules[state][before[content]]


def _rules(world: Bundle) -> list[str]:
    """What each rule does, and how many of the rules before it do the same."""
    contents: list[str] = []
    for number, (days, cooldown, *_) in enumerate(world.rules.tolist()):
        parts = [
            [part[1:] for part in table.tolist() if part[0] == number]
            for table in (world.conditions, world.actions)
        ]
        content = repr((days, cooldown, parts))
        contents.append(f"{sum(content in one for one in contents)} {content}")
    return contents


def _named(world: Bundle, prefix: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """(name, array) pairs, including those of inner bundles."""
    for name, part in world._parts.items():
        if isinstance(part, Bundle):
            yield from _named(part, f"{prefix}{name}.")
        elif isinstance(part, np.ndarray):
            yield prefix + name, part


def _fill(array: np.ndarray, kept: np.ndarray) -> None:
    """Set the bytes of an array, and fill the rest with zeros."""
    there = _bytes(array)
    there[kept.size : _filled(there)] = 0
    there[: kept.size] = kept


def _bytes(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1).view(np.uint8)


def _filled(there: np.ndarray) -> int:
    """The number of bytes up to the last nonzero byte."""
    for start in range((there.size - 1) // BLOCK * BLOCK, -1, -BLOCK):
        block = there[start : start + BLOCK]
        if block.view(bool).any():  # the fastest test
            return start + len(block.tobytes().rstrip(b"\0"))
    return 0
