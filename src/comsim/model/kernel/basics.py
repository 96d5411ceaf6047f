"""Basics shared by all functions of the day: states of membership, groups, fixed point, money.

Sums over members are sums of integers, so their order does not matter: states in fixed point, money
in cents.
"""

import numpy as np

from comsim.model.declare import Unit
from comsim.model.kernel.compile import njit

ACTIVE, MUTED, LEFT = 0, 1, 2
NOTHING, GONE = -1, -2
NOBODY, FOUNDER = np.int64(-1), np.int64(-2)  # stand in for an inviter's row
COMES, DUE = 1, 2  # marks of members who visit today, and of absent ones who may leave
TIE_SLOTS = 6  # ties a member has room for

ONE = 2.0**30  # of fixed point

# Units of levers. A mechanism may declare units of its own.
UNITS = [
    Unit("people", label_zh="人"),
    Unit("people a day", label_zh="人/天"),
    Unit("currency a newcomer", label_zh="元/新人"),
    Unit("currency a recruit", label_zh="元/人"),
    Unit("0 or 1", label_zh="0 或 1"),
    Unit("0 to 1", label_zh="0 到 1"),
    Unit("share", label_zh="比例"),
    Unit("currency a month", label_zh="元/月"),
    Unit("currency", label_zh="元"),
    Unit("tasks a visit", label_zh="个/次到访"),
    Unit("posts a day", label_zh="帖/天"),
    Unit("currency a post", label_zh="元/帖"),
    Unit("pushes a day", label_zh="条/天"),
    Unit("currency a day", label_zh="元/天"),
    Unit("ads a visit", label_zh="条/次到访"),
    Unit("share of the price", label_zh="价格的比例"),
    Unit("members", label_zh="人"),
]


@njit(forceinline=True)
def fixed(x):
    """A number in [0, 1] as a multiple of 2**-30, rounded down."""
    return np.int64(np.float64(x) * ONE)


@njit(forceinline=True)
def whole_of(carried):
    """The whole part of an amount to which fractions are carried over: ten tenths make a whole."""
    return np.int64(carried + 1e-9)


@njit(forceinline=True)
def cents(amount):
    """Currency in whole cents, halves rounded up."""
    return np.int64(amount * 100.0 + 0.5)


@njit(forceinline=True, from_python=True)
def saturating(amount, half):
    """0 at 0, 1/2 at `half`, and near 1 for very large values: the form of all diminishing
    returns."""
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
    """A number by which one of several people is chosen: the largest random word wins, and of equal
    ones the lowest id."""
    return (np.int64(word) << 31) | (np.int64(0x7FFFFFFF) - np.int64(person))
