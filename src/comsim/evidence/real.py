"""Real communities, and measures that apply to real and simulated communities alike.

`real.csv` has one row per community, made from logs of posts by scripts/real_communities.py:

- `id`: the type of source and a number, by size;
- `source`: git, mail, chat (Slack, Zulip, IRC, private messages), stack exchange or ratings;
- `kin`: the same for communities that share people, events or a host; otherwise the `id`;
- `authors` and the features of `shapes.toml` (`comsim.measure.shape`); empty if the log is shorter
  than 728 days, never has 10 posters in a week, or has fewer than 20 weeks with a post;
- `joiners`, `f5_m1`, `f5_m3_of_m1` for F5: the number of authors who are observed for four months
  after their first post; the share of authors who post on days 30-59 after it; and the share for
  days 90-119 divided by that. A log that is too short for the features may still have these. They
  are empty if the log has fewer than 180 days or 50 joiners; the ratio is also empty if nobody
  posts on days 30-59;
- `retention`, `survival`, `activity` for F21 (growth is `authors`), if there are features: among
  authors who first post at least 90 days before the end, the share who post again 90 days later or
  more; days until the last week with at least a tenth of the peak of weekly posters; and posts per
  author and day with a post.

All of them cover the first 728 days after the first post.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from comsim.evidence.data import data
from comsim.measure.metrics.retention import posting
from comsim.measure.metrics.windows import distinct
from comsim.measure.shape import DAYS, Counts, counts, features
from comsim.model.periods import MONTH, WEEK

if TYPE_CHECKING:
    import pandas as pd

FEATURES = tuple(data("shapes.toml")["features"])
MONTHS = ("f5_m1", "f5_m3_of_m1")
SUCCESS = ("retention", "survival", "activity")
COLUMNS = ("id", "source", "kin", "authors", *FEATURES, "joiners", *MONTHS, *SUCCESS)

SHORTEST, FEWEST_JOINERS = 180, 50  # days, authors: enough for F5
WATCHED = 4 * MONTH  # days, after a first post
AFTER, ALIVE = 90, 0.1  # days; share of the most weekly posters: as for F21


@cache
def communities() -> pd.DataFrame:
    """`real.csv`."""
    import pandas as pd

    with files(__package__).joinpath("real.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def measured(posts: pd.DataFrame) -> dict[str, float] | None:
    """The columns of a community, from an event table of posts only, with day 0 the day of the
    first post. None if it has neither the features nor enough data for F5."""
    counted = counts(posts)
    found = features(counted) if counted else None
    again = posting_again(posts)
    if found is None and np.isnan(again["joiners"]):
        return None
    missing = dict.fromkeys(("authors", *FEATURES, *SUCCESS), np.nan)
    return missing | again | ((found | success(posts, counted)) if found else {})


def posting_again(posts: pd.DataFrame) -> dict[str, float]:
    """`joiners`, `f5_m1` and `f5_m3_of_m1` from such a table."""
    days = min(int(posts["day"].max()) + 1, DAYS)
    first = posts.groupby("member")["day"].min()
    return months(first.to_numpy(), days, partial(posting, _first_days(posts, days)))


def months(first: NDArray, days: int, share: Callable[[int], float | None]) -> dict[str, float]:
    """The same from the days of first posts, the number of days observed, and a function for the
    share of authors who post in the k-th month after their first post."""
    joiners = int((first + WATCHED <= days).sum())
    if days < SHORTEST or joiners < FEWEST_JOINERS:
        return dict.fromkeys(("joiners", *MONTHS), np.nan)
    month_1, month_3 = share(1), share(3)
    ratio = month_3 / month_1 if month_1 else np.nan
    return {"joiners": joiners, "f5_m1": month_1, "f5_m3_of_m1": ratio}


def success(posts: pd.DataFrame, counted: Counts) -> dict[str, float]:
    """`retention`, `survival` and `activity`, with posting instead of visiting."""
    seen = _first_days(posts, DAYS)
    span = seen.groupby("member")["day"].agg(["min", "max"])
    early = span[span["min"] + AFTER < DAYS]
    weekly = distinct(seen, "post", WEEK, DAYS)
    return {
        "retention": float((early["max"] - early["min"] >= AFTER).mean()),
        "survival": int(np.flatnonzero(weekly >= ALIVE * weekly.max())[-1]) + 1,
        "activity": int(counted.posts.sum()) / counted.poster_days,
    }


def _first_days(posts: pd.DataFrame, days: int) -> pd.DataFrame:
    """The posts of the first days, as in a log that ends there."""
    seen = posts[posts["day"] < days]
    seen.attrs = posts.attrs | {"days": days}
    return seen
