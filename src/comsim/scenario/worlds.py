"""Worlds: parameter uncertainty, and samples of the parameters.

A world is a random seed and a value for every uncertain parameter. A single run
(`parameter_values`) uses defaults for what its scenario leaves out; a comparison samples those too:
from the plausible worlds (`comsim.scenario.rows`), or each parameter independently, as described
here. Independent samples are keyed by a seed, the number of the sample and the name of the
parameter, so another parameter or another policy does not change them.

How far a default may be off is a factor f (`comsim.model.declare.doubt`, an assumption like the
default itself). The logarithm of the value, or of its odds value/(1 - value) if it lies between 0
and 1, has a triangular distribution from -log f to +log f around the default, with its mode in the
middle. What describes a lever's effect without any evidence (grade "none") is uniform in that range
instead. And a lever that nobody has measured may have no effect: in a share of the samples (NULL),
all parts of its effect that can be absent are absent. In a smaller share (REVERSED), the parts that
can be negative have the opposite sign.

What is known only of several parameters together is lost in independent samples: their communities
need not resemble any real one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from math import exp, floor, log, sqrt
from typing import Literal, NamedTuple
from zlib import crc32

import numpy as np

from comsim.model.catalogue import LEVERS, PARAMETERS, TRAITS
from comsim.model.declare import Parameter, Trait, doubt, grade_of
from comsim.model.rng import Purpose, uniforms, words
from comsim.scenario.rows import Rows
from comsim.scenario.scenario import Scenario

# Worlds of an experiment that share a parameter sample: the fewest that separate parameter
# uncertainty from stochastic variation. In a comparison, each world has a sample of its own, so
# that its ranges rest on as many samples as possible.
WORLDS_PER_SAMPLE = 2
# Share of samples in which a lever that nobody has measured has no effect. An assumption: 7 of the
# 96 published effects in comsim.evidence are null, and null results are published less often.
NULL = 0.275
# Share in which such a lever does the opposite of what is expected, where the model has a form for
# it. An assumption.
REVERSED = 0.05
# Number of samples (or of worlds, with fixed parameters) above which 95 % intervals by Student's t
# are less than a sixth wider than with an unlimited number. An assumption.
ENOUGH_SAMPLES = 10

# A run's own sample is number 0; those of comparisons follow.
FIRST_SAMPLE = 1
PARAMETER_KEY, SEED_KEY, LEVER_KEY = 0, 1, 2


class Uncertain(NamedTuple):
    """An uncertain number: its range, and its distribution."""

    low: float
    value: float
    """The default, or the middle of a range given by the scenario."""
    high: float
    shape: Literal["log", "odds", "even"]
    """In the logarithm or the log odds (triangular, or uniform if `flat`), or uniform."""
    factor: float = 1.0
    whole: bool = False
    flat: bool = False
    """Uniform in the logarithm or log odds, not triangular."""
    lever: str = ""
    """The lever that may have no effect; `absent` is then the value."""
    absent: float = 0.0
    opposite: float = 0.0
    """The lowest value if the lever may also do the opposite, below 0; otherwise 0."""

    def at(self, u: float) -> float:
        """The u-quantile, u in (0, 1)."""
        if self.shape == "even":
            if self.whole:
                return int(self.low) + floor(u * (self.high - self.low + 1))
            return self.low + u * (self.high - self.low)
        side = 2 * u - 1  # of the range, from -1 to 1
        if not self.flat:
            side = sqrt(2 * u) - 1 if u < 0.5 else 1 - sqrt(2 * (1 - u))
        value = moved(self.value, exp(side * log(self.factor)), self.shape)
        value = min(max(value, self.low), self.high)
        return round(value) if self.whole else value


def moved(value: float, factor: float, shape: str) -> float:
    """The value times a factor, or with its odds times that factor."""
    return value * factor / (1 - value + value * factor) if shape == "odds" else value * factor


def shape_of(number: Parameter | Trait) -> Literal["log", "odds"]:
    """Whether a number is uncertain in its logarithm or, between 0 and 1, in its log odds."""
    return "odds" if number.high <= 1 else "log"


def around_default(number: Parameter | Trait) -> Uncertain:
    """The uncertainty of a default; if low and high are the same, it is known."""
    shape, factor = shape_of(number), doubt(number)
    low, high = (
        min(max(moved(number.value, f, shape), number.low), number.high)
        for f in (1 / factor, factor)
    )
    whole = getattr(number, "whole", False)
    if whole:
        low, high = round(low), round(high)
    plain = Uncertain(low, number.value, high, shape, factor, whole)
    if isinstance(number, Trait) or not number.effect:
        return plain
    plain = plain._replace(flat=grade_of(number) == "none")
    if number.absent is None or LEVERS[number.effect].grade != "none":
        return plain
    opposite = min(number.low, 0.0)
    return plain._replace(lever=number.effect, absent=number.absent, opposite=opposite)


# For numbers that a scenario does not set: values in a run, and uncertainty in a comparison.
DEFAULTS = {name: (int if x.whole else float)(x.value) for name, x in PARAMETERS.items()}
DOUBTS = {name: around_default(number) for name, number in (PARAMETERS | TRAITS).items()}


def given_ranges(scenario: Scenario) -> dict[str, Uncertain]:
    """The parameters that the scenario sets: a range, or a number (low and high the same)."""
    ranges = {}
    for name in scenario.parameters.model_fields_set:
        given, whole = getattr(scenario.parameters, name), PARAMETERS[name].whole
        middle = (given.low + given.high) / 2
        middle = int(middle) if whole else middle
        ranges[name] = Uncertain(given.low, middle, given.high, "even", 1.0, whole)
    return ranges


def uncertain(scenario: Scenario, also: Container[str] = ()) -> dict[str, Uncertain]:
    """The uncertain numbers by name: parameters, then traits.

    A plain number in the file is known; a range in the file replaces the default one. A trait is
    uncertain if at least one segment leaves its value to the default. `also`: numbers that are
    uncertain even if their default is known, because a sample has values for them.
    """
    given = given_ranges(scenario)
    numbers = {name: given.get(name, DOUBTS[name]) for name in PARAMETERS}
    numbers |= {
        name: DOUBTS[name]
        for name in TRAITS
        if any(getattr(segment, name).value is None for segment in scenario.segments)
    }
    return {
        name: number
        for name, number in numbers.items()
        if number.low < number.high or (name in also and name not in given)
    }


def unknown(numbers: dict[str, Uncertain]) -> dict[str, Uncertain]:
    """The numbers whose value is not known."""
    return {name: number for name, number in numbers.items() if number.low < number.high}


class World(NamedTuple):
    """One of the worlds of a comparison."""

    number: int
    draw: int | None
    """The number of the parameter sample; None for defaults."""
    seed: int
    """The random seed of its runs."""
    row: Mapping[str, float] | None = None
    """The row of the plausible worlds that it has; None for independent samples and defaults."""
    market: int | None = None
    """The number of people who could join; None for the scenario's."""
    born: int = 0
    """The day on which the community begins. Nothing happens before."""
    books: int = 0
    """The day on which the books open: money counts from then, and the owner cannot stop before."""


def make_worlds(
    seed: int,
    number: int,
    fixed: bool = False,
    rows: Rows | None = None,
    replications: int = WORLDS_PER_SAMPLE,
) -> list[World]:
    """Worlds 0, 1, 2 ...: each parameter sample has `replications` worlds in a row, with different
    random seeds; with `fixed`, all have the default parameters. `rows`: the plausible worlds that
    samples are taken from; without them, numbers are sampled independently."""
    found: list[World] = []
    for world in range(number):
        draw = None if fixed else world // replications
        if rows is None or draw is None:
            row = None
        elif world % replications:
            row = found[-1].row
        else:
            row = rows.row(rows.place(seed, draw))
        found.append(World(world, draw, world_seed(seed, world), row))
    return found


def world_seed(seed: int, world: int, key: int = SEED_KEY, place: int = 0) -> int:
    """The random seed of a world. Other keys and places give seeds of other sets of worlds."""
    low, high, *_ = words(seed, Purpose.WORLD, place, world, key)
    return (high << 32 | low) >> 11  # 53 bits: no table or JSON rounds them


def too_few(number: int, drawn: bool) -> str:
    """A warning if there are too few worlds for precise estimates, or an empty string."""
    samples = number // WORLDS_PER_SAMPLE if drawn else number
    if samples >= ENOUGH_SAMPLES:
        return ""
    few = "1 world" if number == 1 else f"{number} worlds"
    if drawn:
        few += f" ({samples} parameter {'sample' if samples == 1 else 'samples'})"
    enough = ENOUGH_SAMPLES * (WORLDS_PER_SAMPLE if drawn else 1)
    return f"{few} give imprecise estimates; {enough} or more, at fewer points, would be better"


def drawn(
    numbers: dict[str, Uncertain],
    seed: int,
    draw: int | None,
    row: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """A value for each of the uncertain numbers from a sample; without one, the middle value. With
    a row of the plausible worlds, the values of the row, except for ranges given by a scenario."""
    if draw is None:
        return middles(numbers)
    values = _draw(numbers, seed, FIRST_SAMPLE + draw)
    if row is not None:
        values |= {name: row[name] for name in values
                   if name in row and numbers[name].shape != "even"}  # fmt: skip
    return values


def middles(numbers: dict[str, Uncertain]) -> dict[str, float]:
    """The middle value of each number."""
    return {name: number.value for name, number in numbers.items()}


def parameter_values(scenario: Scenario, seed: int) -> dict[str, float]:
    """The parameters of a run, in the order of the catalogue: values of the scenario or defaults,
    and a sample from each range that the scenario gives. Whole ones are ints."""
    given = given_ranges(scenario)
    return DEFAULTS | middles(given) | _draw(unknown(given), seed, 0)


def parameters_in(scenario: Scenario, values: dict[str, float]) -> dict[str, float]:
    """The parameters of a world, in the order of the catalogue, given a sample."""
    ours = {name: value for name, value in values.items() if name in DEFAULTS}
    return DEFAULTS | middles(given_ranges(scenario)) | ours


def traits_in(scenario: Scenario, values: dict[str, float]) -> np.ndarray:
    """Values of traits in a world, float64 (segments, traits), given a sample."""

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
    """A value for each number, and whether each lever has an effect, from random numbers that are
    keyed by their names."""
    if not numbers:
        return {}
    us = _keyed(list(numbers), seed, draw, PARAMETER_KEY)
    values = {name: number.at(us[name]) for name, number in numbers.items()}
    levers = sorted({number.lever for number in numbers.values()} - {""})
    if levers:
        us = _keyed(levers, seed, draw, LEVER_KEY)
        values |= {
            name: _effective(number, values[name], us[number.lever])
            for name, number in numbers.items()
            if number.lever
        }
    return values


def _effective(number: Uncertain, value: float, u: float) -> float:
    """The value, the opposite, or that of a lever without effect."""
    if u < NULL:
        return number.absent
    return max(-value, number.opposite) if number.opposite and u > 1 - REVERSED else value


def _keyed(names: list[str], seed: int, draw: int, key: int) -> dict[str, float]:
    """A uniform random number for each name."""
    hashes = [crc32(name.encode()) for name in names]
    us = uniforms(seed, Purpose.WORLD, draw, hashes, key).tolist()
    return dict(zip(names, us, strict=True))
