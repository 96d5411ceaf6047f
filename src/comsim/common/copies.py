"""Copies of data handed to the user's code, and of data received from it.

Changing a table that comsim returned never changes what is saved, reported or analysed, and a dict
passed to comsim may be changed afterwards. Fields and computed tables of public classes are
`Copied`; dicts are received through `own`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, NoReturn

import numpy as np

from comsim.common.errors import InputError


class Copied:
    """An attribute that is copied when it is set, and each time it is read.

    Used as the default of a dataclass field, or as a decorator of a method, which is then called
    only once:

        verdicts: pd.DataFrame = Copied()

        @Copied
        def daily(self) -> pd.DataFrame: ...
    """

    def __init__(self, make: Callable[[Any], Any] | None = None, *, default: Any = ...) -> None:
        self._make, self._default = make, default
        self.__doc__ = make.__doc__ if make else None

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            if self._make:
                return self
            if self._default is ...:
                raise AttributeError(self._name)  # so that a dataclass sees no default
            return self._default
        kept = vars(instance)
        if self._make and self._name not in kept:
            kept[self._name] = _closed(self._make(instance))
        return copied(kept[self._name])

    def __set__(self, instance: Any, value: Any) -> None:
        if self._make:
            raise AttributeError(f"{self._name} can't be set")
        vars(instance)[self._name] = _closed(copied(value))


def copied(value: Any) -> Any:
    """A copy that may be changed without changing the original.

    Copying a table is cheap, since pandas copies numbers only when they are written to. It shares
    the data of categories and dates, so those columns are copied here.
    """
    if not _is_table(value):
        return deepcopy(value)
    copy = value.copy(deep=False)
    for name, dtype in value.dtypes.items():
        if not isinstance(dtype, np.dtype) or dtype.kind in "mM":
            copy[name] = value[name].copy()
    return copy


def _closed(value: Any) -> Any:
    """The value; the numbers of a table become read-only, even through pandas (`.array`)."""
    if _is_table(value):
        blocks = (block.values for block in value._mgr.blocks)
        read_only(*(values for values in blocks if isinstance(values, np.ndarray)))
    return value


def _is_table(value: Any) -> bool:
    return hasattr(value, "iloc")  # avoids importing pandas, which is slow


def read_only(*arrays: np.ndarray) -> None:
    """Make these arrays read-only."""
    for array in arrays:
        array.flags.writeable = False


class FixedDict(dict):
    """A dict that cannot be changed."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this can't be changed; make a new one with to_dict and from_dict")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return FixedDict, (dict(self),)


def own(data: Any, file: object) -> Any:
    """A deep copy with Python's own values: dicts and lists, numbers instead of NumPy's, and dates
    instead of times at midnight. Other values stay unchanged. `file` names the data in errors."""
    try:
        return _own(data)
    except RecursionError:
        raise InputError.at(file, "file", "very deep nesting", "tables as documented") from None


def _own(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {_own(key): _own(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_own(value) for value in data]
    if isinstance(data, np.datetime64):
        return _own(data.astype("datetime64[us]").item())
    if hasattr(data, "tolist"):  # of NumPy or pandas
        plain = data.tolist()
        return _own(plain) if isinstance(plain, list | datetime) else plain
    if isinstance(data, datetime) and data == data and data.tzinfo is None:  # NaT is not itself
        at_midnight = data == datetime(data.year, data.month, data.day)
        return data.date() if at_midnight else data
    return data
