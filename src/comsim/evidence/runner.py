"""Measure facts and their rivals over worlds, in parallel.

Facts of kind F are measured in a fixed number of worlds. Effects and base rates (E and B) have a
minimum number of worlds; more are added until the simulation error is small compared with the band,
whatever the sign. Without its mechanism, a fact is measured until the verdict is clear. The choice
of worlds never depends on `jobs`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np

from comsim.common.threads import in_threads
from comsim.evidence.fact import Check, Fact, Measurement
from comsim.evidence.shapes import COMMUNITIES, QUICK_COMMUNITIES
from comsim.evidence.world import FactWorld, worlds
from comsim.scenario.rows import Rows
from comsim.statistics.intervals import Interval, mean, relative
from comsim.studies.comparison.runs import Progress

Figures = Mapping[str, float | None]
Measure = Callable[[FactWorld], Figures]

BATCH = 4  # worlds that are added at a time
FEWEST = 8  # worlds of a fact E or B
FEWEST_WITH_SIDE = 20  # worlds of an effect whose interval must lie on one side of 0
BY_TRIAL = ("E", "B")
MOST = 40  # worlds of a fact E or B, at most
BESIDE = ("rest", "whole")  # effects on those without the lever, and on everybody if all have it
PART_OF_BAND = 3  # the half width of an interval is to be under the band's width over this


@dataclass(frozen=True)
class Size:
    """The number of worlds and communities to simulate."""

    worlds: int
    """Worlds of each fact of kind F."""
    most: int
    """The maximum number of worlds of an effect or a base rate."""
    communities: int
    """Communities in the population."""


FULL = Size(20, MOST, COMMUNITIES)
QUICK = Size(5, BATCH, QUICK_COMMUNITIES)


@dataclass
class Runner:
    """Runs measurements with a seed, a number of threads and a progress callback, with default
    parameters or with rows of the plausible worlds."""

    seed: int
    jobs: int | None = None
    progress: Progress | None = None
    rows: Rows | None = None
    _done: int = 0
    _total: int = 0
    _lock: Any = field(default_factory=Lock)

    def measured(
        self,
        facts: Sequence[Fact],
        measures: Mapping[str, Measure],
        most: int,
        enough: Callable[[Fact, Measurement], bool] | None = None,
        overrides: Mapping[str, Any] | None = None,
        at_least: Callable[[Fact], int] = lambda _: BATCH,
    ) -> dict[str, Measurement]:
        """The measurement of each fact in `most` worlds. With `enough`, a fact is measured in
        `at_least` worlds, and then in batches, up to `most`, until `enough` returns True. Facts
        measured in the same world share its runs."""
        values: dict[str, list[Figures]] = {fact.id: [] for fact in facts}
        waiting, results = list(facts), {}
        of = worlds(most, self.seed, overrides, self.rows)
        done = 0
        while waiting and done < most:
            first, done = done, most
            if enough:
                done = min(most, *(max(at_least(fact), first + BATCH) for fact in waiting))
            measure = {fact.id: measures[fact.id] for fact in waiting}
            for figures in self._in_parallel(measure, of[first:done]):
                for id, one in figures.items():
                    values[id].append(one)
            results |= {fact.id: measurement(fact, values[fact.id]) for fact in waiting}
            waiting = [
                fact
                for fact in waiting
                if enough and (done < at_least(fact) or not enough(fact, results[fact.id]))
            ]
        return results

    def off(
        self, facts: Sequence[Fact], measures: Mapping[str, Measure], most: int
    ) -> dict[str, Measurement]:
        """The measurements of facts whose mechanism is switched off by changes to the scenarios."""
        results: dict[str, Measurement] = {}
        groups: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.off is not None and fact.missing is None and fact.id in measures:
                groups.setdefault(json.dumps(fact.off, sort_keys=True), []).append(fact)
        for overrides, group in groups.items():
            results |= self.measured(
                group, measures, most, lambda fact, it: it.settles(fact), json.loads(overrides)
            )
        return results

    def counted(self, number: int) -> Progress:
        """A progress callback for another task with a number of steps."""
        before, self._total = self._done, self._total + number

        def progress(done: int, _: int) -> None:
            self._done = before + done
            if self.progress:
                self.progress(self._done, self._total)

        return progress

    def _in_parallel(
        self, measures: Mapping[str, Measure], in_worlds: Sequence[FactWorld]
    ) -> list[dict[str, Figures]]:
        """The figures of each fact in each world, in the order of the worlds."""
        self._total += len(measures) * len(in_worlds)

        def one(world: FactWorld) -> dict[str, Figures]:
            figures = {}
            for id, measure in measures.items():
                try:
                    figures[id] = measure(world)
                except ZeroDivisionError:  # nobody posts in some plausible worlds
                    figures[id] = {}
                with self._lock:
                    self._done += 1
                    if self.progress:
                        self.progress(self._done, self._total)
            world.forget()
            return figures

        return in_threads(one, in_worlds, self.jobs)


def fewest(fact: Fact) -> int:
    """The minimum number of worlds of a fact of kind E or B."""
    return FEWEST_WITH_SIDE if any(check.side for check in fact.deciding) else FEWEST


def precise(fact: Fact, found: Measurement) -> bool:
    """Whether the half width of the interval is below a third of the band. More worlds do not help
    if a figure does not exist in some worlds, or has no band."""
    if fact.kind not in BY_TRIAL or not found.figures:
        return True
    return all(
        found.absent[check.figure]
        or found.figures[check.figure].high - found.figures[check.figure].value
        < (check.high - check.low) / PART_OF_BAND
        for check in fact.deciding
    )


def measurement(fact: Fact, figures: Iterable[Figures]) -> Measurement:
    """The means of the figures in a fact's checks, over the worlds in which they exist; for a
    randomised effect, also those of the figures in BESIDE."""
    figures, means, absent = list(figures), {}, {}
    checks = [*fact.checks]
    if fact.kind in BY_TRIAL:
        checks += [Check(name, {}) for name in BESIDE if any(name in one for one in figures)]
    for check in checks:
        values = _values(check, figures)
        here = np.isfinite(values).all(axis=1)
        absent[check.figure] = int((~here).sum())
        means[check.figure] = (ratio if check.ratio else interval)(values[here])
    return Measurement(means, absent, len(figures))


def _values(check: Check, figures: Sequence[Figures]) -> np.ndarray:
    names = check.ratio or (check.figure,)
    values = np.array([[_number(one.get(name)) for name in names] for one in figures])
    return values.reshape(-1, len(names))


def interval(values: np.ndarray) -> Interval:
    """The mean of a figure over worlds (worlds, 1), with its Student's t interval."""
    if len(values) < 2:
        return Interval(float(values.mean()) if len(values) else np.nan, np.nan, np.nan)
    return Interval(*(float(x) for x in mean(values)))


def ratio(values: np.ndarray) -> Interval:
    """The mean of the first figure divided by the mean of the second (worlds, 2)."""
    if len(values) < 2:
        return Interval(np.nan, np.nan, np.nan)
    above, below = values.T
    return Interval(*(float(x) + 1 for x in relative(below[:, None], above[:, None])))


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
