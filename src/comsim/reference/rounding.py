"""How numbers are kept: states in single precision, sums in fixed point, money in cents.

This is what keeps the two models equal to the last bit; nothing of it is about communities.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def single(x: float) -> float:
    """A number in single precision."""
    return float(np.float32(x))


class Single:
    """An attribute kept in single precision."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = "_" + name

    def __get__(self, owner: Any, kind: type) -> float:
        return getattr(owner, self.name)

    def __set__(self, owner: Any, value: float) -> None:
        setattr(owner, self.name, single(value))


def fixed(x: float) -> int:
    """A number in [0, 1] as a whole count of 2**-30."""
    return int(x * 2.0**30)


def whole_of(carried: float) -> int:
    """Whole part of an amount that fractions are carried into: ten tenths are a whole.

    Ten times 0.1 adds up to a little less than 1, for which the 1e-9 makes up.
    """
    return int(carried + 1e-9)


def cents(amount: float) -> int:
    """Currency as whole cents, halves rounded up."""
    return int(amount * 100.0 + 0.5)
