"""Inequality of contributions: a few members write most posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.windows import by_member

if TYPE_CHECKING:
    import pandas as pd


def lifetime_posts(events: pd.DataFrame) -> np.ndarray:
    """Posts of each author with at least one, in ascending order."""
    member, _, _ = by_member(events, "post")
    return np.sort(np.unique(member, return_counts=True)[1])


@counts(
    population="all who joined",
    window="the whole table",
    censoring="none; late joiners count with the little time they had",
    unit="share",
    source="common usage",
)
def never_posted(events: pd.DataFrame) -> float | None:
    """Share of members without a post (lurkers); replies do not count as posts."""
    members = len(np.unique(by_member(events, "join")[0]))
    return 1 - len(lifetime_posts(events)) / members if members else None


@counts(
    population="authors with at least one post",
    window="the whole table",
    censoring="none; late authors count with the little they had time for",
    unit="coefficient",
    source="common usage",
)
def gini(events: pd.DataFrame) -> float | None:
    """Gini coefficient of lifetime posts, from 0 (all equal) to 1."""
    return gini_of(lifetime_posts(events))


def gini_of(posts: np.ndarray) -> float | None:
    """Gini coefficient of positive numbers in ascending order; None if there are none."""
    n = len(posts)
    if n == 0:
        return None
    rank = np.arange(1, n + 1)
    return float(2 * (rank * posts).sum() / (n * posts.sum()) - (n + 1) / n)


@counts(
    population="authors with at least one post; a tenth of them, rounded up",
    window="the whole table",
    censoring="none",
    unit="share",
    source="common usage",
)
def top_share(events: pd.DataFrame, top: float = 0.1) -> float | None:
    """Share of the posts that the busiest tenth wrote."""
    return top_share_of(lifetime_posts(events), top)


def top_share_of(posts: np.ndarray, top: float = 0.1) -> float | None:
    """The share of a sum that is due to the highest numbers, given in ascending order; None if
    there are none."""
    if len(posts) == 0:
        return None
    busiest = int(np.ceil(top * len(posts)))
    return float(posts[-busiest:].sum() / posts.sum())
