"""How numbers are stored: states in single precision, sums in fixed point, money in cents.

This keeps the two implementations equal to the last bit. It has nothing to do with communities.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def single(x: float) -> float:
    """A number rounded to single precision."""
    return float(np.float32(x))


class Single:
    """An attribute stored in single precision."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = "_" + name

    def __get__(self, owner: Any, kind: type) -> float:
        return getattr(owner, self.name)

    def __set__(self, owner: Any, value: float) -> None:
        setattr(owner, self.name, single(value))


def fixed(x: float) -> int:
    """A number in [0, 1] as an integer, in units of 2**-30 (rounded down)."""
    return int(x * 2.0**30)


def whole_of(carried: float) -> int:
    """The whole part of an accumulated amount.

    The 1e-9 allows for rounding: ten times 0.1 adds up to a little less than 1.
    """
    return int(carried + 1e-9)


def cents(amount: float) -> int:
    """An amount of currency in whole cents, halves rounded up."""
    return int(amount * 100.0 + 0.5)
