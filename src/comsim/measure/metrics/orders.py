"""Orders: how many members buy, and how many buy again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.windows import by_member

if TYPE_CHECKING:
    import pandas as pd


@counts(
    population="all who joined",
    window="the whole table",
    censoring="none; late joiners count with the little time they had",
    unit="share",
    source="common usage",
)
def conversion(events: pd.DataFrame) -> float | None:
    """Share of members with at least one order."""
    return conversion_of(orders_by_buyer(events), len(np.unique(by_member(events, "join")[0])))


@counts(
    population="members with at least one order",
    window="the whole table",
    censoring="none; late buyers count with the little time they had",
    unit="share",
    source="common usage",
)
def repurchase_rate(events: pd.DataFrame) -> float | None:
    """Share of buyers with at least two orders."""
    return repurchase_of(orders_by_buyer(events))


def orders_by_buyer(events: pd.DataFrame) -> np.ndarray:
    """Orders of each member with at least one."""
    return np.unique(by_member(events, "order")[0], return_counts=True)[1]


def conversion_of(orders: np.ndarray, members: int) -> float | None:
    """Share of `members` who ordered, from orders by member; None without members."""
    return int((orders > 0).sum()) / members if members else None


def repurchase_of(orders: np.ndarray) -> float | None:
    """Share of buyers who ordered at least twice; None if nobody ordered."""
    buyers = int((orders > 0).sum())
    return int((orders > 1).sum()) / buyers if buyers else None
