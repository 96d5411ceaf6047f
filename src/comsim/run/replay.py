"""When each rule acted: its conditions, met again by what the run wrote down day by day."""

from __future__ import annotations

from typing import Any

import numpy as np

from comsim.model.kernel.bundle import Bundle
from comsim.model.kernel.decide import decide
from comsim.scenario import Plan


def rule_days(world: Any, plan: Plan) -> dict[str, list[tuple[int, int]]]:
    """The spells (first day, last day) in which each rule acted, by its name.

    What a rule does depends only on daily counts of days gone by and on its own past. So the
    kernel's own `decide`, with one rule alone and the finished run's counts, tells its days.
    """
    spells = {}
    for number, name in enumerate(plan.rule_names):
        conditions = plan.conditions[plan.conditions["rule"] == number]
        conditions["rule"] = 0
        seen = world.daily.copy()  # `decide` writes here, and reads the run's own table
        alone = Bundle(  # as much of a world as `decide` looks at
            rules=plan.rules[number : number + 1].copy(),
            conditions=conditions,
            actions=plan.actions[:0].copy(),
            daily=seen,
            daily_table=world.daily_table.copy(),
            lever_table=world.lever_table.copy(),
            lever_range=world.lever_range.copy(),
        )
        for day in np.flatnonzero(world.daily["operated"]):
            decide(alone, day)
        edges = np.flatnonzero(np.diff(np.r_[False, seen["rules_acting"] > 0, False]))
        spells[name] = [(int(a), int(b) - 1) for a, b in edges.reshape(-1, 2)]
    return spells
