"""The state of a world: kept for later, or carried on under another plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from comsim.kernel.bundle import Bundle
from comsim.scenario.plan import Plan

BLOCK = 1 << 18  # bytes that are looked at together
# What the days only read, and a plan says.
PLANNED = ("rhythm", "conditions", "actions", "owner", "shocks", "people.segment_bound",
           "people.arm_bound")  # fmt: skip


def arrays_of(world: Bundle, levers: bool = True) -> list[np.ndarray]:
    """All that a world's days write to, but for memory that two names share; with levers or not."""
    found: dict[int, np.ndarray] = {}
    for _, array in _named(world):
        if array.size:
            found.setdefault(array.ctypes.data, array)
    if not levers:
        del found[world.lever_table.ctypes.data]
    return list(found.values())


def state_of(world: Bundle, levers: bool = True) -> list[np.ndarray]:
    """A copy of all that a world's days write to: the bytes of each array, but for the zeros at its
    end. Arrays have room for the whole market, of which little is used."""
    return [there[: _filled(there)].copy() for there in map(_bytes, arrays_of(world, levers))]


def put(state: list[np.ndarray], world: Bundle, levers: bool = True) -> None:
    """Bring a world of the same market and days into a state, taken with levers or without."""
    for kept, there in zip(state, arrays_of(world, levers), strict=True):
        _fill(there, kept)


def carry_on(world: Bundle, day: int, fresh: Bundle, plan: Plan) -> None:
    """Bring `fresh`, a world made from `plan` that has not lived yet, to where `world` is on the
    morning of a day.

    Both have the same market, days, parameters and seed, and plans that come to the same before
    that day. What the days only read stays that of `plan`: its levers from that day on, its rules,
    shocks and owner.
    """
    kept = dict(_named(world))
    for name, there in _named(fresh):
        here = kept[name]
        if name in PLANNED or name in ("rules", "levers", "daily"):
            continue  # of the plan; or seen below, or under another name
        _fill(there, _bytes(here)[: _filled(_bytes(here))])
    fresh.lever_table[day:] = plan.lever_table[day:]
    both = min(len(world.rules), len(fresh.rules))  # rules beyond have not acted yet
    for state in ("until", "next", "fired"):
        fresh.rules[state][:both] = world.rules[state][:both]


def _named(world: Bundle, prefix: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """(name, array), those of inner bundles too."""
    for name, part in world._parts.items():
        if isinstance(part, Bundle):
            yield from _named(part, f"{prefix}{name}.")
        elif isinstance(part, np.ndarray):
            yield prefix + name, part


def _fill(array: np.ndarray, kept: np.ndarray) -> None:
    """Set the bytes of an array; those beyond the kept ones are zero."""
    there = _bytes(array)
    there[kept.size : _filled(there)] = 0
    there[: kept.size] = kept


def _bytes(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1).view(np.uint8)


def _filled(there: np.ndarray) -> int:
    """The number of bytes up to the last that is not zero."""
    for start in range((there.size - 1) // BLOCK * BLOCK, -1, -BLOCK):
        block = there[start : start + BLOCK]
        if block.view(bool).any():  # the fastest way to ask
            return start + len(block.tobytes().rstrip(b"\0"))
    return 0
