"""The additional spending of a policy, and whether it stays within a budget."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def more_spending(worlds: pd.DataFrame, first: str, policy: str, since: int) -> np.ndarray:
    """The spending of a policy less that of the first one in each world: float64 (worlds,), in
    currency, rounded to the cent. `worlds`: `Comparison.worlds`. `since`: first day measured."""

    def spent(name: str) -> np.ndarray:
        mine = (worlds["policy"] == name) & (worlds["since"] == since)
        return worlds.loc[mine, "spending"].to_numpy(float)

    return (spent(policy) - spent(first)).round(2)


def share_within(spending: np.ndarray, budget: float, weights: Sequence[float]) -> float:
    """The share of worlds, 0 to 1, in which spending is at most the budget. Spending and weights
    are (worlds,)."""
    return float(np.average(spending <= budget, weights=weights))
