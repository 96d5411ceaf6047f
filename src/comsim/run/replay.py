"""When each rule was active, reconstructed from the daily counts of a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from comsim.model.kernel.bundle import Bundle
from comsim.model.kernel.decide import decide
from comsim.scenario import Plan


def rule_days(world: Any, plan: Plan) -> dict[str, list[tuple[int, int]]]:
    """The periods (first day, last day) in which each rule was active, by name.

    A rule depends only on the daily counts of past days and on its own history. Therefore the
    kernel's own `decide`, with a single rule and the counts of the finished run, gives its days.
    """
    spells = {}
    for number, name in enumerate(plan.rule_names):
        conditions = plan.conditions[plan.conditions["rule"] == number]
        conditions["rule"] = 0
        seen = world.daily.copy()  # `decide` writes here, and reads the table of the run
        alone = Bundle(  # the parts of a world that `decide` reads
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
