"""A scenario, compiled: everything that a run needs to know, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comsim.common.copies import read_only
from comsim.model.catalogue import LEVERS, TRAITS
from comsim.model.kernel.mechanisms.owner import OWNER
from comsim.scenario.outside import outside_notes
from comsim.scenario.people import Part
from comsim.scenario.rules import rule_tables
from comsim.scenario.scenario import Scenario
from comsim.scenario.schedule import lever_table, rhythm, season
from comsim.scenario.series import joiners
from comsim.scenario.shocks import shock_table


@dataclass(frozen=True)
class Plan:
    """A compiled scenario. Its arrays are read-only; a world has copies of them."""

    lever_table: np.ndarray
    """float64 (days, cells, levers), C-contiguous, levers as in the catalogue."""
    rules: np.ndarray
    conditions: np.ndarray
    actions: np.ndarray
    """Structured arrays of `comsim.model.kernel.decide`: RULE, CONDITION, ACTION."""
    owner: np.ndarray
    """One record of `comsim.model.kernel.mechanisms.owner`: OWNER."""
    shocks: np.ndarray
    """Structured array of `comsim.model.kernel.mechanisms.shocks`: SHOCK."""
    rhythm: np.ndarray
    """float64 (days): weekday x holidays."""
    season: np.ndarray
    """float64 (days): the factor of walk-ins."""
    trait_value: np.ndarray
    trait_spread: np.ndarray
    """float64 (segments, traits)."""
    segment_bound: np.ndarray
    arm_bound: np.ndarray
    """float64: cumulative shares; the last is 1."""
    segment_names: tuple[str, ...]
    arm_names: tuple[str, ...]
    rule_names: tuple[str, ...]
    notes: tuple[str, ...]
    """What the user should know about how the input was interpreted."""

    def __post_init__(self) -> None:
        read_only(*(part for part in vars(self).values() if isinstance(part, np.ndarray)))


def plan(scenario: Scenario) -> Plan:
    """Compile a scenario; InputError if its schedules or CSV files are invalid."""
    table = lever_table(scenario)
    notes = outside_notes(scenario)
    if scenario.intake is not None:
        people, about_file = joiners(scenario)
        notes += about_file
        table[:, :, list(LEVERS).index("intake")] = people[:, None]
    rules, conditions, actions = rule_tables(scenario)
    traits = [
        [_filled(getattr(segment, name), trait) for name, trait in TRAITS.items()]
        for segment in scenario.segments
    ]
    value, spread = np.moveaxis(np.array(traits, np.float64), -1, 0)
    return Plan(
        lever_table=table,
        rules=rules,
        conditions=conditions,
        actions=actions,
        owner=owner_record(scenario),
        shocks=shock_table(scenario),
        rhythm=rhythm(scenario),
        season=season(scenario),
        trait_value=np.ascontiguousarray(value),
        trait_spread=np.ascontiguousarray(spread),
        segment_bound=_bounds(scenario.segments),
        arm_bound=_bounds(scenario.arms),
        segment_names=tuple(s.name for s in scenario.segments),
        arm_names=tuple(a.name for a in scenario.arms),
        rule_names=tuple(r.name for r in scenario.rules),
        notes=tuple(notes),
    )


def owner_record(scenario: Scenario) -> np.ndarray:
    """When the owner stops, as an array of one record (OWNER); -1 for conditions not set."""
    owner, record = scenario.owner, np.full(1, -1, OWNER)
    if owner.stop:
        if owner.budget is not None:
            record["budget"] = round(100 * owner.budget)
        if owner.patience is not None:
            record["patience"] = owner.patience
        if owner.until is not None:
            record["until"] = scenario.day_number(owner.until)
    record["grace"] = owner.grace
    record["since"] = 0 if owner.since is None else scenario.day_number(owner.since)
    return record


def _filled(given, trait) -> tuple[float, float]:
    """Value and spread, with defaults from the catalogue."""
    value = trait.value if given.value is None else given.value
    spread = trait.spread if given.spread is None else given.spread
    return value, spread


def _bounds(parts: tuple[Part, ...]) -> np.ndarray:
    bounds = np.cumsum([part.share for part in parts])
    bounds[-1] = 1.0  # exactly, or a rounding error could leave people without a segment
    return bounds
