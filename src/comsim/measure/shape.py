"""Variability and shape of a community, from its posts in the first two years.

`Counts` come from a log (`counts`, `counts_of`) or from the kernel, in a run that records no events
(`comsim.measure.observation.tallied`). `features` depends only on them, so both ways give the same
numbers. A reply counts as a post. Day 0 is the day of the first post, and only the first 728 days
(104 weeks) count. An author is a person who posts on these days, and is new on the day of their
first post.

`s` is the centred nine-week mean; at both ends, it covers only the available weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comsim.logs.events import CODE
from comsim.measure.waves import waves_of
from comsim.model.periods import FOUR_WEEKS, MONTH, TWO_YEARS, WEEK

if TYPE_CHECKING:
    import pandas as pd

DAYS = TWO_YEARS
WEEKS = DAYS // WEEK
EARLY = DAYS - 2 * MONTH  # first posts before this day are watched for two months
SPAN = 9  # periods of the moving mean
BUSIEST = 36  # days, a twentieth of all
LEAST_PEAK, LEAST_WEEKS = 10, 20  # posters in the best week; weeks with a post


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts of a community's posts in its first 728 days."""

    posters: NDArray[np.int64]
    """People who post in each week, shape (104,)."""
    posts: NDArray[np.int64]
    """Posts in each week, shape (104,)."""
    newcomers: NDArray[np.int64]
    """New authors on each day, shape (728,)."""
    poster_days: int
    """The number of people who post on a day, summed over days."""
    per_author: NDArray[np.int64]
    """Posts of each author, in ascending order, shape (authors,)."""
    early: int
    """Authors who first post before day 668."""
    again: int
    """Of these, authors who also post on days 30 to 59 after the day of their first post."""
    first_day: int
    """The day of the first post in the log or the run."""


def counts(events: pd.DataFrame) -> Counts | None:
    """The counts of an event table (`comsim.logs.events`); None if there is no post 728 days after
    the first one or later, because the log then covers less than two years."""
    kind = events["kind"].cat.codes.to_numpy()
    rows = (kind == CODE["post"]) | (kind == CODE["reply"])
    return counts_of(events["day"].to_numpy()[rows], events["member"].to_numpy()[rows])


def counts_of(day: ArrayLike, member: ArrayLike) -> Counts | None:
    """The counts of posts in any order, from whole days on any calendar and ids of members. None as
    in `counts`."""
    import pandas as pd

    day, member = np.asarray(day, np.int64), np.asarray(member)
    first_day = int(day.min()) if len(day) else 0
    if not len(day) or day.max() - first_day < DAYS:
        return None
    inside = day < first_day + DAYS
    who, authors = pd.factorize(member[inside])
    # Sort by author, then by day; a single number for both is the fastest.
    who, day = np.divmod(np.sort(who * DAYS + day[inside] - first_day), DAYS)
    week = day // WEEK
    new = np.r_[True, who[1:] != who[:-1]]
    on_new_day = new | np.r_[True, day[1:] != day[:-1]]
    in_new_week = new | np.r_[True, week[1:] != week[:-1]]
    since = day - day[new][who]
    again = (since >= MONTH) & (since < 2 * MONTH) & (day - since < EARLY)
    return Counts(
        posters=np.bincount(week[in_new_week], minlength=WEEKS),
        posts=np.bincount(week, minlength=WEEKS),
        newcomers=np.bincount(day[new], minlength=DAYS),
        poster_days=int(on_new_day.sum()),
        per_author=np.sort(np.bincount(who, minlength=len(authors))),
        early=int((day[new] < EARLY).sum()),
        again=len(np.unique(who[again])),
        first_day=first_day,
    )


def features(counts: Counts) -> dict[str, float] | None:
    """The features of variability and shape by name. None if the community is too small: fewer than
    10 posters in its best week, or fewer than 20 weeks with a post.

    Weekly posters w and weekly posts:

    - `sd_log`: standard deviation of log((w + 1) / (s + 1)); `psd`: the same for posts
    - `disp`: log of the variance-to-mean ratio of w around s (with 0.01 added to the ratio)
    - `cv`: standard deviation of (w - s) / s over weeks with s above 0
    - `ac_dev`: lag-1 autocorrelation of w - s
    - `ac1`, `worst`, `best`, `kurt`: lag-1 autocorrelation, minimum, maximum and excess kurtosis of
      the weekly changes of log(w + 1)

    The nine-week mean s:

    - `rough`: sum of its absolute weekly changes, divided by its peak
    - `peak_at`: week of the peak, divided by 104
    - `half`: weeks from the peak until s is below half of the peak, divided by 104 (1 if it never
      is)
    - `start`, `final`: mean of the first four and of the last eight weeks, divided by the peak
    - `seeding`, `waves`: days of seeding and number of growth stages in the whole curve of w,
      repeated for each day of the week (`comsim.measure.waves`)

    Authors:

    - `authors`: their number
    - `gini`, `once`, `per`: Gini coefficient of their posts, share with a single post, log of the
      mean number of posts
    - `m1`: among authors who first post before day 668, the share who post again 30 to 59 days
      later
    - `dauwau`: mean daily posters divided by mean weekly posters
    - `newshare`: share of new authors among weekly posters
    - `newdisp`: log of the variance-to-mean ratio of new authors per week (with 0.01 added)
    - `newcv`: the same as `cv`, for new authors per four weeks and their nine-period mean
    - `burst`: share of authors who are new on the 36 days with the most new authors

    A value is NaN if it is undefined, such as the autocorrelation of a constant.
    """
    if counts.posters.max() < LEAST_PEAK or (counts.posters > 0).sum() < LEAST_WEEKS:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "authors": len(counts.per_author),
            **_noise(counts.posters.astype(float), counts.posts.astype(float)),
            **_life(counts.posters.astype(float)),
            **_authors(counts),
            **_newcomers(counts),
        }
    return {name: float(value) for name, value in found.items()}


def _noise(posters: NDArray, posts: NDArray) -> dict[str, float]:
    import pandas as pd

    smooth = _moving_mean(posters)
    off, change = posters - smooth, np.diff(np.log(posters + 1))
    return {
        "sd_log": np.std(np.log((posters + 1) / (smooth + 1))),
        "disp": np.log((off**2).mean() / smooth.mean() + 0.01),
        "cv": _variation(posters),
        "ac_dev": _lag_one(off),
        "ac1": _lag_one(change),
        "worst": change.min(),
        "best": change.max(),
        "kurt": pd.Series(change).kurt(),
        "psd": np.std(np.log((posts + 1) / (_moving_mean(posts) + 1))),
    }


def _life(posters: NDArray) -> dict[str, float]:
    smooth = _moving_mean(posters)
    top = smooth.max()
    peak = int(np.argmax(smooth))
    halved = np.flatnonzero(smooth[peak:] < top / 2)
    waves = waves_of(np.repeat(posters, WEEK))
    return {
        "rough": np.abs(np.diff(smooth)).sum() / top,
        "peak_at": peak / WEEKS,
        "half": (halved[0] if len(halved) else WEEKS) / WEEKS,
        "start": smooth[:4].mean() / top,
        "final": smooth[-8:].mean() / top,
        "seeding": waves.seeding,
        "waves": waves.growths,
    }


def _authors(counts: Counts) -> dict[str, float]:
    posts = counts.per_author.astype(float)
    number = len(posts)
    order = np.arange(1, number + 1)
    return {
        "gini": 2 * (order * posts).sum() / (number * posts.sum()) - (number + 1) / number,
        "once": (posts == 1).mean(),
        "per": np.log(posts.mean()),
        "m1": counts.again / max(counts.early, 1),
        "dauwau": counts.poster_days / WEEK / counts.posters.sum(),
    }


def _newcomers(counts: Counts) -> dict[str, float]:
    weekly = counts.newcomers.reshape(WEEKS, WEEK).sum(axis=1).astype(float)
    monthly = counts.newcomers.reshape(-1, FOUR_WEEKS).sum(axis=1).astype(float)
    busiest = np.sort(counts.newcomers)[-BUSIEST:]
    return {
        "newshare": weekly.sum() / counts.posters.sum(),
        "newdisp": np.log(np.var(weekly) / weekly.mean() + 0.01),
        "newcv": _variation(monthly),
        "burst": busiest.sum() / counts.newcomers.sum(),
    }


def _moving_mean(series: NDArray) -> NDArray:
    """The centred nine-period mean; at both ends, it covers only the available periods."""
    window = np.ones(SPAN)
    return np.convolve(series, window, "same") / np.convolve(np.ones_like(series), window, "same")


def _variation(series: NDArray) -> float:
    """Standard deviation of the relative deviations from the nine-period mean."""
    smooth = _moving_mean(series)
    some = smooth > 0
    return np.std(series[some] / smooth[some] - 1)


def _lag_one(series: NDArray) -> float:
    return np.corrcoef(series[:-1], series[1:])[0, 1]
