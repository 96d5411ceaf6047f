"""The tables and numbers of a run from which a report is made, as its folder holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from comsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Record:
    """One run: made from a `Run`, or read from a folder (`comsim.results.run`)."""

    daily: pd.DataFrame
    members: pd.DataFrame
    cohorts: pd.DataFrame
    summary: dict[str, Any]
    """As in summary.json: plain numbers, None where there is none."""
    provenance: dict[str, Any]
    """As in provenance.json, without the time of day and the computing time."""
    observed: pd.DataFrame | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return Scenario.from_dict(self.provenance["scenario"])

    @property
    def start(self) -> date:
        return date.fromisoformat(self.summary["start"])

    @property
    def days(self) -> int:
        return self.summary["days"]
