"""What the members of a community have done by given days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from comsim.evidence import stepping
from comsim.model.rng import Purpose, uniforms
from comsim.run.simulation import live
from comsim.scenario import Scenario


def mornings(scenario: Scenario, seed: int, days: Iterable[int]) -> Iterator[Any]:
    """The arrays of a world on the morning of each of these days, in ascending order. Copy what you
    keep, because the arrays continue to change."""
    here, today = stepping.start(scenario, seed), 0
    for day in days:
        live(here, today, day, threads=1)
        today = day
        yield here


def counted(here: Any, name: str) -> np.ndarray:
    """A copy of a field of all members so far, by row."""
    rows = int(here.now["rows"][0])
    field = here.m.own[name] if name in here.m.own.dtype.names else getattr(here.m, name)
    return field[:rows].copy()


def total(scenario: Scenario, seed: int, column: str, first: int) -> float:
    """The sum of a daily count from a given day."""
    (here,) = mornings(scenario, seed, [scenario.days])
    return float(here.daily[column][first:].sum())


def lots(seed: int, people: np.ndarray) -> np.ndarray:
    """Each person's `stepping.lot`."""
    return uniforms(seed, Purpose.WORLD, 0, people, stepping.LOT_KEY)
