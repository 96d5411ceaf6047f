"""A scenario's policy with a lever changed for some days, written as an ordinary scenario.

A lever that holds until it is changed has the given value on these days, whatever the scenario had
scheduled for them, also for its groups; before and after, the scenario's schedule holds. An act
(an event, a release) takes place besides the scenario's acts, and replaces one of the same day.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario
from comsim.scenario.policy import Layer, Schedule
from comsim.scenario.programme import Use, UseLayer

Span = tuple[int, int]
"""First and last day."""


def overlaid(scenario: Scenario, lever: str, use: Use, span: Span) -> Scenario:
    """The scenario with a lever used from the first to the last day of the span."""
    data, schedule = scenario.to_dict(), getattr(scenario.policy, lever)
    changed = _layer(scenario, lever, schedule, use, span)
    for group in scenario.groups:
        if group in use.groups or group in schedule.groups:
            below = schedule.groups.get(group, Layer())
            mine = _layer(scenario, lever, below, use.groups.get(group, use), span)
            changed.setdefault("groups", {})[group] = mine
    policy = data.get("policy", {}) | {lever: changed}
    return scenario.again(data | {"policy": policy})


def _layer(
    scenario: Scenario, lever: str, layer: Layer | Schedule, use: UseLayer, span: Span
) -> dict[str, Any]:
    """A layer of a schedule, changed, as a table of a file; without groups."""
    data = layer.model_dump(by_alias=True, exclude_unset=True, exclude={"groups"})
    acts = LEVERS[lever].once
    values = {} if acts else _values(scenario, use, span)
    during = [
        {"from": first, "to": last, "value": part.value}
        for part in layer.during
        for first, last in _left(_days(scenario, part), values)
    ]
    during += [{"from": a, "to": b, "value": value} for (a, b), value in values.items()]
    on = {scenario.day_number(part.day): part.value for part in layer.on}
    on = {day: x for day, x in on.items() if not any(a <= day <= b for a, b in values)}
    if acts and use.base is not None:
        first, last = span
        on |= dict.fromkeys(range(first, last + 1, use.every or last + 1), use.base)
    on |= {scenario.day_number(part.day): part.value for part in use.on}
    changes = {
        "during": sorted(during, key=lambda part: part["from"]),
        "on": [{"day": day, "value": value} for day, value in sorted(on.items())],
    }
    return data | {key: parts for key, parts in changes.items() if parts or key in data}


def _values(scenario: Scenario, use: UseLayer, span: Span) -> dict[Span, float]:
    """The value of each stretch of days, from the first to the last of the span."""
    first, last = span
    levels = {} if use.base is None else {first: use.base}
    levels |= dict(sorted((scenario.day_number(step.day), step.value) for step in use.steps))
    ends = [*levels, last + 1]
    return {
        (day, after - 1): value
        for (day, after), value in zip(pairwise(ends), levels.values(), strict=True)
    }


def _left(days: Span, taken: dict[Span, float]) -> Iterator[Span]:
    """What is left of some days without those that are taken, which are in order."""
    first, last = days
    for a, b in taken:
        if first <= min(last, a - 1):
            yield first, min(last, a - 1)
        first = max(first, b + 1)
    if first <= last:
        yield first, last


def _days(scenario: Scenario, part: Any) -> Span:
    """First and last day of a part of a schedule, none before day 0."""
    return max(scenario.day_number(part.from_), 0), scenario.day_number(part.to)
