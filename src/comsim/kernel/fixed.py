"""Fixed point: sums over members are sums of integers, so their order does not matter."""

import numpy as np

from comsim.kernel.compile import njit

ONE = 2.0**30


@njit(forceinline=True)
def fixed(x):
    """A float32 in [0, 1] as a count of 2**-30."""
    return np.int64(np.float64(x) * ONE)
