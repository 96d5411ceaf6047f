"""Groups of members as lever cells.

Cells are a partition: cell = 2 * (segment * arms + arm) + newcomer. Each member is in one cell, and
a group is a set of cells.
"""

from __future__ import annotations

import numpy as np

from comsim.scenario.scenario import Scenario


def cells_of(scenario: Scenario, group: str) -> np.ndarray:
    """Numbers of the cells of a group, in ascending order (int64)."""
    shape = len(scenario.segments), len(scenario.arms), 2
    grid = np.arange(np.prod(shape)).reshape(shape)
    kind, _, name = group.partition(":")
    if kind == "segment":
        grid = grid[[s.name for s in scenario.segments].index(name)]
    elif kind == "arm":
        grid = grid[:, [a.name for a in scenario.arms].index(name)]
    elif kind == "newcomers":
        grid = grid[..., 1]
    return grid.ravel()


def widest_first(scenario: Scenario, groups: dict) -> list[str]:
    """Groups in the order in which they override one another: segments, newcomers, arms."""
    return [group for group in scenario.groups if group in groups]
