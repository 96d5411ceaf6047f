"""Notes on dates outside the run: stretches that are cut, and items that never take effect.

Single days outside the run (steps, `on`, shocks, goals) are errors, and so are stretches that lie
entirely outside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from comsim.language.phrases import Words
from comsim.model.catalogue import LEVERS
from comsim.scenario.checks import key_name
from comsim.scenario.policy import Layer, Stretch
from comsim.scenario.scenario import Condition, Holiday, Scenario

TURNS = ("falls", "rises")  # tests that compare this many windows with the one before


def outside_notes(scenario: Scenario) -> list[str]:
    """Notes on what lies partly outside the run, one sentence each."""
    notes = [
        f"{key}: {lost:,} of its {days:,} days ({part.from_} to {part.to}) lie outside "
        f"{scenario.days_in_words}"
        for key, part in _stretches(scenario)
        for lost, days in [_lost(scenario, part)]
        if lost
    ]
    of_year = {
        f"{scenario.start + timedelta(days=day):%m-%d}" for day in range(min(scenario.days, 1500))
    }
    for key, layer in _layers(scenario):
        for place, part in enumerate(layer.yearly):
            over = part.from_ > part.to  # New Year
            held = (
                (day >= part.from_ or day <= part.to) if over else part.from_ <= day <= part.to
                for day in of_year
            )  # fmt: skip
            if not any(held):
                notes.append(
                    f"{key}.yearly[{place}]: {part.from_} to {part.to} does not occur in "
                    f"{scenario.days_in_words}"
                )
    for key, condition in _conditions(scenario):
        times = 1 + (getattr(condition, condition.test) if condition.test in TURNS else 0)
        if (needed := int(condition.window * times)) >= scenario.days:
            notes.append(
                f"{key}: never holds, since it looks back over {needed:,} days and the run has "
                f"{scenario.days:,} days"
            )
    for place, goal in enumerate(scenario.goals):
        if (day := scenario.day_number(goal.day)) + 1 < goal.window:
            due = Words("en", scenario.dates).when(day)
            notes.append(
                f"goals[{place}].window: {goal.window:,} days up to {due}, but the run has "
                f"only {day + 1:,} days by then"
            )
    return notes


def _layers(scenario: Scenario) -> Iterator[tuple[str, Layer]]:
    """Every layer of every lever that the scenario sets, with its key."""
    for name in LEVERS:
        if name in scenario.policy.model_fields_set:
            schedule = getattr(scenario.policy, name)
            yield f"policy.{name}", schedule
            for group, layer in schedule.groups.items():
                yield f"policy.{name}.groups.{key_name(group)}", layer


def _stretches(scenario: Scenario) -> Iterator[tuple[str, Stretch | Holiday]]:
    """Everything with a first and a last day, with its key."""
    for place, holiday in enumerate(scenario.calendar.holidays):
        yield f"calendar.holidays[{place}]", holiday
    for key, layer in _layers(scenario):
        for name in ("ramps", "during"):
            for place, part in enumerate(getattr(layer, name)):
                yield f"{key}.{name}[{place}]", part


def _conditions(scenario: Scenario) -> Iterator[tuple[str, Condition]]:
    for place, rule in enumerate(scenario.rules):
        for name, conditions in (("when", rule.when), ("while", rule.while_)):
            for at, condition in enumerate(conditions):
                yield f"rules[{place}].{name}[{at}]", condition


def _lost(scenario: Scenario, part: Stretch | Holiday) -> tuple[int, int]:
    """The number of days of a stretch outside the run, and its total number of days."""
    first, last = scenario.day_number(part.from_), scenario.day_number(part.to)
    inside = min(last, scenario.days - 1) - max(first, 0) + 1
    return last - first + 1 - inside, last - first + 1
