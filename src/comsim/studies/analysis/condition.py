"""A condition on outcomes, such as "dead by day 730": in which runs it holds, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from comsim.common.errors import InputError, nearest
from comsim.language.amounts import number

if TYPE_CHECKING:
    from comsim.studies.analysis.swept import Swept

Kind = Literal["below", "above", "never", "exists"]


@dataclass(frozen=True)
class Condition:
    """What is asked of an outcome: that it lies below or above a value, exists, or never does."""

    outcome: str
    kind: Kind
    value: float = np.nan
    says: str = ""
    """In words, to be read after "where": "the community is dead by day 730"."""

    def holds(self, swept: Swept) -> np.ndarray:
        """1 where it holds, 0 where not, float64 (points, worlds); NaN where the run failed, or
        (below, above) has no such value, or was stopped before it was known whether a day came.

        A day that never came lies above any other. InputError for an outcome that was not kept.
        """
        names = [outcome.name for outcome in swept.outcomes]
        if self.outcome not in names:
            raise InputError.at(
                "analysis", "outcome", repr(self.outcome), nearest(self.outcome, names)
            )
        values = swept.by_point(self.outcome)
        if self.kind in ("never", "exists"):
            begins = swept.outcome(self.outcome).begins
            gone = values >= swept.days if begins else np.isnan(values)
            found = (gone == (self.kind == "never")).astype(np.float64)
            found[swept.failed | (begins & np.isnan(values))] = np.nan
            return found
        under = values < self.value if self.kind == "below" else values > self.value
        return np.where(np.isnan(values), np.nan, under)

    def words(self, swept: Swept) -> str:
        """The condition in words."""
        if self.says:
            return self.says
        outcome, value = swept.outcome(self.outcome), number(self.value)
        if outcome.begins:
            start = outcome.label.removesuffix(" begins")
            return {
                "below": f"{outcome.label} before day {value}",
                "above": f"{outcome.label} after day {value} or never",
                "exists": f"{outcome.label}",
                "never": f"{start} never begins" if start != outcome.label
                         else f"{outcome.label}: never",
            }[self.kind]  # fmt: skip
        label = f"{outcome.label}," if "," in outcome.label else outcome.label
        told = f"{label} {'are' if _plural(outcome.label) else 'is'}"
        return {
            "below": f"{told} below {value}{_unit(outcome.unit)}",
            "above": f"{told} above {value}{_unit(outcome.unit)}",
            "exists": f"{outcome.label} exists",
            "never": f"{outcome.label} does not exist",
        }[self.kind]


def gaps_in(events: np.ndarray, swept: Swept) -> tuple[str, ...]:
    """Warnings about an event (points, worlds): runs that are left out, luck that is not known."""
    failed, lost = int(swept.failed.sum()), int(np.isnan(events).sum())
    notes = []
    if failed:
        notes.append(f"{failed:,} of {events.size:,} runs failed and are left out.")
    if lost > failed:
        notes.append(
            f"{lost - failed:,} of {events.size:,} runs have no such value (they may have stopped "
            "before) and are left out; if they ended early, ask how many days they lived."
        )
    if swept.worlds == 1:
        notes.append("All points share one world: what its luck did is not in the intervals.")
    return tuple(notes)


def _unit(unit: str) -> str:
    return f" {unit}" if unit and unit[0].isalpha() else ""


def _plural(label: str) -> bool:
    """Whether a label speaks of several things, as far as its ending tells."""
    first = label.split(",")[0].split()[:2]
    return any(word.endswith("s") and not word.endswith("ss") for word in first)
