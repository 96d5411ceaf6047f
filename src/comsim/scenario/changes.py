"""When a policy changes by schedule, in words, for the picture of a run."""

from __future__ import annotations

import numpy as np

from comsim.catalogue import LEVERS
from comsim.declare import Lever
from comsim.scenario.checks import plain
from comsim.scenario.form import Scenario
from comsim.scenario.groups import widest_first
from comsim.scenario.schedule import default, lay

CAMPAIGN = 31  # a value that goes back to what it was within so many days is one change

Change = tuple[int, str]


def policy_changes(scenario: Scenario) -> list[Change]:
    """(day, words) for each change of a scheduled lever, weekdays left out, in order of days."""
    found: dict[int, list[str]] = {}
    for lever in LEVERS.values():
        if lever.name == "intake" and scenario.intake is not None:
            continue
        schedule = getattr(scenario.policy, lever.name)
        key = f"policy.{lever.name}"
        one = default(scenario, lever, 1)
        whole = lay(scenario, lever, schedule, one, key, weekday=False)
        general = changes_of(lever, whole[:, 0])
        for day, words in general:
            found.setdefault(day, []).append(f"{lever.name} {words}")
        for group in widest_first(scenario, schedule.groups):
            level = lay(scenario, lever, schedule.groups[group], whole, key, weekday=False)
            for change in changes_of(lever, level[:, 0]):
                if change not in general:
                    day, words = change
                    found.setdefault(day, []).append(f"{lever.name} {words} ({group})")
    return [(day, "; ".join(words)) for day, words in sorted(found.items())]


def changes_of(lever: Lever, level: np.ndarray) -> list[Change]:
    """Changes of one lever's values over days: steps, whole ramps, and campaigns."""
    level = np.round(level, 9)
    if lever.once:
        level[0] = 0.0  # what happens on day 0 is the beginning, not a change
    days = np.flatnonzero(np.diff(level)) + 1
    changes: list[Change] = []
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
        new = level[last]
        words = f"{plain(old)} -> {plain(new)}"
        if last > first:
            words += f" by day {last}"
        elif at < len(days) and level[days[at]] == old and days[at] - first <= CAMPAIGN:
            words += f" for {days[at] - first} days" if days[at] - first > 1 else " for a day"
            at += 1
        changes.append((int(first), words))
    return changes
