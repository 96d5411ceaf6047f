"""The fields of a world's members, by name and row. New values affect the next day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comsim.model.catalogue import FIELDS, TRAITS
from comsim.model.kernel.basics import LEFT, ONE
from comsim.run.tables import STATUS
from comsim.run.world import member_field
from comsim.scenario import Plan

# What a member feels and expects, each in [0, 1]. All other fields are identity or history.
STATES = (
    "interest", "trust", "habit", "fatigue", "expectation", "novelty", "voice", "standing",
    "reward_norm", "coupon_norm", "push_norm", "need_used", "recognised", "scar",
)  # fmt: skip

LIMITS: dict[str, tuple[float, float]] = dict.fromkeys(STATES, (0.0, 1.0)) | {
    name: (trait.low, trait.high) for name, trait in TRAITS.items() if name in FIELDS
}
"""Fields that can be set, with their ranges: states, and the traits that are stored."""

READABLE = {name: field for name, field in FIELDS.items() if field.public}

# Sums over members that the functions of the day maintain in fixed point.
SUMS = {"interest": "interest_sum"}


class Fields:
    """All fields of the members of a world. Rows are in order of joining."""

    def __init__(self, world: Any, plan: Plan) -> None:
        self.world = world
        self.arrays: dict[str, NDArray[Any]] = {
            name: member_field(world.m, name) for name in READABLE
        }
        # The same memory: reading one number is several times faster from a memoryview.
        self.cells = {name: memoryview(array) for name, array in self.arrays.items()}
        self.names: dict[str, Sequence[str]] = {
            "status": STATUS, "segment": plan.segment_names, "arm": plan.arm_names,
        }  # fmt: skip
        self._visited: memoryview | None = None
        self._day = 0

    def new_day(self, day: int) -> None:
        """Forget the visitors of the day before; `day` is the last one simulated."""
        self._visited, self._day = None, day

    def inside(self) -> NDArray[np.int64]:
        """Rows of the current members."""
        return np.flatnonzero(self.arrays["status"][: self.world.now["rows"][0]] != LEFT)

    def column(self, name: str, rows: NDArray[np.int64]) -> list[Any]:
        """A field of these members, as Python numbers or names."""
        values = self.arrays[name][rows].tolist()
        names = self.names.get(name)
        return values if names is None else [names[code] for code in values]

    def put(self, name: str, row: int, value: float) -> None:
        """Set a field of one member.

        Raises AttributeError for a field that can't be set, and ValueError for a value out of range
        or a member who has left.
        """
        low, high = self._limits(name)
        if not low <= value <= high:
            raise _out_of_range(name, value)
        cell = self.cells[name]
        if self.cells["status"][row] == LEFT:
            raise _has_left(name)
        before = cell[row]
        cell[row] = value
        if name == "trust":  # it heals from now on, not from the last visit on
            self.cells["trust_day"][row] = self._day
        if name in SUMS:
            self.world.now[SUMS[name]] += int(cell[row] * ONE) - int(before * ONE)
        if name in self.world.visits.dtype.names:
            at = bisect_left(self.visited, row)
            if at < len(self.visited) and self.visited[at] == row:
                self.world.visits[name][at] = value

    def put_all(self, name: str, rows: NDArray[np.int64], values: ArrayLike) -> None:
        """Set a field of these members, to one value or to one value each. Errors as in `put`.

        On an error, nothing is set.
        """
        low, high = self._limits(name)
        values = np.broadcast_to(np.asarray(values, np.float64), rows.shape)
        wrong = values[~((low <= values) & (values <= high))]
        if len(wrong):
            raise _out_of_range(name, wrong[0])
        if (self.arrays["status"][rows] == LEFT).any():
            raise _has_left(name)
        array = self.arrays[name]
        before = _fixed(array[rows])
        array[rows] = values
        if name == "trust":
            self.arrays["trust_day"][rows] = self._day
        if name in SUMS:
            self.world.now[SUMS[name]] += (_fixed(array[rows]) - before).sum()
        if name in self.world.visits.dtype.names:
            _, at, which = np.intersect1d(self.visited, rows, True, return_indices=True)
            self.world.visits[name][at] = values[which]

    @staticmethod
    def _limits(name: str) -> tuple[float, float]:
        if name in LIMITS:
            return LIMITS[name]
        raise AttributeError(
            f"{name} can't be set: it is part of a member's identity or history; "
            f"fields that can be set: {', '.join(LIMITS)}"
        )

    @property
    def visited(self) -> memoryview:
        """Rows of the last day's visitors, in order.

        A visit holds a copy of the visitor's state, which determines their invitations of the next
        morning.
        """
        if self._visited is None:
            visits = self.world.visits[: self.world.now["visitors"][0]]
            self._visited = memoryview(visits["row"].copy())
        return self._visited


def _out_of_range(name: str, value: float) -> ValueError:
    low, high = LIMITS[name]
    return ValueError(f"{name} must lie in [{low:g}, {high:g}], got {value:g}")


def _has_left(name: str) -> ValueError:
    return ValueError(f"{name} can't be set: the member has left")


def _fixed(states: NDArray[np.float32]) -> NDArray[np.int64]:
    """`comsim.model.kernel.basics.fixed` for an array."""
    return (states.astype(np.float64) * ONE).astype(np.int64)
