"""What a page shows of a timeline: series by day, the field of members, retention; no UI.

Numbers leave as lists, rounded to what a picture shows; None stands for what is not known.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comsim.lab.limits import DOTS, PICKED
from comsim.lab.timeline import Timeline
from comsim.model.catalogue import COLUMNS, COST_OF, LEVERS
from comsim.model.kernel.basics import ONE
from comsim.model.stages import SEEDING, retrospective_stages
from comsim.scenario import Scenario

COUNTS = ("members", "dau", "wau", "mau", "joined", "left", "muted", "official_posts", "posts")
MONEY = ("cost_cumulative", "profit_cumulative")
SPREADS = ("interest_low", "interest_high", "trust_low", "trust_high")
ENOUGH = 10_000  # members to read a spread from
TENTH = (0.1, 0.9)  # the spread: from the lowest to the highest tenth of members

# What a dot's colour says: what befell a member, else the member's role.
KINDS = ("lurker", "contributor", "expert", "evangelist", "coordinator", "volunteer",
         "muted", "dormant", "gone")  # fmt: skip
MUTED, DORMANT, GONE = 6, 7, 8
NOBODY = -1  # the stage of days without members
HANDFUL, PART = 50, 0.05  # people, and of a small market: fewer in a week have no stage to speak of
FAREWELL = 14  # days for which those who left are still shown
GRID = 64  # cells of the density, across and up


class Field(NamedTuple):
    """Members as dots: arrays of one length, and how many there are of each of KINDS."""

    row: NDArray[np.uint32]
    x: NDArray[np.uint8]  # interest, 0 .. 255
    y: NDArray[np.uint8]  # trust, 0 .. 255
    kind: NDArray[np.uint8]  # place in KINDS
    counts: list[int]
    density: NDArray[np.uint8] | None  # (GRID, GRID), trust by interest, 0 .. 255; where too many


def series(timeline: Timeline, first: int) -> dict[str, list[Any]]:
    """Columns of the days `first` .. today (excluded), by name."""
    daily = timeline.daily[first:]
    members = daily["members"]
    found: dict[str, list[Any]] = {name: daily[name].tolist() for name in COUNTS}
    for name in MONEY:
        found[name] = np.round(daily[name] / COLUMNS[name].scale, 1).tolist()
    found["revenue_cumulative"] = [
        round(cost + profit, 1) for cost, profit in zip(*(found[n] for n in MONEY), strict=True)
    ]
    for name in ("interest", "trust"):
        total = daily[f"{name}_sum"] / ONE
        means = np.divide(total, members, out=np.full(len(daily), np.nan), where=members > 0)
        found[name] = _known(means)
    found["stage"] = _named(timeline, daily["stage_seen"], first)
    return found


def stages_after(timeline: Timeline) -> list[int]:
    """The stages of all days lived, in retrospect, as on the cards and in the report."""
    return _named(timeline, retrospective_stages(timeline.daily["wau"]))


def _named(timeline: Timeline, stages: NDArray[np.int64], first: int = 0) -> list[int]:
    """Stages of the days from `first` on, but for those of nobody, and of a community that is not
    born."""
    best = np.maximum.accumulate(timeline.daily["wau"])[first:]
    named = np.where(best < born_at(timeline.base), SEEDING, stages)
    return np.where(timeline.daily["members"][first:] > 0, named, NOBODY).tolist()


def born_at(scenario: Scenario) -> int:
    """The weekly members from which on the page names a community's stages. The model's own rule
    asks for five people, who then seem to grow and decline with each of them."""
    return max(1, min(HANDFUL, round(PART * scenario.community.market)))


def spread(timeline: Timeline) -> list[float]:
    """The lowest and highest tenth of members' interest and trust, in the order of SPREADS.

    Of more than ENOUGH members, every second or third or so is asked.
    """
    rows, there = _there(timeline)
    some = slice(0, rows, max(1, rows // ENOUGH))
    there = there[some]
    if not there.any():
        return [np.nan] * 4
    m = timeline.world.m
    values = (m.interest[some][there], m.own["trust"][some][there])
    return [float(bound) for state in values for bound in _tenths(state)]


def spreads(kept: NDArray[np.float64], first: int, stop: int) -> dict[str, list[Any]]:
    """Columns of the spread; kept: shape (days, 4), NaN where it was not looked at."""
    return {name: _known(kept[first:stop, i]) for i, name in enumerate(SPREADS)}


def field(timeline: Timeline, most: int = DOTS, picked: int = PICKED) -> Field:
    """The members of this morning, all up to `most`; of more, some, and the density of all.

    Those who left in the last days are there too, where they stood when they left.
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
    return Field(
        shown.astype(np.uint32), _byte(interest[shown]), _byte(trust[shown]), kind[shown], counts,
        density,
    )  # fmt: skip


def packed(shown: Field) -> dict[str, Any]:
    """A field as text that a browser unpacks."""
    names = ("row", "x", "y", "kind", "density")
    arrays = {name: getattr(shown, name) for name in names}
    return {"counts": shown.counts} | {
        name: None if array is None else b64encode(array.tobytes()).decode()
        for name, array in arrays.items()
    }


def retention(timeline: Timeline) -> list[list[float]]:
    """Of each 30 days' newcomers, the share who visited in their first, second, … month or later.

    Only months that all of them have behind them.
    """
    import pandas as pd

    from comsim.measure.cohorts import cohorts

    rows = int(timeline.world.now["rows"][0])
    own = timeline.world.m.own[:rows]
    table = cohorts(pd.DataFrame({n: own[n] for n in ("joined_day", "last_visit")}), timeline.day)
    found: list[list[float]] = []
    size = 0
    columns = (table[name] for name in ("cohort", "month", "members", "share"))
    for cohort, month, members, share in zip(*columns, strict=True):
        size = members if month == 0 else size
        found += [[] for _ in range(cohort + 1 - len(found))]
        if members == size:
            found[cohort].append(round(float(share), 3))
    return found


def levers(timeline: Timeline) -> dict[str, float]:
    """What each lever is today, for members of no special group."""
    day = min(timeline.day, timeline.days - 1)
    return {name: round(float(timeline.world.levers[name][day, 0]), 6) for name in LEVERS}


def costs(timeline: Timeline) -> dict[str, float]:
    """What levers cost yesterday, in currency, where there is a line in the ledger for it."""
    if timeline.day == 0:
        return {}
    last = timeline.daily[-1]
    return {lever: float(last[cost]) / COLUMNS[cost].scale for lever, cost in COST_OF.items()}


def _there(timeline: Timeline) -> tuple[int, NDArray[np.bool_]]:
    rows = int(timeline.world.now["rows"][0])
    return rows, timeline.world.m.status[:rows] != 2


def _tenths(values: NDArray[np.float32]) -> list[float]:
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
