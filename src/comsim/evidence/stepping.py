"""Interventions in a world, between days or between the two halves of a day.

They allow experiments for which no lever exists, such as replies to a random half of first posts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from comsim.model.kernel.day import FROM_LEARNING_ON, UNTIL_READ, run_days
from comsim.model.rng import Purpose, uniform_from, words
from comsim.run.simulation import first_morning
from comsim.scenario import Scenario, parameter_values, plan

LOT_KEY = 2  # of Purpose.WORLD; 0 and 1 draw parameters and random seeds
NEVER = np.int64(2**62)  # number of members from which threads are used


def start(scenario: Scenario, seed: int) -> Any:
    """The arrays of a world on the morning of its first day."""
    return first_morning(scenario, plan(scenario), parameter_values(scenario, seed), seed)


def day(world: Any, number: int, before_learning: Callable[[Any], None]) -> None:
    """Simulate one day, with an intervention after members have read and replied and before they
    learn."""
    run_days(world, number, number + 1, NEVER, UNTIL_READ)
    before_learning(world)
    run_days(world, number, number + 1, NEVER, FROM_LEARNING_ON)


def lot(seed: int, person: int) -> float:
    """A person's random number in an experiment, in (0, 1); it is the same in every run of a
    world."""
    return uniform_from(words(seed, Purpose.WORLD, 0, int(person), LOT_KEY)[0])
