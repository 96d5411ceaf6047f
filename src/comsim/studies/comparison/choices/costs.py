"""What a programme costs beyond the ledger of the model, day by day.

The ledger prices the units of a lever at the scenario's parameters. A programme may have a fixed
cost, and a price of its own for the units that it adds: of the day's units, the share by which it
raises the lever. If a community has one official post a day and a programme makes it two, half of
the posts are the programme's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from comsim.studies.comparison.outcomes import CENTS


@dataclass(frozen=True)
class Price:
    """A programme's own cost of a unit."""

    column: str
    """The cost column of the ledger that counts the units."""
    parameter: str
    """The parameter at which the ledger prices them, in currency."""
    cost: float
    """The programme's price, in currency."""
    share: np.ndarray
    """Float64 (days): the share of the day's units that the programme adds."""

    def beyond(self, world: Any) -> np.ndarray:
        """Cost of each day less that in the ledger, in cents (float64, days)."""
        default = float(world.p[self.parameter][0])
        if default == 0:
            return np.zeros(len(self.share))  # the ledger doesn't count what is free
        return self.share * world.daily[self.column] * (self.cost / default - 1)


@dataclass(frozen=True)
class Costs:
    """The costs of a policy beyond the ledger."""

    fixed: np.ndarray
    """Float64 (days), in currency. Nothing is paid once nobody operates the community."""
    prices: tuple[Price, ...] = ()

    @property
    def paid(self) -> bool:
        """Whether there are any."""
        return bool(self.prices or self.fixed.any())

    @property
    def first_day(self) -> int:
        """The first day on which something is paid; the number of days if never."""
        paid = self.fixed != 0
        return int(paid.argmax()) if paid.any() else len(paid)

    def charged(self, world: Any) -> np.ndarray:
        """The records of a run's days (DAY_RECORD) with these costs in the cost and the profit."""
        daily = world.daily.copy()
        beyond = CENTS * self.fixed * (daily["operated"] != 0)
        beyond += sum(price.beyond(world) for price in self.prices)
        so_far = np.rint(np.cumsum(beyond)).astype(np.int64)  # whole cents, exact in the end
        daily["cost"] += np.diff(so_far, prepend=0)
        daily["cost_cumulative"] += so_far
        daily["profit_cumulative"] -= so_far
        return daily
