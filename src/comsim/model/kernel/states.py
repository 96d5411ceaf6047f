"""States that are kept in several places: in the member's record, in today's visit, in a sum."""

import numpy as np

from comsim.model.kernel.basics import fixed
from comsim.model.kernel.compile import njit


@njit
def set_interest(w, visit, interest):
    """Set the interest of one of today's visitors."""
    now = w.now[0]
    now.interest_sum -= fixed(visit.interest)
    visit.interest = interest
    w.m.interest[visit.row] = visit.interest
    now.interest_sum += fixed(visit.interest)


@njit
def visit_of(w, row):
    """The visit today of the member in a row; visits are in order of rows."""
    low, high = np.int64(0), w.now[0].visitors - 1
    while low < high:
        middle = (low + high) // 2
        if w.visits[middle].row < row:
            low = middle + 1
        else:
            high = middle
    return low
