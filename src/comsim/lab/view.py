"""The data that a page shows of a timeline: daily series, the field of members, retention. No UI.

Numbers are lists, rounded for display; None stands for unknown values.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comsim.lab.limits import DOTS, PICKED
from comsim.lab.timeline import Timeline
from comsim.measure.retention import visits_of
from comsim.model.catalogue import COLUMNS, COST_OF, LEVERS
from comsim.model.periods import WEEK
from comsim.model.stages import few_of, retrospective_stages
from comsim.run.tables import mean_state

COUNTS = ("members", "dau", "wau", "mau", "joined", "left", "muted", "official_posts", "posts")
MEANS = {"interest": "interest_visitors", "trust": "trust_mean"}  # of this week's visitors
MONEY = ("cost_cumulative", "profit_cumulative")
SPREADS = ("interest_low", "interest_high", "trust_low", "trust_high")
ENOUGH = 10_000  # members from which a spread is computed
TENTH = (0.1, 0.9)  # the spread: from the lowest to the highest tenth of members

# The meaning of a dot's colour: the member's status, or else its role.
KINDS = ("lurker", "contributor", "expert", "evangelist", "coordinator", "volunteer",
         "muted", "dormant", "gone")  # fmt: skip
MUTED, DORMANT, GONE = 6, 7, 8
NOBODY = -1  # the stage of days without members
FAREWELL = 14  # days for which those who left are still shown
GRID = 64  # cells of the density, across and up


class MemberDots(NamedTuple):
    """Members as dots: arrays of one length, and the number of each of KINDS."""

    row: NDArray[np.uint32]
    x: NDArray[np.uint8]  # interest, 0 .. 255
    y: NDArray[np.uint8]  # trust, 0 .. 255
    kind: NDArray[np.uint8]  # place in KINDS
    counts: list[int]
    density: NDArray[np.uint8] | None  # (GRID, GRID), trust by interest, 0 .. 255; where too many


def series(timeline: Timeline, first: int) -> dict[str, list[Any]]:
    """Columns of the days `first` .. today (excluded), by name."""
    daily = timeline.daily[first:]
    columns: dict[str, list[Any]] = {name: daily[name].tolist() for name in COUNTS}
    for name in MONEY:
        columns[name] = np.round(daily[name] / COLUMNS[name].scale, 1).tolist()
    columns["revenue_cumulative"] = [
        round(cost + profit, 1) for cost, profit in zip(*(columns[n] for n in MONEY), strict=True)
    ]
    for name, mean in MEANS.items():
        columns[name] = _known(mean_state(timeline.daily, mean)[first:])
    columns["stage"] = _named(timeline, daily["stage_seen"], first)
    return columns


def stages_after(timeline: Timeline) -> list[int]:
    """The stages of all simulated days in retrospect, as on the cards and in the report."""
    few = few_of(timeline.base.community.market)
    return _named(timeline, retrospective_stages(timeline.daily["wau"], few))


def _named(timeline: Timeline, stages: NDArray[np.int64], first: int = 0) -> list[int]:
    """Stages of the days from `first` on; NOBODY on days without members."""
    return np.where(timeline.daily["members"][first:] > 0, stages, NOBODY).tolist()


def spread(timeline: Timeline) -> list[float]:
    """The 10 % and 90 % quantiles of the interest and trust of this week's visitors, in the order
    of SPREADS.

    Of more than ENOUGH members, only every n-th is used.
    """
    rows, there = _there(timeline)
    some, m = slice(0, rows, max(1, rows // ENOUGH)), timeline.world.m
    lately = there[some] & (m.own["last_visit"][some] >= timeline.day - WEEK)
    values = (m.interest[some][lately], m.own["trust"][some][lately])
    return [float(bound) for state in values for bound in _tenths(state)]


def spreads(kept: NDArray[np.float64], first: int, stop: int) -> dict[str, list[Any]]:
    """Columns of the spread; kept: shape (days, 4), NaN if it was not computed."""
    return {name: _known(kept[first:stop, i]) for i, name in enumerate(SPREADS)}


def field(timeline: Timeline, most: int = DOTS, picked: int = PICKED) -> MemberDots:
    """The members of this morning: all of them if there are at most `most`, otherwise a part of
    them and the density of all.

    Members who left in the last days are included, with their last state.
    """
    rows, there = _there(timeline)
    own, m = timeline.world.m.own[:rows], timeline.world.m
    kind = own["role"].astype(np.uint8)
    kind[m.dormant[:rows] > 0] = DORMANT
    kind[m.status[:rows] == 1] = MUTED
    gone = ~there & (own["left_day"] >= timeline.day - FAREWELL)
    kind[gone] = GONE
    shown = np.flatnonzero(there | gone)
    interest, trust = m.interest[:rows], own["trust"]
    counts = np.bincount(kind[shown], minlength=len(KINDS)).tolist()
    density = None
    if len(shown) > most:
        density = _density(interest[there], trust[there])
        step = len(shown) // picked + 1
        shown = shown[shown % step == 0]  # the same members from frame to frame
    return MemberDots(
        shown.astype(np.uint32), _byte(interest[shown]), _byte(trust[shown]), kind[shown], counts,
        density,
    )  # fmt: skip


def packed(shown: MemberDots) -> dict[str, Any]:
    """A field as text for the browser."""
    names = ("row", "x", "y", "kind", "density")
    arrays = {name: getattr(shown, name) for name in names}
    return {"counts": shown.counts} | {
        name: None if array is None else b64encode(array.tobytes()).decode()
        for name, array in arrays.items()
    }


def retention(timeline: Timeline) -> list[list[float]]:
    """Retention by cohort (`comsim.measure.retention`): for each 30 days of joining, the share that
    visited in their first, second, ... month after joining.

    Only months that all members of the cohort have completed.
    """
    cohorts = visits_of(timeline.world, timeline.day).cohorts()
    shares: list[list[float]] = []
    size = 0
    for cohort, month, members, visited in zip(*cohorts.values(), strict=True):
        size = members if month == 0 else size
        shares += [[] for _ in range(cohort + 1 - len(shares))]
        if members == size:
            shares[cohort].append(round(float(visited / members), 3))
    return shares


def levers(timeline: Timeline) -> dict[str, float]:
    """Today's value of each lever, for members of no special group."""
    day = min(timeline.day, timeline.days - 1)
    return {name: round(float(timeline.world.levers[name][day, 0]), 6) for name in LEVERS}


def costs(timeline: Timeline) -> dict[str, float]:
    """Yesterday's cost of each lever that has a line in the ledger, in currency."""
    if timeline.day == 0:
        return {}
    last = timeline.daily[-1]
    return {lever: float(last[cost]) / COLUMNS[cost].scale for lever, cost in COST_OF.items()}


def _there(timeline: Timeline) -> tuple[int, NDArray[np.bool_]]:
    rows = int(timeline.world.now["rows"][0])
    return rows, timeline.world.m.status[:rows] != 2


def _tenths(values: NDArray[np.float32]) -> list[float]:
    if not len(values):
        return [np.nan] * 2
    places = [round(share * (len(values) - 1)) for share in TENTH]
    return np.partition(values, places)[places].tolist()


def _density(interest: NDArray[np.float32], trust: NDArray[np.float32]) -> NDArray[np.uint8]:
    cell = np.minimum(trust * GRID, GRID - 1).astype(np.int64) * GRID
    cell += np.minimum(interest * GRID, GRID - 1).astype(np.int64)
    count = np.log1p(np.bincount(cell, minlength=GRID * GRID))
    return (count / count.max() * 255).astype(np.uint8).reshape(GRID, GRID)


def _byte(share: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.round(np.clip(share, 0, 1) * 255).astype(np.uint8)


def _known(values: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in np.round(values, 4).tolist()]
