"""Made-up pasts of a running community: worlds that resemble it today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from comsim.common.threads import in_threads
from comsim.model.rng import Purpose, uniforms
from comsim.run.ready import ready
from comsim.scenario import Scenario, plan
from comsim.scenario.rows import PLAUSIBLE, Rows, quantiles, rows_of
from comsim.scenario.worlds import World, uncertain, world_seed
from comsim.today.choose import FACTOR, KEYS, Targets, chosen, unlike, unlike_all
from comsim.today.extend import extended
from comsim.today.fit import REACH, ROUNDS, Particles, fitted, plausible
from comsim.today.lives import past_of
from comsim.today.store import stored

Progress = Callable[[int, int], None]
NUMBER, FEWEST = 400, 100  # worlds that are fitted, and for large old communities
MOST_WORK = 2e9  # member-days up to today, over all worlds that are fitted: about two minutes
TYPICAL_AGE = 700  # days, if it is unknown
SEED_KEY, DRAW_KEY, ORDER_KEY = 8, 9, 11
WITHIN = (0.05, 0.5, 0.95)


class Fit(NamedTuple):
    """How well the worlds agree with a number that is known of today."""

    name: str
    """members, weekly, posts_a_day; of records, the metric with "_late" or "_past"."""
    value: float
    """What is known."""
    low: float
    median: float
    high: float
    """Over the weighted worlds: median, and the 5 and 95 % quantiles."""


class Today(NamedTuple):
    """What was known of the community, and how well its made-up pasts lead there."""

    day: int
    """The day in the run that is today."""
    age: int | None
    """Days since it began; None if every world has its own age."""
    market: int | None
    """None if every world has its own market."""
    fit: tuple[Fit, ...]
    effective: float
    """The effective number of plausible worlds from which the worlds come."""
    worlds: int
    """The number of worlds that were fitted."""
    records: bool = False
    """Whether the past is replayed and has records, instead of being made up."""

    @property
    def misfit(self) -> float:
        """The largest relative difference of a median from what is known."""
        return max((abs(fit.median / fit.value - 1) for fit in self.fit), default=0.0)

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON, with the misfit."""
        return {
            **self._asdict(), "fit": [fit._asdict() for fit in self.fit], "misfit": self.misfit,
        }  # fmt: skip


def today_from(data: dict[str, Any] | None) -> Today | None:
    """The inverse of `Today.to_dict`."""
    if data is None:
        return None
    known = {name: data[name] for name in Today._fields}
    return Today(**{**known, "fit": tuple(Fit(**fit) for fit in data["fit"])})


@dataclass(frozen=True)
class Past:
    """Worlds whose communities resemble the scenario's community today."""

    scenario: Scenario
    """As an ordinary scenario with a past."""
    today: Today
    rows: tuple[dict[str, float], ...]
    """The parameters of each world."""
    origin: np.ndarray
    """int64 (worlds): the row of the plausible world from which each comes."""
    mimics: tuple[str, ...]
    """The real community that each mimics."""
    markets: np.ndarray
    ages: np.ndarray
    """int64 (worlds)."""
    seeds: tuple[int, ...]
    weights: np.ndarray
    """float64 (worlds), with the sum 1."""
    seen: np.ndarray
    """float64 (worlds, 3): what their pasts lead to, as in SEEN."""
    seed: int

    @property
    def communities(self) -> float:
        """The effective number of real communities that its worlds mimic."""
        return plausible(self.weights, np.unique(self.mimics, return_inverse=True)[1])

    def like(self, scenario: Scenario) -> Scenario:
        """Another scenario of the same community, with the same past."""
        if self.today.records:
            return scenario
        return extended(scenario, self.today.day, self.scenario.community.market)

    def worlds(self, number: int) -> tuple[list[World], np.ndarray]:
        """A number of worlds with their weights (sum 1), drawn in even steps without repetition: a
        world is included with a probability in proportion to its weight, at most 1, and has its
        weight over that probability (systematic sampling, Madow 1949, Annals of Mathematical
        Statistics 20:333). They come in random order, so that the first ones are a sample too."""
        number = min(number, int((self.weights > 0).sum()))
        inclusion = inclusions(self.weights, number)
        start = float(uniforms(self.seed, Purpose.WORLD, 0, [0], DRAW_KEY)[0])
        up_to = np.floor(np.cumsum(inclusion) + start + 1e-9)
        taken = np.flatnonzero(np.diff(up_to, prepend=np.floor(start + 1e-9)) > 0)
        taken = self._in_any_order(taken)
        weights = self.weights[taken] / inclusion[taken]
        return [self.world(at) for at in taken], weights / weights.sum()

    def evenly(self, number: int) -> list[World]:
        """A number of worlds with equal weights. A world with a large weight occurs several
        times."""
        start = float(uniforms(self.seed, Purpose.WORLD, 0, [0], DRAW_KEY)[0])
        up_to = np.cumsum(self.weights)
        steps = (start + np.arange(number)) / number * up_to[-1]
        taken = self._in_any_order(np.searchsorted(up_to, steps))
        return [self.world(int(at)) for at in taken]

    def _in_any_order(self, taken: np.ndarray) -> np.ndarray:
        """Places of worlds in random order. The fitted worlds are sorted by plausible world."""
        us = uniforms(self.seed, Purpose.WORLD, 0, np.arange(len(taken)), ORDER_KEY)
        return taken[np.argsort(us)]

    def world(self, at: int) -> World:
        """One of its worlds."""
        day = self.today.day
        return World(
            int(at), int(at), self.seeds[at], self.rows[at], int(self.markets[at]),
            day - int(self.ages[at]), 0 if self.today.records else day,
        )  # fmt: skip


def inclusions(weights: np.ndarray, number: int) -> np.ndarray:
    """Probabilities min(1, c x weight) whose sum is the number."""
    full = np.zeros(len(weights), bool)
    while True:
        rest = np.where(full, 0.0, weights)
        chance = np.where(full, 1.0, (number - full.sum()) * rest / max(rest.sum(), 1e-300))
        if not (chance > 1 + 1e-12).any():
            return np.minimum(chance, 1.0)
        full |= chance >= 1


def past_of_today(
    scenario: Scenario,
    seed: int,
    number: int = 0,
    jobs: int | None = None,
    progress: Progress | None = None,
    rows: Rows | None = None,
) -> Past:
    """Pasts of a scenario with `[community] today`. InputError if no plausible community is like
    it. Fits `number` worlds, at least NUMBER, which takes seconds to minutes; `progress` is called
    with the number of simulated pasts and of all. `rows`: the plausible worlds, perhaps with other
    weights. The same scenario and seed give the same worlds.
    """
    targets, rows = Targets.of(scenario), rows or rows_of(PLAUSIBLE, scenario.file)
    work = targets.numbers.get("members", 0.0) * (targets.age or TYPICAL_AGE)
    number = number_of(number, work)
    choice = chosen(targets, rows, stored(), number, seed)
    seeds = tuple(world_seed(seed, at, SEED_KEY) for at in range(number))
    report = rounds_of(progress, number)
    ready()

    def simulate(particles: Particles) -> Particles:
        """The particles with what they lead to, as whole people and days."""
        ages, markets = whole(particles.ages), whole(particles.markets)
        oldest = int(ages.max())
        form = extended(scenario, oldest, int(markets[0]))
        compiled, numbers = plan(form), uncertain(form, rows.names)

        def one(at: int) -> np.ndarray:
            row, age = rows.named(particles.values[at]), int(ages[at])
            world = World(at, at, seeds[at], row, int(markets[at]), oldest - age)
            return past_of(form, compiled, numbers, world, seed, [age])[0]

        seen = np.array(in_threads(one, range(number), jobs, report))
        return replace(particles, ages=ages, markets=markets, seen=seen)

    values, nothing = rows.values[choice.rows], np.empty((0, 3))
    first = simulate(Particles(values, choice.markets, choice.ages, nothing, choice.rows))
    if error := unlike_all(scenario, targets, first.seen, REACH):
        raise error
    particles, weights = fitted(first, targets, rows, simulate)
    if error := unlike_all(scenario, targets, particles.seen):
        raise error
    fit = fit_of(particles, weights, targets)
    for one in fit:
        if not 1 / FACTOR <= one.median / one.value <= FACTOR:
            raise unlike(scenario, one.name, one.value, one.low, one.high, targets)
    ages, markets = (x.astype(np.int64) for x in (particles.ages, particles.markets))
    day = int(ages.max())  # as simulated: random numbers belong to the days of a run
    middle = int(quantiles(markets.astype(float), weights, [0.5])[0])
    number_of_rows = plausible(weights, particles.origin)
    today = Today(day, targets.age, targets.market, fit, number_of_rows, number)
    return Past(
        extended(scenario, day, middle), today,
        tuple(map(rows.named, particles.values)), particles.origin, mimics(rows, particles),
        markets, ages, seeds, weights, particles.seen, seed,
    )  # fmt: skip


def rounds_of(progress: Progress | None, number: int) -> Progress | None:
    """Reports the progress of a round, counted over the pasts of all rounds."""
    done = count(1)
    return (lambda *_: progress(next(done), number * (ROUNDS + 1))) if progress else None


def mimics(rows: Rows, particles: Particles) -> tuple[str, ...]:
    """The real community that each particle mimics."""
    return tuple(rows.mimics[at] for at in particles.origin)


def whole(values: np.ndarray) -> np.ndarray:
    """Whole numbers, as float64."""
    return np.round(values)


def fit_of(particles: Particles, weights: np.ndarray, targets: Targets) -> tuple[Fit, ...]:
    """How well weighted worlds agree with each number."""
    return tuple(
        Fit(KEYS.get(name, name), float(x),
            *quantiles(particles.seen[:, at], weights, WITHIN).tolist())
        for (name, x), at in zip(targets.numbers.items(), targets.places, strict=True)
    )  # fmt: skip


def number_of(wanted: int, member_days: float) -> int:
    """The number of worlds to fit, at least as many as are wanted: fewer for communities with many
    member-days up to today."""
    possible = int(MOST_WORK / max(member_days, 1.0))
    return max(wanted, FEWEST, min(possible, NUMBER))
