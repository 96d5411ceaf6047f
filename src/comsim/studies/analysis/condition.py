"""A condition on an outcome, such as "dead by day 730": in which runs it holds, and in words."""

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
class OutcomeCondition:
    """That an outcome is below or above a value, exists, or never does."""

    outcome: str
    kind: Kind
    value: float = np.nan
    text: str = ""
    """In words, as a clause: "the community is dead by day 730"."""

    def holds(self, swept: Swept) -> np.ndarray:
        """1 if it holds, otherwise 0, float64 (points, worlds); NaN if the run failed, has no value
        (below, above), or was stopped before the day was known.

        A day that never comes is above any other. InputError for an unknown outcome.
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
            holds = (gone == (self.kind == "never")).astype(np.float64)
            holds[swept.failed | (begins & np.isnan(values))] = np.nan
            return holds
        under = values < self.value if self.kind == "below" else values > self.value
        return np.where(np.isnan(values), np.nan, under)

    def words(self, swept: Swept) -> str:
        """The condition in words."""
        if self.text:
            return self.text
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
        subject = f"{outcome.label}," if "," in outcome.label else outcome.label
        verb = "are" if _plural(outcome.label) else "is"
        return {
            "below": f"{subject} {verb} below {value}{_unit(outcome.unit)}",
            "above": f"{subject} {verb} above {value}{_unit(outcome.unit)}",
            "exists": f"{subject} {'exist' if verb == 'are' else 'exists'}",
            "never": f"{subject} {'do' if verb == 'are' else 'does'} not exist",
        }[self.kind]


def gaps_in(events: np.ndarray, swept: Swept) -> tuple[str, ...]:
    """Warnings about an event (points, worlds): excluded runs, and a single world."""
    failed, lost = int(swept.failed.sum()), int(np.isnan(events).sum())
    notes = []
    if failed:
        notes.append(f"{failed:,} of {events.size:,} runs failed and are excluded.")
    if lost > failed:
        notes.append(
            f"{lost - failed:,} of {events.size:,} runs have no such value (they may have stopped "
            "early) and are excluded; the outcome `lived` shows how many days they ran."
        )
    if swept.worlds == 1:
        notes.append("All points share one world: intervals exclude stochastic variation.")
    return tuple(notes)


def _unit(unit: str) -> str:
    return f" {unit}" if unit and unit[0].isalpha() else ""


def _plural(label: str) -> bool:
    """Whether a label is plural, judging by its ending."""
    first = label.split(",")[0].split()[:3]
    return any(word.endswith("s") and not word.endswith("ss") for word in first)
