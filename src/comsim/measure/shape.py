"""Variability and shape of a community, from its posts in the first two years.

`Counts` are counted of a log (`counts`, `counts_of`) or in the kernel, in a run that records no
events (`comsim.measure.observation.tallied`); `features` are functions of them, so that both give
the same numbers. A reply is a post. Day 0 is the day of the first post, and the first 728 days
count: 104 weeks of seven days. An author is somebody who posts in them, and is new on the day of
their first post.

`s` is the nine-week mean: centred, and over the weeks that there are at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comsim.logs.events import CODE
from comsim.model.periods import FOUR_WEEKS, MONTH, TWO_YEARS, WEEK
from comsim.model.stages import GROWTH, SEEDING, STAGES, retrospective_stages, stage_spans

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
    """Counts of the posts of a community in its first 728 days, as whole numbers."""

    posters: NDArray[np.int64]
    """People who post in each week, shape (104,)."""
    posts: NDArray[np.int64]
    """Posts in each week, shape (104,)."""
    newcomers: NDArray[np.int64]
    """New authors on each day, shape (728,)."""
    poster_days: int
    """People who post on a day, added up over the days."""
    per_author: NDArray[np.int64]
    """Posts of each author, in ascending order, shape (authors,)."""
    early: int
    """Authors who first post before day 668."""
    again: int
    """Of these, authors who also post on days 30 to 59 after the day of their first post."""
    first_day: int
    """The day of the first post, in the days of the log or the run."""


def counts(events: pd.DataFrame) -> Counts | None:
    """The counts of an event table (`comsim.logs.events`); None if nobody posts on day 728 after
    the first post or later, since the two years are then not over."""
    kind = events["kind"].cat.codes.to_numpy()
    rows = (kind == CODE["post"]) | (kind == CODE["reply"])
    return counts_of(events["day"].to_numpy()[rows], events["member"].to_numpy()[rows])


def counts_of(day: ArrayLike, member: ArrayLike) -> Counts | None:
    """The counts of posts in any order: whole days, on any calendar, and ids of members. None as in
    `counts`."""
    import pandas as pd

    day, member = np.asarray(day, np.int64), np.asarray(member)
    first_day = int(day.min()) if len(day) else 0
    if not len(day) or day.max() - first_day < DAYS:
        return None
    inside = day < first_day + DAYS
    who, authors = pd.factorize(member[inside])
    # In order of authors, then of days: one number for both sorts fastest.
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
    """The features of variability and shape by name; None for a community that is too small to have
    them: fewer than 10 posters in its best week, or fewer than 20 weeks with a post.

    Of weekly posters w and posts p: `sd_log` and `psd`, the standard deviation of
    log((w + 1) / (s + 1)), and of posts likewise; `disp`, log of variance over mean of w around s
    (with 0.01 added to the ratio); `cv`, the standard deviation of (w - s) / s over weeks with s
    above 0; `ac_dev`, lag-1 autocorrelation of w - s; of the weekly changes of log(w + 1), `ac1`,
    lag-1 autocorrelation, `worst` and `best`, the smallest and the largest, `kurt`, excess
    kurtosis.

    Of s: `rough`, the sum of its absolute weekly changes over its peak; `peak_at`, the week of the
    peak over 104; `half`, the weeks from there until it is below half of the peak, over 104 (1 if
    it never is); `start` and `final`, the mean of the first four and of the last eight weeks over
    the peak. `seeding` (days) and `waves` (number of stages of growth) are by the retrospective
    stage rule (`comsim.model.stages`) on w, repeated for each day of the week.

    Of authors: `authors`, how many; of their posts `gini`, the Gini coefficient, `once`, the share
    with a single post, `per`, the log of the mean; `m1`, the share of those who first post before
    day 668 who post on days 30 to 59 after it; `dauwau`, posters of a day over posters of a week,
    both means; of new authors, `newshare`, their share of weekly posters, `newdisp`, log of
    variance over mean by week (with 0.01 added), `newcv`, the coefficient of variation as in `cv`
    of new authors of four weeks around their nine-period mean, and `burst`, the share who are new
    on the 36 days with most of them.

    A value is NaN where it is not defined, such as an autocorrelation of a constant.
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
    stages = retrospective_stages(np.repeat(posters, WEEK))
    return {
        "rough": np.abs(np.diff(smooth)).sum() / top,
        "peak_at": peak / WEEKS,
        "half": (halved[0] if len(halved) else WEEKS) / WEEKS,
        "start": smooth[:4].mean() / top,
        "final": smooth[-8:].mean() / top,
        "seeding": (stages == SEEDING).sum(),
        "waves": sum(name == STAGES[GROWTH] for name, _, _ in stage_spans(stages)),
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
    """The nine-period mean of whole numbers, over the periods that there are at both ends."""
    window = np.ones(SPAN)
    return np.convolve(series, window, "same") / np.convolve(np.ones_like(series), window, "same")


def _variation(series: NDArray) -> float:
    """Standard deviation of the deviations from the nine-period mean, relative to it."""
    smooth = _moving_mean(series)
    some = smooth > 0
    return np.std(series[some] / smooth[some] - 1)


def _lag_one(series: NDArray) -> float:
    return np.corrcoef(series[:-1], series[1:])[0, 1]
