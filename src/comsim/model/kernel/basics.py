"""Basics that all functions of the day share: states of membership, groups, fixed point, money.

Sums over members are sums of integers, so their order does not matter: states in fixed point,
money in cents.
"""

import numpy as np

from comsim.model.kernel.compile import njit

ACTIVE, MUTED, LEFT = 0, 1, 2
DORMANT_AFTER = 28  # days without a visit
NOTHING, GONE = -1, -2
TIE_SLOTS = 6  # ties a member has room for

ONE = 2.0**30  # of fixed point


@njit(forceinline=True)
def fixed(x):
    """A number in [0, 1] as a whole count of 2**-30; what is less than one is dropped."""
    return np.int64(np.float64(x) * ONE)


@njit(forceinline=True)
def whole_of(carried):
    """Whole part of an amount that fractions are carried into: ten tenths are a whole."""
    return np.int64(carried + 1e-9)


@njit(forceinline=True)
def cents(amount):
    """Currency as whole cents, halves rounded up."""
    return np.int64(amount * 100.0 + 0.5)


@njit(forceinline=True, from_python=True)
def saturating(amount, half):
    """0 for nothing, 1/2 for `half`, near 1 for very much: the form of all diminishing returns."""
    return amount / (amount + half)


@njit(forceinline=True)
def cell(group, joined_day, day, newcomer_days):
    """Lever cell of a member: its group, and whether it is a newcomer."""
    return 2 * np.int64(group) + np.int64(day - np.int64(joined_day) < newcomer_days)


@njit
def cell_of(w, row, day):
    """Lever cell of the member in a row."""
    return cell(w.m.own[row].group, w.m.own[row].joined_day, day, w.newcomer_days)


@njit(forceinline=True)
def ranked(word, person):
    """A number that picks one of several people: the greatest word, of equals the lowest id."""
    return (np.int64(word) << 31) | (np.int64(0x7FFFFFFF) - np.int64(person))
