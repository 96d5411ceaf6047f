"""Schedules of levers, and the calendar of visits and walk-ins, as arrays over days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from comsim.model.catalogue import LEVERS
from comsim.model.declare import Lever
from comsim.scenario.checks import key_name, plain, range_of
from comsim.scenario.groups import cells_of, widest_first
from comsim.scenario.policy import Layer
from comsim.scenario.scenario import Scenario


def weekdays(scenario: Scenario) -> np.ndarray:
    """Weekday of each day, 0 for Monday (int64, days)."""
    return (scenario.start.weekday() + np.arange(scenario.days)) % 7


def _outside(scenario: Scenario, key: str, found: str) -> Exception:
    return scenario.error(key, found, scenario.days_in_words)


def day_of(scenario: Scenario, moment: int | date, key: str) -> int:
    """The day of a moment; InputError for the key if it lies outside the run."""
    day = scenario.day_number(moment)
    if not 0 <= day < scenario.days:
        raise _outside(scenario, key, str(moment))
    return day


def _stretch(scenario: Scenario, part, key: str) -> tuple[int, int]:
    """First and last day, in the right order and not entirely outside the run."""
    first = scenario.day_number(part.from_)
    last = scenario.day_number(part.to)
    if first > last:
        found = f"from {part.from_} to {part.to}"
        raise scenario.error(key, found, "a first day that is not after the last")
    if last < 0 or first >= scenario.days:
        raise _outside(scenario, key, f"{part.from_} to {part.to}")
    return first, last


def _apart(scenario: Scenario, spans: Iterable[tuple[int, int, str]], key: str) -> None:
    """Refuse two of the spans (first, last, words) that have a day in common."""
    spans = sorted(spans)
    for (_, last, one), (first, _, other) in pairwise(spans):
        if first <= last:
            raise scenario.error(key, f"{one} overlaps {other}", "each day at most once")


def _stretches(scenario: Scenario, parts: tuple, key: str) -> list[slice]:
    """The days of each part; no day may be in two of them."""
    spans = [_stretch(scenario, part, f"{key}[{n}]") for n, part in enumerate(parts)]
    names = [f"{part.from_} to {part.to}" for part in parts]
    _apart(scenario, ((*s, name) for s, name in zip(spans, names, strict=True)), key)
    return [slice(max(first, 0), last + 1) for first, last in spans]


def rhythm(scenario: Scenario) -> np.ndarray:
    """The factor of visits: weekday x holidays (float64, days)."""
    factor = np.array(scenario.calendar.weekday)[weekdays(scenario)]
    holidays = scenario.calendar.holidays
    for part, days in zip(
        holidays, _stretches(scenario, holidays, "calendar.holidays"), strict=True
    ):
        factor[days] *= part.factor
    return factor


def season(scenario: Scenario) -> np.ndarray:
    """The factor of walk-ins, by month (float64, days)."""
    dates = np.datetime64(scenario.start, "D") + np.arange(scenario.days)
    return np.array(scenario.calendar.months)[dates.astype("datetime64[M]").astype(np.int64) % 12]


def _yearly(scenario: Scenario, parts: tuple, key: str) -> list[np.ndarray]:
    """The days that each part covers; a part may include New Year."""
    if not parts:
        return []
    dates = [scenario.start + timedelta(days=day) for day in range(scenario.days)]
    of_year = np.array([f"{d:%m-%d}" for d in dates])
    # Overlaps are looked for in a whole leap year, since the run may not include every day.
    leap = np.array([f"{date(2024, 1, 1) + timedelta(days=day):%m-%d}" for day in range(366)])

    def covered(part, of_year: np.ndarray) -> np.ndarray:
        late, early = of_year >= part.from_, of_year <= part.to
        return late & early if part.from_ <= part.to else late | early

    count = sum((covered(part, leap).astype(int) for part in parts), np.zeros(366, int))
    if (count > 1).any():
        raise scenario.error(key, f"{leap[count.argmax()]} twice", "each day at most once")
    return [covered(part, of_year) for part in parts]


def _levels(scenario: Scenario, layer: Layer, level: np.ndarray, key: str) -> None:
    """Steps and ramps, in order of their days. A step is a ramp of one day."""
    changes = []
    for n, step in enumerate(layer.steps):
        day = day_of(scenario, step.day, f"{key}.steps[{n}].day")
        changes.append((day, day, f"the step of {step.day}", step.value))
    for n, ramp in enumerate(layer.ramps):
        first, last = _stretch(scenario, ramp, f"{key}.ramps[{n}]")
        if not 0 <= first < last:
            found = f"{ramp.from_} to {ramp.to}"
            raise scenario.error(f"{key}.ramps[{n}]", found, "at least two days, from day 0")
        # On its first day a ramp still has the old value, so a step may be there.
        changes.append((first + 1, last, f"the ramp to {ramp.to}", ramp.value))
    _apart(scenario, (change[:3] for change in changes), key)
    for first, last, _, value in sorted(changes):
        before = level[first - 1]
        between = level[first:last]
        way = np.arange(1, len(between) + 1)[:, None] / (last - first + 1)
        between[:] = before + way * (value - before)
        level[last:] = value


def lay(
    scenario: Scenario,
    lever: Lever,
    layer: Layer,
    below: np.ndarray,
    key: str,
    weekday: bool = True,
) -> np.ndarray:
    """One layer applied to the values below it (float64, days x cells).

    If `weekday` is False, weekday multipliers are left out: the figure of a policy shows its
    changes, not its weeks.
    """
    level = below.copy()
    if layer.base is not None:
        level[:] = 0.0 if lever.once else layer.base
        level[0] = layer.base
    _levels(scenario, layer, level, key)
    if layer.weekday and weekday:
        level *= np.array(layer.weekday)[weekdays(scenario), None]
    for part, days in zip(
        layer.yearly, _yearly(scenario, layer.yearly, f"{key}.yearly"), strict=True
    ):
        level[days] = part.value
    for part, days in zip(
        layer.during, _stretches(scenario, layer.during, f"{key}.during"), strict=True
    ):
        level[days] = part.value
    single = []
    for n, part in enumerate(layer.on):
        day = day_of(scenario, part.day, f"{key}.on[{n}].day")
        single.append((day, day, str(part.day)))
        level[day] = part.value
    _apart(scenario, single, f"{key}.on")
    return level


def default(scenario: Scenario, lever: Lever, cells: int) -> np.ndarray:
    """A lever at its default (float64, days x cells)."""
    return untouched([lever], scenario.days, cells)[:, :, 0]


def untouched(levers: Collection[Lever], days: int, cells: int) -> np.ndarray:
    """Levers at their defaults (float64, days x cells x levers)."""
    table = np.empty((days, cells, len(levers)))
    table[:] = [0.0 if lever.once else lever.default for lever in levers]
    table[0] = [lever.default for lever in levers]
    return table


def lever_table(scenario: Scenario) -> np.ndarray:
    """Every lever of every cell and day (float64, days x cells x levers, C-contiguous)."""
    table = untouched(LEVERS.values(), scenario.days, len(cells_of(scenario, "all")))
    for number, lever in enumerate(LEVERS.values()):
        if lever.name not in scenario.policy.model_fields_set:
            continue
        key = f"policy.{lever.name}"
        schedule = getattr(scenario.policy, lever.name)
        level = lay(scenario, lever, schedule, table[:, :, number], key)
        for group in widest_first(scenario, schedule.groups):
            at = cells_of(scenario, group)
            layer = schedule.groups[group]
            level[:, at] = lay(
                scenario, lever, layer, level[:, at], f"{key}.groups.{key_name(group)}"
            )
        # Values were checked when read, but multipliers may exceed the range.
        out = ~((level >= lever.low) & (level <= lever.high))
        if out.any():
            day, cell = np.argwhere(out)[0]
            found = f"{plain(level[day, cell])} on day {day}"
            raise scenario.error(key, found, f"{range_of(lever.low, lever.high)} ({lever.unit})")
        table[:, :, number] = level
    return table
