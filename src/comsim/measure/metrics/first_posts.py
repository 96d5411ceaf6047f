"""First posts: whether authors post again if their first post is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from comsim.logs.events import CODE, horizon
from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.windows import by_member, first_rows
from comsim.model.periods import MONTH

if TYPE_CHECKING:
    import pandas as pd


class Answered(NamedTuple):
    """Authors whose first post was answered, compared with the other authors."""

    authors: int
    share: float
    """Of first posts that were answered."""
    again: float
    """Share who post again, of the answered."""
    again_unanswered: float

    @property
    def difference(self) -> float:
        """The difference in the share who post again: answered minus unanswered."""
        return self.again - self.again_unanswered


def first_post_days(events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Authors in ascending order, and the day of each author's first post."""
    member, day, _ = by_member(events, "post")
    first = np.unique(first_rows(member))
    return member[first], day[first]


def posted_again(events: pd.DataFrame, within: int = MONTH) -> np.ndarray:
    """For each author, whether they posted again on a later day, up to `within` days after the
    first."""
    member, day, _ = by_member(events, "post")
    start = first_rows(member)
    since = day - day[start]
    return np.isin(np.unique(start), start[(since > 0) & (since <= within)])


def answered_first(events: pd.DataFrame, within: int = 0) -> np.ndarray:
    """For each author, whether somebody answered them after their first post (by a reply, or a post
    that addresses them), on the same day or up to `within` days later."""
    code, day = events["kind"].cat.codes.to_numpy(), events["day"].to_numpy()
    member, target = events["member"].to_numpy(), events["target"].to_numpy()
    posts = np.flatnonzero(code == CODE["post"])
    authors, first = np.unique(member[posts], return_index=True)
    if not len(authors):
        return np.zeros(0, bool)
    words = np.flatnonzero(np.isin(code, [CODE["reply"], CODE["post"]]) & (target >= 0))
    at = np.searchsorted(authors, target[words]).clip(max=len(authors) - 1)
    row = posts[first][at]  # of the first post; rows of a day stand as they happened
    heard = (authors[at] == target[words]) & (words > row) & (day[words] - day[row] <= within)
    return np.isin(np.arange(len(authors)), at[heard])


@counts(
    population="authors with at least one post",
    window="an answer up to `within` days after the first post; posts on the 30 days after its day",
    censoring="only authors whose 30 days lie inside the days watched",
    unit="share",
    source="after Joyce and Kraut 2006 (Journal of Computer-Mediated Communication 11:723-747)",
)
def answered(events: pd.DataFrame, within: int = 0) -> Answered | None:
    """The share of authors who post again within 30 days, by whether their first post was
    answered."""
    _, first = first_post_days(events)
    watched = first + MONTH < horizon(events)
    heard, again = answered_first(events, within)[watched], posted_again(events)[watched]
    if not (heard.any() and (~heard).any()):
        return None
    return Answered(
        len(heard), float(heard.mean()), float(again[heard].mean()), float(again[~heard].mean())
    )
