"""Pushes bring visits now and cost them later (fact F9)."""

from __future__ import annotations

import numpy as np

from comsim.run.simulation import simulate
from comsim.scenario import Scenario

FEW, MANY = 0.5, 1.5  # pushes a day
WINDOWS = (3, 30), (90, 400)  # days
T = 2.57  # two-sided 95 % with 5 degrees of freedom


def visits(seed: int, many: float) -> np.ndarray:
    """Visits in each window by each arm of one community, shape (windows, arms)."""
    scenario = Scenario.from_dict({
        "name": "pushed", "days": 400, "community": {"market": 60000},
        "arms": [{"name": "few", "share": 0.5}, {"name": "many", "share": 0.5}],
        "policy": {"intake": {"base": 20, "on": [{"day": 0, "value": 20000}]},
                   "pushes": {"groups": {"arm:few": FEW, "arm:many": many}}},
    })  # fmt: skip
    run = simulate(scenario, seed=seed)
    events = run.events().query("kind == 'visit'")
    arm = (run.members.set_index("person")["arm"] == "many").loc[events["member"]].to_numpy()
    day = events["day"].to_numpy()
    inside = [(first <= day) & (day < stop) for first, stop in WINDOWS]
    return np.array([[(here & ~arm).sum(), (here & arm).sum()] for here in inside])


def leads(seed: int) -> np.ndarray:
    """How far the arm with many pushes is ahead in each window, relative, beside its lead in the
    same community when it gets as few."""
    with_more, alike = visits(seed, MANY), visits(seed, FEW)
    return with_more[:, 1] / with_more[:, 0] / (alike[:, 1] / alike[:, 0]) - 1


def test_more_pushes_win_the_month_and_lose_the_year():
    both = np.array([leads(seed) for seed in range(1, 7)])
    mean, error = both.mean(axis=0), both.std(axis=0, ddof=1) / np.sqrt(len(both))
    early, late = mean
    assert early - T * error[0] > 0 and early > 0.01, both
    assert late + T * error[1] < 0 and late < -0.02, both
