"""A replayed past with records: worlds that agree with the records.

Each world is simulated up to today with the scenario's past. It is compared with the records in
`[observed]` by two means of each metric: over the last four weeks before today, and over the whole
past. Parameters are adjusted and worlds weighted as for a community without a history
(`comsim.today.fit`); the market is the scenario's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from comsim.common.threads import in_threads
from comsim.model.periods import FOUR_WEEKS
from comsim.model.rng import Purpose, uniforms
from comsim.run.ready import ready
from comsim.scenario import Scenario, observed, plan
from comsim.scenario.rows import PLAUSIBLE, rows_of
from comsim.scenario.worlds import World, uncertain, world_seed
from comsim.today.choose import Targets
from comsim.today.fit import Particles, fitted, plausible
from comsim.today.lives import days_of
from comsim.today.past import SEED_KEY, Past, Progress, Today, fit_of, mimics, number_of, rounds_of

METRICS = ("members", "wau", "posts")
FEWEST_DAYS = 7  # of records, for a mean of them (assumption)
PLACE_KEY = 10


class Record(NamedTuple):
    """A mean of what is recorded."""

    name: str
    """The metric, with "_late" or "_past"."""
    metric: str
    days: np.ndarray
    value: float

    def of(self, daily: np.ndarray) -> float:
        """The same mean of a simulated community."""
        return float(daily[self.metric][self.days].mean())


def past_of_records(
    scenario: Scenario,
    seed: int,
    number: int = 0,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Past | None:
    """The worlds of a scenario with `today` that agree with its records of the days before; None
    without such records. Arguments are those of `comsim.today.past.past_of_today`."""
    records = records_of(scenario)
    if not records:
        return None
    rows, day, market = rows_of(PLAUSIBLE, scenario.file), scenario.past, scenario.community.market
    numbers = {record.name: record.value for record in records}
    targets = Targets(numbers, day, market, tuple(numbers))
    largest = max([r.value for r in records if r.metric == "members"], default=market / 4)
    number = number_of(number, largest * day)
    start = float(uniforms(seed, Purpose.WORLD, 0, [0], PLACE_KEY)[0])
    places = np.searchsorted(rows.up_to, (start + np.arange(number)) / number)
    seeds = tuple(world_seed(seed, at, SEED_KEY) for at in range(number))
    compiled, unknown = plan(scenario), uncertain(scenario, rows.names)
    report = rounds_of(progress, number)
    ready()

    def simulate(particles: Particles) -> Particles:
        def one(at: int) -> list[float]:
            world = World(at, at, seeds[at], rows.named(particles.values[at]), market)
            daily = days_of(scenario, compiled, unknown, world, seed, day, books=0)
            return [record.of(daily) for record in records]

        return replace(particles, seen=np.array(in_threads(one, range(number), jobs, report)))

    whole = np.full(number, day, np.int64)
    markets, nothing = np.full(number, market), np.empty((0, 0))
    first = Particles(rows.values[places], markets, whole, nothing, places)
    particles, weights = fitted(simulate(first), targets, rows, simulate, np.inf)
    fit = fit_of(particles, weights, targets)
    today = Today(day, day, market, fit, plausible(weights, particles.origin), number, True)
    of_worlds, origin = tuple(map(rows.named, particles.values)), particles.origin
    return Past(scenario, today, of_worlds, origin, mimics(rows, particles), particles.markets,
                whole, seeds, weights, particles.seen, seed)  # fmt: skip


def records_of(scenario: Scenario) -> list[Record]:
    """The means of what is recorded of the days before today."""
    table = observed(scenario) if scenario.past else None
    if table is None:
        return []
    table, found = table[table["day"] < scenario.past], []
    spans: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "late": lambda days: days >= scenario.past - FOUR_WEEKS,
        "past": lambda days: days >= 0,
    }
    for metric in METRICS:
        if metric not in table:
            continue
        known = table[table[metric].notna()]
        days, values = known["day"].to_numpy(), known[metric].to_numpy()
        for name, span in spans.items():
            here = span(days)
            if here.sum() >= FEWEST_DAYS and values[here].mean() > 0:
                mean = float(values[here].mean())
                found.append(Record(f"{metric}_{name}", metric, days[here], mean))
    return found
