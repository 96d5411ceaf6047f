"""Keyed random numbers, compiled: the same bits as `comsim.model.rng`.

There is no branch and no state, so a loop over members becomes vector instructions. The words are
kept in the low halves of uint64, the width of the products, and the high halves are masked where
they would matter: with uint32 the compiler would narrow and widen in every round, which takes twice
as long. Nothing overflows, and nothing mixes with an int64, which numba would convert to a float64.
"""

import numpy as np

from comsim.model.kernel.compile import njit
from comsim.model.rng import KEY_STEPS, MASK32, MULTIPLIERS, ROUNDS

M0, M1 = np.uint64(MULTIPLIERS[0]), np.uint64(MULTIPLIERS[1])
W0, W1 = np.uint64(KEY_STEPS[0]), np.uint64(KEY_STEPS[1])
ROUNDS_MADE = np.int64(ROUNDS)  # a plain constant would be compiled in by its value
LOW_HALF = np.uint64(MASK32)
HALF = np.uint64(32)
CUT, HALF_A_CELL, CELL = np.uint32(8), np.float32(0.5), np.float32(2.0**-24)


@njit(forceinline=True)
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Four random uint32 for a counter and a key, all of them np.uint32."""
    return mixed(c0, c1, c2, c3, k0, k1, ROUNDS_MADE)


@njit(forceinline=True)
def mixed(c0, c1, c2, c3, k0, k1, rounds):
    """The words of `philox4x32` after a number of rounds."""
    c0, c1, c2, c3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for _ in range(rounds):
        p0 = M0 * (c0 & LOW_HALF)
        p1 = M1 * (c2 & LOW_HALF)
        c0, c1, c2, c3 = (p1 >> HALF) ^ c1 ^ k0, p1, (p0 >> HALF) ^ c3 ^ k1, p0
        k0, k1 = k0 + W0, k1 + W1
    return np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)


@njit(forceinline=True)
def uniform(word):
    """A word as a float64 in the open interval (0, 1)."""
    return (np.float64(word) + 0.5) * 2.0**-32


@njit(forceinline=True)
def uniform32(word):
    """The upper 24 bits of a word as a float32, above 0 and at most 1."""
    return (np.float32(np.int32(word >> CUT)) + HALF_A_CELL) * CELL
