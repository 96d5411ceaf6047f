"""Simulated pasts: what a community looks like at some ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from comsim.model.periods import FOUR_WEEKS
from comsim.run.simulation import first_morning
from comsim.run.today import begun, live_on
from comsim.scenario import Plan, Scenario
from comsim.scenario.worlds import Uncertain, World, drawn, parameters_in, traits_in

SEEN = ("members", "weekly", "posts")
"""Members on an evening; members who visited in the last 7 days, mean over the last 7 evenings; and
members' posts a day, mean over the last 28 days."""
WEEK = 7


def past_of(
    scenario: Scenario,
    plan: Plan,
    numbers: dict[str, Uncertain],
    world: World,
    seed: int,
    ages: Sequence[int],
) -> np.ndarray:
    """What is seen of a world's community at the end of some days of its life: float64 (ages,
    SEEN), with ages in days, at least 1, in ascending order."""
    today = world.born + ages[-1]
    daily = days_of(scenario, plan, numbers, world, seed, today, today)
    return np.array([seen(daily[:age]) for age in ages])


def days_of(
    scenario: Scenario,
    plan: Plan,
    numbers: dict[str, Uncertain],
    world: World,
    seed: int,
    day: int,
    books: int,
) -> np.ndarray:
    """The daily records of a world's community from its first day up to a day, without that day.
    The owner can't stop before `books`."""
    values = drawn(numbers, seed, world.draw, world.row)
    here = replace(begun(plan, world.born), trait_value=traits_in(scenario, values))
    arrays = first_morning(
        scenario, here, parameters_in(scenario, values), world.seed, market=world.market
    )
    live_on(arrays, world.born, day, books)
    return arrays.daily[world.born : day]


def seen(daily: np.ndarray) -> tuple[float, float, float]:
    """What is seen of a community after some days, as in SEEN."""
    return (
        float(daily["members"][-1]),
        float(daily["wau"][-WEEK:].mean()),
        float(daily["posts"][-FOUR_WEEKS:].mean()),
    )
