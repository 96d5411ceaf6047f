"""Exposure: the probability of joining by the number of friends who are already members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from comsim.logs.events import horizon
from comsim.measure.metrics.facts import counts
from comsim.measure.metrics.windows import by_member, first_rows
from comsim.model.periods import MONTH

if TYPE_CHECKING:
    import pandas as pd

NEVER = np.iinfo(np.int64).max


class Shape(NamedTuple):
    """A parabola fitted to the probability of joining, over the number of friends who are
    members."""

    slope: float
    """A friend, in the middle of the bins."""
    bend: float
    """A friend squared; below 0 each friend adds less than the one before."""


@counts(
    population=(
        "people with a friend who had not joined by the evening of a day of `looks`, once for "
        "each look; `friends` has rows of person and friend, each pair twice"
    ),
    window="joining on the `within` days after the look; friends who are members on its evening",
    censoring="looks whose window ends after the days watched are left out",
    unit="share",
    source="snapshots as in Backstrom et al. 2006 (KDD, 44-54)",
)
def by_friends(
    events: pd.DataFrame, friends: pd.DataFrame, looks: Iterable[int], within: int = MONTH
) -> pd.DataFrame:
    """The probability of joining by the number of friends who are members.

    Indexed by `friends`: `people`, `joined`, `share`.
    """
    import pandas as pd

    size = int(friends.to_numpy().max()) + 1
    joined, left = (_first_day(events, kind, size) for kind in ("join", "leave"))
    person, friend = friends["person"].to_numpy(), friends["friend"].to_numpy()
    known = np.bincount(person, minlength=size) > 0
    people = np.zeros(known.sum() and int(np.bincount(person).max()) + 1, np.int64)
    came = np.zeros_like(people)
    for day in looks:
        if day + within >= horizon(events):
            continue
        inside = (joined <= day) & (left > day)
        around = np.bincount(person, inside[friend], size).astype(np.int64)
        outside = known & (joined > day)
        np.add.at(people, around[outside], 1)
        np.add.at(came, around[outside & (joined <= day + within)], 1)
    table = pd.DataFrame({"people": people, "joined": came}).rename_axis("friends")
    table = table[table["people"] > 0]
    return table.assign(share=table["joined"] / table["people"])


def shape(table: pd.DataFrame) -> Shape | None:
    """The parabola fitted to the shares, weighted by numbers of people; None for fewer than 4
    bins."""
    if len(table) < 4:
        return None
    friends = table.index.to_numpy(float)
    middle = (friends.min() + friends.max()) / 2
    bend, slope, _ = np.polyfit(friends - middle, table["share"], 2, w=np.sqrt(table["people"]))
    return Shape(float(slope), float(bend))


def _first_day(events: pd.DataFrame, kind: str, size: int) -> np.ndarray:
    """The day of each person's first event of a kind; NEVER if there is none."""
    member, day, _ = by_member(events, kind)
    first = np.unique(first_rows(member))
    days = np.full(size, NEVER)
    days[member[first]] = day[first]
    return days
