"""`[community] today`: what is known of a community that is already running."""

from __future__ import annotations

from pydantic import model_validator

from comsim.scenario.checks import Described, number, plain, wrong
from comsim.scenario.table import Table

MOST_MEMBERS = 20_000_000
YOUNGEST, OLDEST = 7, 3_650  # days


class Known(Table):
    """The community as it is today, on the morning of day 0. Its past is made up from plausible
    worlds that fit. Give at least one number (docs/today.md)."""

    members: number(1, MOST_MEMBERS) | None = None
    """Members."""
    weekly: number(1, MOST_MEMBERS) | None = None
    """Weekly active members, mean over the last seven days."""
    age_days: number(YOUNGEST, OLDEST, whole=True) | None = None
    """Days since the community began."""
    posts_a_day: number(0.01, 1e7) | None = None
    """Members' posts a day, mean over the last four weeks."""

    @model_validator(mode="after")
    def _check(self) -> Known:
        if not self.model_dump(exclude_none=True):
            wrong(Described("nothing"), "at least one of members, weekly, age_days, posts_a_day")
        if self.members is not None and self.weekly is not None and self.weekly > self.members:
            allowed = f"at most {plain(self.members)}, the number of members"
            wrong(self.weekly, allowed, "weekly")
        return self
