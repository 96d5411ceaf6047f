"""The parameters of a world: defaults, what the scenario says, and draws of what it leaves open."""

from __future__ import annotations

from math import floor
from zlib import crc32

from comsim.catalogue import PARAMETERS
from comsim.rng import Purpose, uniform_from, words
from comsim.scenario.form import Scenario


def parameter_values(scenario: Scenario, seed: int) -> dict[str, float]:
    """A value for every parameter, in the order of the catalogue.

    An uncertain one is drawn evenly from its range, keyed by the seed and its own name: adding
    another parameter changes no draw. Whole ones are ints, drawn from low to high, both included.
    """
    values: dict[str, float] = {}
    for name, parameter in PARAMETERS.items():
        given = getattr(scenario.parameters, name)
        u = uniform_from(words(seed, Purpose.WORLD, 0, crc32(name.encode()))[0])
        if parameter.whole:
            values[name] = int(given.low) + floor(u * (given.high - given.low + 1))
        else:
            values[name] = given.low + u * (given.high - given.low)
    return values
