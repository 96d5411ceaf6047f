"""Shocks of a scenario as the table that the kernel reads, in order of days."""

from __future__ import annotations

import numpy as np

from comsim.model.kernel.mechanisms.shocks import KINDS, SHOCK
from comsim.scenario.scenario import Scenario
from comsim.scenario.schedule import day_of


def shock_table(scenario: Scenario) -> np.ndarray:
    """The shocks (SHOCK); InputError for a shock outside the run, or two of one kind on a day."""
    rows: dict[tuple[int, int], tuple] = {}
    for number, shock in enumerate(scenario.shocks):
        day = day_of(scenario, shock.day, f"shocks[{number}].day")
        kind = KINDS.index(shock.kind)
        if (day, kind) in rows:
            found = f"{shock.kind} on {shock.day} twice"
            raise scenario.error(f"shocks[{number}]", found, "one shock of each kind per day")
        rows[day, kind] = (day, kind, shock.severity, shock.reach)
    return np.array([rows[key] for key in sorted(rows)], SHOCK)
