"""A bundle: named arrays that compiled code takes as one pointer.

A tuple of a hundred arrays is passed as some seven hundred arguments of machine code, and each of
the kernel's two hundred functions would take half a second longer to compile. A bundle is one
argument: the address of a table that holds the data pointer and shape of each array.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from functools import cache
from operator import index
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype


class Bundle:
    """C-contiguous arrays, whole numbers and other bundles, by name; fixed once it is made.

    Compiled code reads the table directly, so the bundle must outlive the call that takes it.
    Raises ValueError for an array that is not contiguous or not writable, and for a name that
    begins with an underscore; TypeError for any other type of value; AttributeError on assignment.
    """

    def __init__(self, **parts: Any) -> None:
        table: list[int] = []
        layout: list[Hashable] = []
        for name, part in parts.items():
            if isinstance(part, np.ndarray):
                if not part.flags.carray:
                    raise ValueError("a bundle takes C-contiguous, aligned, writeable arrays only")
                table += (part.ctypes.data, *part.shape)
                layout.append((name, part.dtype, part.ndim))
            elif isinstance(part, Bundle):
                table.append(part._address)
                layout.append((name, part._type))
            else:
                table.append(index(part))
                layout.append(name)
        words = np.array(table, np.int64)
        self.__dict__.update(parts | {
            "_parts": parts, "_table": words, "_address": words.ctypes.data,
            "_type": bundle_type(tuple(layout)),
        })  # fmt: skip

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name} can't be set: compiled code would go on with what it had")

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy has its own arrays, and a table that points to them."""
        return _bundle, (self._parts,)


def _bundle(parts: dict[str, Any]) -> Bundle:
    return Bundle(**parts)


class BundleType(types.Type):
    """The type of a bundle in compiled code: for each part, its place in the table and its type."""

    def __init__(self, fields: dict[str, tuple[int, types.Type]]) -> None:
        self.fields = fields
        # The name stands in the name of every compiled function, so it is short.
        mark = hashlib.sha256(repr(tuple(fields.items())).encode()).hexdigest()[:12]
        super().__init__(name=f"Bundle{mark}")


@cache
def bundle_type(layout: tuple[Hashable, ...]) -> BundleType:
    """The type of bundles with these parts, cached, since making a type is slow."""
    fields: dict[str, tuple[int, types.Type]] = {}
    place = 0
    for part in layout:
        match part:
            case (name, np.dtype() as dtype, axes):
                kind, words = types.Array(from_dtype(dtype), axes, "C"), 1 + axes
            case (name, BundleType() as kind):
                words = 1
            case name:
                kind, words = types.int64, 1
        if name.startswith("_"):
            raise ValueError(f"no part of a bundle may be called {name}")
        fields[name] = (place, kind)
        place += words
    return BundleType(fields)


@typeof_impl.register(Bundle)
def type_of_bundle(bundle: Bundle, _: Any) -> BundleType:
    """The type that numba asks for at each call from Python."""
    return bundle._type


register_model(BundleType)(models.OpaqueModel)  # a pointer


@unbox(BundleType)
def take_address(_: BundleType, bundle: Any, c: Any) -> NativeValue:
    """The pointer, taken from the Python object."""
    boxed = c.pyapi.object_getattr_string(bundle, "_address")
    address = c.pyapi.long_as_voidptr(boxed)
    c.pyapi.decref(boxed)
    return NativeValue(address, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class BundleAttribute(AttributeTemplate):
    """The types of the parts."""

    key = BundleType

    def generic_resolve(self, bundle: BundleType, name: str) -> types.Type | None:
        return bundle.fields[name][1] if name in bundle.fields else None


@lower_getattr_generic(BundleType)
def load_part(context: Any, builder: Any, bundle: BundleType, value: Any, name: str) -> Any:
    """Load a part from the table.

    The table never changes while compiled code runs, so its loads are marked invariant and need not
    be repeated in loops. Python keeps the arrays alive, so no references are counted.
    """
    place, part = bundle.fields[name]
    table = builder.bitcast(value, cgutils.intp_t.as_pointer())

    def number(at: int) -> Any:
        loaded = builder.load(builder.gep(table, [ir.Constant(cgutils.intp_t, place + at)]))
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
        return loaded

    if isinstance(part, BundleType):
        return builder.inttoptr(number(0), cgutils.voidptr_t)
    if not isinstance(part, types.Array):
        return number(0)
    item = context.get_data_type(part.dtype)
    itemsize = context.get_constant(types.intp, context.get_abi_sizeof(item))
    shape = [number(1 + axis) for axis in range(part.ndim)]
    strides = [itemsize]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = make_array(part)(context, builder)
    populate_array(
        array, data=builder.inttoptr(number(0), item.as_pointer()), shape=shape,
        strides=strides, itemsize=itemsize, meminfo=None,
    )  # fmt: skip
    return array._getvalue()
