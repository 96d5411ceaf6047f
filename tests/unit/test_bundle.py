"""A bundle gives compiled code the very arrays that Python sees."""

import copy
import pickle

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from comsim.model.kernel.bundle import Bundle

RECORD = np.dtype([("a", "i4"), ("b", "f8")], align=True)


@numba.njit
def total(w):
    """Reads every kind of part, and writes to two."""
    w.inner.x[0] += 1.0
    w.records[1].b = 7.0
    found = np.float64(w.number)
    for row in range(w.table.shape[0]):
        for column in range(w.table.shape[1]):
            found += w.table[row, column]
    return found + w.inner.x.sum() + w.records[1].a


@numba.njit
def stretch(w):
    return w.table[1:, :].sum() + w.inner.x[1:].sum()


def bundle(rows: int = 3) -> Bundle:
    return Bundle(
        number=5,
        table=np.arange(4.0 * rows).reshape(rows, 4),
        inner=Bundle(x=np.ones(2)),
        records=np.array([(1, 0.5), (2, 0.5)], RECORD),
    )


def test_compiled_code_reads_and_writes_what_python_does():
    w = bundle()
    assert total(w) == 5 + 66 + 3 + 2
    assert w.inner.x.tolist() == [2, 1] and w.records["b"].tolist() == [0.5, 7]
    assert stretch(w) == sum(range(4, 12)) + 1


def test_bundles_of_the_same_parts_share_their_compiled_code():
    assert numba.typeof(bundle()) == numba.typeof(bundle(rows=9)) != numba.typeof(bundle().inner)
    compiled = len(total.signatures)
    assert total(bundle(rows=2)) == 5 + 28 + 3 + 2 and total(bundle(rows=9)) == 5 + 630 + 3 + 2
    assert len(total.signatures) == max(compiled, 1)


def test_an_empty_array_and_one_of_three_axes():
    w = Bundle(none=np.empty((0, 3)), cube=np.arange(24).reshape(2, 3, 4))
    sizes = numba.njit(lambda w: (w.none.size, w.cube[1, 2, 3], w.cube.strides[0], w.none.shape[1]))
    assert sizes(w) == (0, 23, 96, 3)


def test_gaps_are_refused():
    with pytest.raises(ValueError, match="C-contiguous"):
        Bundle(x=np.zeros((4, 4))[:, 0])


def test_what_cannot_be_a_part_is_refused():
    fixed = np.zeros(3)
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="writeable"):
        Bundle(x=fixed)
    with pytest.raises(TypeError):
        Bundle(share=0.7)
    with pytest.raises(ValueError, match="_address"):
        Bundle(_address=np.zeros(3))
    with pytest.raises(AttributeError, match="number"):
        bundle().number = 6


def test_a_copy_stands_alone():
    w = bundle()
    for other in (copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        before = w.inner.x.copy()
        assert total(other) == 5 + 66 + 3 + 2
        assert (w.inner.x == before).all() and other.inner.x.tolist() == [2, 1]


def test_there_is_no_other_part():
    with pytest.raises(TypingError, match="nothing"):
        numba.njit(lambda w: w.nothing)(bundle())
