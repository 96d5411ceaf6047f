"""Prefetch: request a place in memory before it is needed.

Visitors are scattered over the members, so each record is a wait for memory of some 100 ns.
Requested some visitors ahead, most records are there in time. It changes no result.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

AHEAD = 12  # visitors; between 8 and 24 the times are alike
LINE = 64  # bytes that memory gives at once
READ_SOON = (0, 3, 1)  # LLVM's words for: to be read, keep in all caches, data


@intrinsic
def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Request item `index` of a one-dimensional array, or row `index` of a wider one."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind = signature.args[0]
        wrapped = context.make_array(kind)(context, builder, values[0])
        byte = ir.IntType(8).as_pointer()
        word = ir.IntType(32)
        strides = cgutils.unpack_tuple(builder, wrapped.strides, kind.ndim)
        where = builder.add(
            builder.ptrtoint(wrapped.data, strides[0].type),
            builder.mul(builder.sext(values[1], strides[0].type), strides[0]),
        )
        ask = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [byte, word, word, word]),
            "llvm.prefetch.p0",
        )
        size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
        if kind.ndim > 1:  # rows are shorter than a line
            offsets = [strides[0].type(0), builder.sub(strides[0], strides[0].type(1))]
        else:
            ends = {size - 1} if size > LINE // 4 else set()
            offsets = [strides[0].type(at) for at in sorted({*range(0, size, LINE)} | ends)]
        for offset in offsets:
            place = builder.inttoptr(builder.add(where, offset), byte)
            builder.call(ask, [place, *(word(number) for number in READ_SOON)])
        return context.get_dummy_value()

    return types.void(array, index), generate
