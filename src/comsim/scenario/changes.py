"""When a policy changes by schedule, for the figure and the report of a run."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import numpy as np

from comsim.language.phrases import Words
from comsim.model.catalogue import LEVERS
from comsim.model.declare import Lever
from comsim.scenario.checks import plain
from comsim.scenario.groups import widest_first
from comsim.scenario.scenario import Scenario
from comsim.scenario.schedule import default, lay

CAMPAIGN = 31  # days within which a value that returns to what it was counts as one change


class ValueChange(NamedTuple):
    """One change of a lever's values: on `day`, from one value to another."""

    day: int
    old: float
    new: float
    last: int
    """The last day of a ramp; otherwise `day`."""
    lasts: int
    """Days until the value returns to what it was; 0 if it stays."""

    def in_words(self, words: Words) -> str:
        """The change in English; `words` determine how days are shown."""
        text = f"{plain(self.old)} -> {plain(self.new)}"
        if self.last > self.day:
            return f"{text} by {words.when(self.last)}"
        if self.lasts:
            return text + (f" for {self.lasts} days" if self.lasts > 1 else " for a day")
        return text


class ScheduledMove(NamedTuple):
    """A scheduled change of a lever for a group ("" for all)."""

    lever: str
    group: str
    change: ValueChange

    def in_words(self, words: Words) -> str:
        """The change of the lever in English."""
        group = f" ({self.group})" if self.group else ""
        return f"{self.lever} {self.change.in_words(words)}{group}"


def policy_moves(scenario: Scenario) -> list[ScheduledMove]:
    """Each change of a scheduled lever except by weekday, in order of days."""
    moves: list[ScheduledMove] = []
    for lever in LEVERS.values():
        if lever.name == "intake" and scenario.intake is not None:
            continue
        schedule = getattr(scenario.policy, lever.name)
        key = f"policy.{lever.name}"
        one = default(scenario, lever, 1)
        whole = lay(scenario, lever, schedule, one, key, weekday=False)
        general = changes_of(lever, whole[:, 0])
        moves += [ScheduledMove(lever.name, "", change) for change in general]
        for group in widest_first(scenario, schedule.groups):
            level = lay(scenario, lever, schedule.groups[group], whole, key, weekday=False)
            own = [x for x in changes_of(lever, level[:, 0]) if x not in general]
            moves += [ScheduledMove(lever.name, group, change) for change in own]
    return sorted(moves, key=lambda move: move.change.day)


def policy_changes(scenario: Scenario) -> list[tuple[int, str]]:
    """(day, words) for each day on which scheduled levers change, in order of days."""
    moves = groupby(policy_moves(scenario), key=lambda move: move.change.day)
    words = Words("en", scenario.dates)
    return [(day, "; ".join(move.in_words(words) for move in together)) for day, together in moves]


def changes_of(lever: Lever, level: np.ndarray) -> list[ValueChange]:
    """Changes of one lever's values over days: steps, whole ramps, and campaigns."""
    level = np.round(level, 9)
    if lever.once:
        level[0] = 0.0  # what happens on day 0 is the beginning, not a change
    days = np.flatnonzero(np.diff(level)) + 1
    changes: list[ValueChange] = []
    at = 0
    while at < len(days):
        first = last = days[at]
        old = level[first - 1]
        rising = level[first] > old
        # A ramp is a run of days on which the value moves the same way.
        while at + 1 < len(days) and days[at + 1] == last + 1:
            if (level[last + 1] > level[last]) != rising:
                break
            at += 1
            last = days[at]
        at += 1
        lasts = 0
        if (
            last == first
            and at < len(days)
            and level[days[at]] == old
            and days[at] - first <= CAMPAIGN
        ):
            lasts = int(days[at] - first)
            at += 1
        changes.append(ValueChange(int(first), float(old), float(level[last]), int(last), lasts))
    return changes
