"""Decide: before the day begins, the operator's rules look at the past and change levers.

Rules come as three small tables, compiled from the scenario file. They see only the daily columns
of past days.
"""

import numpy as np

from comsim.model.declare import Column
from comsim.model.kernel.compile import njit

COLUMNS = [
    Column("rules_acting", "rules", "rules that change a lever today", label_zh="生效的规则"),
]  # fmt: skip

WHEN, WHILE = 0, 1
ABOVE, BELOW, FALLING, RISING = 0, 1, 2, 3
SET, MULTIPLY, ADD = 0, 1, 2

# A rule acts for `days`, then rests for `cooldown`; until, next and fired are its state.
RULE = np.dtype([(name, "i8") for name in ("days", "cooldown", "until", "next", "fired")])
# `column` is the number of a daily column, `value` is in the integers of that column;
# `window` in days; `times` is how many windows in a row have fallen or risen.
CONDITION = np.dtype(
    [("rule", "i8"), ("role", "i8"), ("column", "i8"), ("test", "i8"), ("value", "f8"),
     ("window", "i8"), ("times", "i8")]
)  # fmt: skip
ACTION = np.dtype([("rule", "i8"), ("lever", "i8"), ("cell", "i8"), ("how", "i8"), ("value", "f8")])


@njit
def total(table, column, first, stop):
    """Sum of a daily column over days first .. stop - 1."""
    s = 0
    for day in range(first, stop):
        s += table[day, column]
    return s


@njit
def holds(table, day, condition):
    """Whether a condition holds on the morning of a day; False while there are too few past
    days."""
    c = condition
    if day < c.window * (c.times + 1 if c.test >= FALLING else 1):
        return False
    latest = total(table, c.column, day - c.window, day)
    if c.test == ABOVE:
        return np.float64(latest) > c.value * np.float64(c.window)
    if c.test == BELOW:
        return np.float64(latest) < c.value * np.float64(c.window)
    for back in range(1, c.times + 1):
        stop = day - back * c.window
        earlier = total(table, c.column, stop - c.window, stop)
        if (latest >= earlier) if c.test == FALLING else (latest <= earlier):
            return False
        latest = earlier
    return True


@njit
def all_hold(table, conditions, day, rule, role):
    """Whether all of a rule's conditions with one role hold."""
    for k in range(conditions.shape[0]):
        c = conditions[k]
        if c.rule == rule and c.role == role and not holds(table, day, c):
            return False
    return True


@njit(from_python=True)
def decide(w, day):
    """Start the rules whose conditions hold, and apply all active rules to today's levers."""
    acting = 0
    for number in range(w.rules.shape[0]):
        rule = w.rules[number]
        if (
            day >= rule.until
            and day >= rule.next
            and all_hold(w.daily_table, w.conditions, day, number, WHEN)
        ):
            if not all_hold(w.daily_table, w.conditions, day, number, WHILE):
                continue
            rule.until = day + rule.days
            rule.next = rule.until + rule.cooldown
            rule.fired += 1
        if day >= rule.until or not all_hold(w.daily_table, w.conditions, day, number, WHILE):
            continue
        acting += 1
        for k in range(w.actions.shape[0]):
            a = w.actions[k]
            if a.rule != number:
                continue
            value = w.lever_table[day, a.cell, a.lever]
            if a.how == SET:
                value = a.value
            elif a.how == MULTIPLY:
                value *= a.value
            else:
                value += a.value
            value = min(max(value, w.lever_range[a.lever, 0]), w.lever_range[a.lever, 1])
            w.lever_table[day, a.cell, a.lever] = value
    w.daily[day].rules_acting = acting
