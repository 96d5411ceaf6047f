"""How the days of a run are shown: as dates if readers know them, otherwise as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Dates:
    """The dates of the days of a run, which are counted from 0."""

    start: date = date(2000, 1, 1)
    """The date of day 0."""
    known: bool = False
    """Whether readers know the dates; if so, no day numbers are shown."""
    today: int = 0
    """The number of days in the past; 0 without a past."""

    def of(self, day: float) -> date:
        """The date of a day."""
        return self.start + timedelta(days=int(day))


COUNTED = Dates()  # without a run
