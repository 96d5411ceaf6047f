"""What a comparison's report is made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from comsim.scenario import Scenario


class Compared(Protocol):
    """The tables of a comparison; `comsim.comparison.form` says what they hold."""

    policies: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    number: int
    seed: int
    fixed_world: bool
    number_of_draws: int
    share: float | None
    shared: dict[str, str]
    start: date
    days: int
    since: Sequence[int]
    verdicts: pd.DataFrame
    series: pd.DataFrame
    hinges: pd.DataFrame
    arms: pd.DataFrame
    budget: Sequence[Any]
    notes: Sequence[str]

    def of(self, outcome: str, policy: str) -> pd.Series:
        """The verdict on one outcome of a policy."""
        ...
