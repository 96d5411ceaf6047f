"""The pace of a community and its inequality, applied to the parameters and traits of a run.

Each parameter or trait declares whether it is a rate per day or a duration in days
(`comsim.model.declare`); the parameter `clock` changes both. No value leaves its range, so a share
per day remains a share.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.declare import Parameter, Trait


def paced(values: dict[str, float]) -> dict[str, float]:
    """The parameters of a run as the model takes them."""
    return {name: at_pace(PARAMETERS[name], x, values["clock"]) for name, x in values.items()}


def paced_traits(values: NDArray[np.float64], clock: float) -> NDArray[np.float64]:
    """Values of traits, float64 (segments, traits), as the model takes them."""
    traits = list(TRAITS.values())
    return np.array([[at_pace(*one, clock) for one in zip(traits, row, strict=True)]
                     for row in values])  # fmt: skip


def unequal(spreads: NDArray[np.float64], inequality: float) -> NDArray[np.float64]:
    """Spreads of traits, float64 (segments, traits), as the model takes them."""
    times = np.array([inequality if name == "contribution" else 1.0 for name in TRAITS])
    return spreads * times


def at_pace(number: Parameter | Trait, value: float, clock: float) -> float:
    """A rate times the clock, or a duration divided by it, within its range; others unchanged."""
    if number.clock == 0:
        return value
    moved = value * clock if number.clock > 0 else value / clock
    return min(max(moved, number.low), number.high)
