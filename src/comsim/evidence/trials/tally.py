"""What members have done by certain ages: counters of each member, read on some mornings of a run.

They replace the event table, because reading it takes longer than the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from comsim.evidence.trials.spec import Days
from comsim.model.kernel.basics import LEFT
from comsim.run.simulation import live

COUNTERS = (
    "visits", "posts", "replies_given", "recruits", "orders", "reads", "satisfied", "mutes", "left",
)  # fmt: skip
DAILY = ("reads", "satisfied", "mutes")  # the model keeps no count of these for a member


class Cohort(NamedTuple):
    """Members who joined on some days. Their age counts from their own day of joining, or from a
    common day of the run (`since`). Members who have left by that morning are excluded."""

    joined: Days
    since: int | None = None


def members_of(day: int) -> Cohort:
    """People who are members on the morning of a day, with ages counted from that day."""
    return Cohort((0, day - 1), day)


@dataclass(frozen=True)
class Tally:
    """Counts of the members of some cohorts, in order of joining."""

    arms: Mapping[Cohort, np.ndarray]
    """The arm of each member."""
    counts: Mapping[tuple[Cohort, int], np.ndarray]
    """Counters in the order of COUNTERS, int64 (members, counters), by the morning of an age; 0 for
    members who had not joined yet."""

    def between(self, cohort: Cohort, outcome: str, days: Days) -> np.ndarray:
        """How often each member did something on days of their age, including both ends."""
        before, after = self.counts[cohort, days[0]], self.counts[cohort, days[1] + 1]
        return (after - before)[:, COUNTERS.index(outcome)]


def live_and_count(world: Any, days: int, wanted: Mapping[Cohort, Iterable[Days]]) -> Tally:
    """Simulate a new world for some days and count what cohorts do on days of their age."""
    ages = {
        (cohort, age): []
        for cohort, windows in wanted.items()
        for first, last in windows
        for age in (first, last + 1)
    }
    rows = []  # number of members on the morning of each day
    there = {}  # whether a member is there on the morning from which ages count
    daily = np.zeros((world.people.size, len(DAILY)), np.int32)
    for day in range(days + 1):
        rows.append(int(world.now["rows"][0]))
        for cohort in wanted:
            if cohort.since == day:
                there[cohort] = world.m.status[_rows(cohort, 0, day, rows)] != LEFT
        for (cohort, age), parts in ages.items():
            here = _rows(cohort, age, day, rows)
            if here is not None:
                parts.append(_counters(world, daily, here))
        if day < days:
            expected = world.m.own["expectation"][: rows[-1]].copy()
            live(world, day, day + 1, threads=1)
            _add(world, daily, expected)
    arms, counts, kept = {}, {}, {}
    for cohort in wanted:
        first, last = (rows[day] for day in (cohort.joined[0], cohort.joined[1] + 1))
        kept[cohort] = np.ones(last - first, bool)
        if cohort in there:
            kept[cohort][: len(there[cohort])] = there[cohort]
        arms[cohort] = world.m.own["arm"][first:last][kept[cohort]].astype(np.int64)
    for (cohort, age), parts in ages.items():
        table = np.zeros((len(kept[cohort]), len(COUNTERS)), np.int64)
        if parts:  # nobody has done anything by the morning of joining
            known = np.concatenate(parts)
            table[: len(known)] = known
        counts[cohort, age] = table[kept[cohort]]
    return Tally(arms, counts)


def _rows(cohort: Cohort, age: int, day: int, rows: list[int]) -> slice | None:
    """The members who have this age on the morning of a day."""
    first, last = cohort.joined
    if cohort.since is not None:
        last = min(last, day - 1)
        return slice(rows[first], rows[last + 1]) if day == cohort.since + age else None
    joined = day - age
    return slice(rows[joined], rows[joined + 1]) if first <= joined <= min(last, day - 1) else None


def _counters(world: Any, daily: np.ndarray, here: slice) -> np.ndarray:
    own, members = world.m.own[here], world.m
    table = {name: own[name] for name in COUNTERS if name in own.dtype.names}
    table |= {name: daily[here, at] for at, name in enumerate(DAILY)}
    table |= {"orders": members.ordered[here], "left": members.status[here] == LEFT}
    return np.stack([table[name] for name in COUNTERS], axis=1)


def _add(world: Any, daily: np.ndarray, expected: np.ndarray) -> None:
    """Add what members did today. `expected` is what each member expected from a visit this
    morning; members who joined today have the expectation of newcomers."""
    now, p = world.now[0], world.p[0]
    visits = world.visits[: now["visitors"]]
    row = visits["row"]
    daily[row, DAILY.index("reads")] += visits["members"]
    before = np.full(now["rows"], p["first_expectation"])
    before[: len(expected)] = expected
    before, after = before[row], world.m.own["expectation"][row]
    # Expectation moves a part of the way to `comparison` x the value received (`kernel.learn`).
    received = (before + (after - before) / p["adaptation"]) / p["comparison"]
    daily[row, DAILY.index("satisfied")] += received >= before
    muted = world.switched[: now["switched"]][world.was_muted[: now["switched"]] == 1]
    np.add.at(daily[:, DAILY.index("mutes")], muted, 1)
