"""How the days of a run are called: by their dates, if readers know these, or else by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Dates:
    """The dates of the days of a run, which are counted from 0."""

    start: date = date(2000, 1, 1)
    """The date of day 0."""
    known: bool = False
    """Whether dates mean something to readers, who then see no day numbers."""
    today: int = 0
    """The number of days in the past; 0 without a past."""

    def of(self, day: float) -> date:
        """The date of a day."""
        return self.start + timedelta(days=int(day))


COUNTED = Dates()  # the days of no run in particular
