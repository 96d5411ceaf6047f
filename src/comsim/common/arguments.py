"""Arguments of public functions: checked in the same way, and refused in one line.

NumPy's numbers are accepted like Python's. Text that looks like a number, True and False are not
numbers, and a whole number has no decimal point.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from operator import index
from typing import Any

import numpy as np

from comsim.common.errors import InputError, plain, range_of, shown

LARGEST_SEED = 2**63 - 1


def whole(value: Any, where: str, key: str, low: int, high: int | None = None) -> int:
    """A whole number from `low` to `high`; InputError about `where: key` for anything else."""
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None or number < low or (high is not None and number > high):
        allowed = f"a whole number of {low} or more" if high is None else _range(low, high)
        raise InputError.at(where, key, _found(value), allowed)
    return number


def _range(low: int, high: int) -> str:
    if high == LARGEST_SEED:
        return f"a whole number from {low} to 2^63 - 1"
    return range_of(low, high, whole=True)


def optional(value: Any, where: str, key: str, low: int, high: int | None = None) -> int | None:
    """Like `whole`, but None is allowed."""
    return None if value is None else whole(value, where, key, low, high)


def seed(value: Any, where: str) -> int:
    """A random seed, from 0 to 2^63 - 1."""
    return whole(value, where, "seed", 0, LARGEST_SEED)


def between(value: Any, where: str, key: str, low: float, high: float) -> float:
    """A number between `low` and `high`, exclusive."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not (number and low < value < high):
        allowed = f"a number between {plain(low)} and {plain(high)}"
        raise InputError.at(where, key, _found(value), allowed)
    return float(value)


def flag(value: Any, where: str, key: str) -> bool:
    """True or False; text such as "no" is refused."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise InputError.at(where, key, _found(value), "True or False")


def words(value: str | Sequence[str]) -> tuple[str, ...]:
    """One text or several, as a tuple; a single text is not split into its letters."""
    return (value,) if isinstance(value, str) else tuple(value)


def _found(value: Any) -> str:
    """A value as shown in the error; floats keep their decimal point, since 30.0 is refused."""
    if isinstance(value, float):
        return repr(float(value))
    return shown(value.item() if hasattr(value, "item") and not hasattr(value, "iloc") else value)
