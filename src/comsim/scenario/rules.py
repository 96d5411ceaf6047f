"""Rules of a scenario as the three small tables that `comsim.model.kernel.decide` reads."""

from __future__ import annotations

import numpy as np

from comsim.model.catalogue import COLUMNS, LEVERS
from comsim.model.kernel.decide import (
    ABOVE,
    ACTION,
    ADD,
    BELOW,
    CONDITION,
    FALLING,
    MULTIPLY,
    RISING,
    RULE,
    SET,
    WHEN,
    WHILE,
)
from comsim.scenario.groups import cells_of
from comsim.scenario.scenario import Condition, Scenario

TEST = {"above": ABOVE, "below": BELOW, "falls": FALLING, "rises": RISING}
HOW = {"set": SET, "multiply": MULTIPLY, "add": ADD}


def _condition(rule: int, role: int, condition: Condition) -> tuple:
    value, times = getattr(condition, condition.test), 0
    if condition.test in ("falls", "rises"):
        value, times = 0.0, value
    column = list(COLUMNS).index(condition.metric)
    # The kernel compares the integers in which a column is kept: cents, for money.
    value *= COLUMNS[condition.metric].scale
    return rule, role, column, TEST[condition.test], value, condition.window, times


def rule_tables(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rules (RULE), conditions (CONDITION) and actions (ACTION, one row for each cell)."""
    conditions, actions = [], []
    for number, rule in enumerate(scenario.rules):
        conditions += [_condition(number, WHEN, c) for c in rule.when]
        conditions += [_condition(number, WHILE, c) for c in rule.while_]
        for action in rule.do:
            lever, how = list(LEVERS).index(action.lever), HOW[action.how]
            value = getattr(action, action.how)
            cells = cells_of(scenario, action.group)
            actions += [(number, lever, cell, how, value) for cell in cells]
    rules = [(rule.days, rule.cooldown, 0, 0, 0) for rule in scenario.rules]
    return np.array(rules, RULE), np.array(conditions, CONDITION), np.array(actions, ACTION)
