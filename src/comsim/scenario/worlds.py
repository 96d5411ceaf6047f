"""Worlds: what nobody knows about a community, and draws of it.

A world is a seed (luck) and a value for every uncertain number. One run (`parameter_values`)
takes defaults for what its scenario leaves out; a comparison draws those too. What is drawn is
keyed by a seed, the number of the draw and the name of what is drawn: another parameter, or
another policy, changes no draw.

How far a default may be off is a factor f (`comsim.model.declare.doubt`, an assumption as the
default is). The logarithm of value, or of the odds value/(1 - value) for what lies between 0 and
1, has a triangular distribution from -log f to +log f around the default, most probable in the
middle. Numbers are drawn apart from one another: what is known only of several together (the facts
that fitted values were fitted to) is not kept, so that worlds are more different than they should
be.
"""

from __future__ import annotations

from math import exp, floor, log, sqrt
from typing import Literal, NamedTuple
from zlib import crc32

import numpy as np

from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.declare import Parameter, Trait, doubt
from comsim.model.rng import Purpose, uniforms, words
from comsim.scenario.scenario import Scenario

LUCKS = 2  # worlds that share a draw of the parameters: the least that tells the two apart
# Draws, or worlds without any, from which on 95 % intervals by Student's t are less than a sixth
# wider than with any number of them. An assumption.
FEW_WITNESSES = 10

# A run's own draw is number 0; those of comparisons follow.
FIRST_DRAW = 1
PARAMETER_KEY, LUCK_KEY = 0, 1


class Uncertain(NamedTuple):
    """A number that nobody knows: where it lies, and how it is distributed there."""

    low: float
    value: float
    """The default; the middle, where a scenario gives a range."""
    high: float
    shape: Literal["log", "odds", "even"]
    """Triangular in the logarithm, triangular in the log odds, or uniform."""
    factor: float = 1.0
    whole: bool = False

    def at(self, u: float) -> float:
        """The value below which it lies with probability u, in (0, 1)."""
        if self.shape == "even":
            if self.whole:
                return int(self.low) + floor(u * (self.high - self.low + 1))
            return self.low + u * (self.high - self.low)
        triangle = sqrt(2 * u) - 1 if u < 0.5 else 1 - sqrt(2 * (1 - u))
        value = moved(self.value, exp(triangle * log(self.factor)), self.shape)
        value = min(max(value, self.low), self.high)
        return round(value) if self.whole else value


def moved(value: float, factor: float, shape: str) -> float:
    """The value times a factor, or with its odds times that factor."""
    return value * factor / (1 - value + value * factor) if shape == "odds" else value * factor


def around_default(number: Parameter | Trait) -> Uncertain:
    """What is not known about a default; where low and high are the same, it is known."""
    share = number.low >= 0 and number.high <= 1
    shape, factor = "odds" if share else "log", doubt(number)
    low, high = (
        min(max(moved(number.value, f, shape), number.low), number.high)
        for f in (1 / factor, factor)
    )
    whole = getattr(number, "whole", False)
    if whole:
        low, high = round(low), round(high)
    return Uncertain(low, number.value, high, shape, factor, whole)


# What holds for a number of which a scenario says nothing: in a run, and in a comparison.
DEFAULTS = {name: (int if x.whole else float)(x.value) for name, x in PARAMETERS.items()}
DOUBTS = {name: around_default(number) for name, number in (PARAMETERS | TRAITS).items()}


def given_ranges(scenario: Scenario) -> dict[str, Uncertain]:
    """What the scenario says of parameters: a range, or a number (low and high the same)."""
    said, found = scenario.parameters, {}
    for name in said.model_fields_set:
        given, whole = getattr(said, name), PARAMETERS[name].whole
        middle = (given.low + given.high) / 2
        middle = int(middle) if whole else middle
        found[name] = Uncertain(given.low, middle, given.high, "even", 1.0, whole)
    return found


def uncertain(scenario: Scenario) -> dict[str, Uncertain]:
    """The numbers that nobody knows, parameters and then traits, by name.

    A plain number in the file is known; a range there is taken instead of the default one. A
    trait is uncertain where at least one segment leaves its value to the default.
    """
    given = given_ranges(scenario)
    found = {name: given.get(name, DOUBTS[name]) for name in PARAMETERS}
    found |= {
        name: DOUBTS[name]
        for name in TRAITS
        if any(getattr(segment, name).value is None for segment in scenario.segments)
    }
    return unknown(found)


def unknown(numbers: dict[str, Uncertain]) -> dict[str, Uncertain]:
    """Those of some numbers that are not known."""
    return {name: number for name, number in numbers.items() if number.low < number.high}


class World(NamedTuple):
    """One of the worlds of a comparison."""

    number: int
    draw: int | None
    """Which draw of the uncertain numbers; None for defaults."""
    seed: int
    """Of its luck: the seed of its runs."""


def make_worlds(seed: int, number: int, fixed: bool = False) -> list[World]:
    """Worlds 0, 1, 2 ...: pairs that share a draw and differ in luck; with `fixed`, luck alone."""
    lucks = []
    for world in range(number):
        low, high, *_ = words(seed, Purpose.WORLD, 0, world, LUCK_KEY)
        lucks.append((high << 32 | low) >> 11)  # 53 bits: no table or JSON rounds them
    return [
        World(number, None if fixed else number // LUCKS, luck) for number, luck in enumerate(lucks)
    ]


def too_few(number: int, drawn: bool) -> str:
    """What to say of so few worlds, if they are too few to tell luck from levers; else nothing."""
    witnesses = number // LUCKS if drawn else number
    if witnesses >= FEW_WITNESSES:
        return ""
    held = "1 world" if number == 1 else f"{number} worlds"
    if drawn:
        draws = "1 draw" if witnesses == 1 else f"{witnesses} draws"
        held += f", which are {draws} of what nobody knows,"
    enough = FEW_WITNESSES * (LUCKS if drawn else 1)
    return f"{held} tell little of luck: {enough} or more, at fewer points, would tell more"


def drawn(numbers: dict[str, Uncertain], seed: int, draw: int | None) -> dict[str, float]:
    """A value for each of the uncertain numbers; with no draw, the value in the middle."""
    if draw is None:
        return middles(numbers)
    return _draw(numbers, seed, FIRST_DRAW + draw)


def middles(numbers: dict[str, Uncertain]) -> dict[str, float]:
    """The value in the middle of each number."""
    return {name: number.value for name, number in numbers.items()}


def parameter_values(scenario: Scenario, seed: int) -> dict[str, float]:
    """The parameters of a run, in the order of the catalogue: what the scenario says or leaves to
    the defaults, and a draw from each range that it gives. Whole ones are ints."""
    given = given_ranges(scenario)
    return DEFAULTS | middles(given) | _draw(unknown(given), seed, 0)


def parameters_in(scenario: Scenario, values: dict[str, float]) -> dict[str, float]:
    """The parameters of a world, in the order of the catalogue, given what was drawn."""
    ours = {name: value for name, value in values.items() if name in DEFAULTS}
    return DEFAULTS | middles(given_ranges(scenario)) | ours


def traits_in(scenario: Scenario, values: dict[str, float]) -> np.ndarray:
    """Values of traits in a world, float64 (segments, traits), given what was drawn."""

    def value(given: float | None, trait: Trait) -> float:
        return values.get(trait.name, trait.value) if given is None else given

    return np.array(
        [
            [value(getattr(segment, name).value, trait) for name, trait in TRAITS.items()]
            for segment in scenario.segments
        ],
        np.float64,
    )


def _draw(numbers: dict[str, Uncertain], seed: int, draw: int) -> dict[str, float]:
    """A value for each number, from a draw of its own: one that is keyed by its name."""
    if not numbers:
        return {}
    names = [crc32(name.encode()) for name in numbers]
    us = uniforms(seed, Purpose.WORLD, draw, names, PARAMETER_KEY).tolist()
    return {name: number.at(u) for (name, number), u in zip(numbers.items(), us, strict=True)}
