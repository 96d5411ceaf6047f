"""The runs of an experiment, as work that can be cut anywhere: a row a run.

Run number = point x worlds + world, so that the runs of a point lie together and its scenario is
checked and compiled once. A run depends on its point and its world alone.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from comsim.common.errors import InputError
from comsim.common.version import __version__
from comsim.files.origin import code_hash, hash_of
from comsim.run.simulation import first_morning, live, whole_life
from comsim.scenario import Plan, Scenario, plan
from comsim.scenario.worlds import (
    Uncertain,
    World,
    drawn,
    make_worlds,
    parameters_in,
    traits_in,
    uncertain,
)
from comsim.studies.comparison.outcomes import Life
from comsim.studies.experiments.experiment import Experiment, Stop, Worlds
from comsim.studies.experiments.outcomes import first_day_that, measure, values
from comsim.studies.experiments.portable import DESIGN, portable

# What a run's bits, or a design's, or a table's, hang on.
PACKAGES = ("numba", "numpy", "pyarrow", "SALib", "scipy")
# Seconds of a run, roughly, on one core: what it takes anyway, and for each person and day. Only
# for how many runs go into a shard: it must not depend on the machine.
SECONDS, SECONDS_A_PERSON_DAY = 0.002, 1.6e-8
SECONDS_A_SHARD, MOST_A_SHARD = 2.0, 1000
CHUNK = 28  # days between two looks at the stop condition
LONGEST_ERROR = 300  # characters


@dataclass(frozen=True)
class ExperimentWork:
    """The runs of an experiment; small when pickled. Equal where its points are."""

    experiment: Experiment = field(compare=False)
    design: str
    """A hash of its points: they are made again in each process, and must be the same there."""
    series: tuple[tuple[str, str, str], ...]
    """The CSV files that its scenarios read, at each point: the path that its identity has for
    each, where it lies, and its hash."""

    @classmethod
    def of(cls, experiment: Experiment) -> ExperimentWork:
        """The work of a checked experiment."""
        series = tuple(
            (name, str(path), hash_of(path.read_bytes()))
            for name, path in portable(experiment).files.items()
            if name != DESIGN  # its points count
        )
        return cls(experiment, _hash(experiment.codes), series)

    @cached_property
    def runs(self) -> int:
        """How many runs there are, numbered from 0."""
        return self.experiment.runs

    @cached_property
    def runs_a_shard(self) -> int:
        """How many runs make a piece of work of a few seconds; whole points, where they fit."""
        markets = [scenario.community.market for scenario in _bases(self.experiment)]
        seconds = SECONDS + SECONDS_A_PERSON_DAY * max(markets) * self.experiment.longest
        runs = min(max(int(SECONDS_A_SHARD / seconds), 1), MOST_A_SHARD)
        worlds = self.experiment.worlds.number
        return runs - runs % worlds if runs > worlds else runs

    @property
    def identity(self) -> dict[str, Any]:
        """All that makes it this work, ready for JSON."""
        said = portable(self.experiment)
        return {
            "experiment": said.experiment,
            "scenarios": said.scenarios,
            "series": {name: hash for name, _, hash in self.series},
            "design": self.design,
            "runs": self.runs,
            "comsim": __version__,
            "code": code_hash(),
            "packages": {name: version(name) for name in PACKAGES},
            # Its C library's exp and log may differ in the last bit.
            "platform": f"{platform.system()} {platform.machine()}",
        }

    @property
    def inputs(self) -> dict[str, bytes]:
        """The CSV files that it reads, by the paths that its identity has for them."""
        found = {name: path.read_bytes() for name, path in portable(self.experiment).files.items()}
        for name, path, hash in self.series:
            if name not in found or hash_of(found[name]) != hash:
                raise _changed(path)
        return found

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        """The tables of the runs first .. stop - 1: "runs", and "series" if any are kept.

        A run that fails is a row with its error and no outcomes. InputError where a CSV file that
        its scenarios read has changed since the work began.
        """
        experiment, codes, worlds = self.experiment, _codes(self), _worlds(self.experiment.worlds)
        number, rows = len(worlds), Rows(experiment, first, stop)
        for point in range(first // number, (stop - 1) // number + 1):
            begin = point * number
            mine = range(max(first, begin), min(stop, begin + number))
            try:
                community = Community.of(experiment.scenario_at(codes[point]), experiment.worlds)
            except Exception as error:
                rows.fail(mine, error)
                continue
            measures = [measure(asked, community.days) for asked in experiment.outcomes]
            for run in mine:
                try:
                    life = community.live(worlds[run - begin], experiment.stop)
                    rows.keep(run, life, [read(life) for read in measures])
                except Exception as error:
                    rows.fail([run], error)
        for _, path, hash in self.series:
            if hash_of(Path(path).read_bytes()) != hash:
                raise _changed(path)
        return rows.tables(codes, worlds)


@dataclass(frozen=True)
class Community:
    """The scenario of a point, compiled once for all its worlds."""

    scenario: Scenario
    plan: Plan
    draws: Callable[[int], dict[str, float]]
    """The draws, by number, of what nobody knows and no factor says."""

    @classmethod
    def of(cls, scenario: Scenario, worlds: Worlds) -> Community:
        numbers = tuple(uncertain(scenario).items()) if worlds.drawn else ()
        return cls(scenario, plan(scenario), _draws(numbers, worlds.seed))

    @property
    def days(self) -> int:
        return self.scenario.days

    def live(self, world: World, stop: Stop | None) -> Life:
        """Its life in a world, up to the day on which the stop condition holds, if ever."""
        compiled, found = self.plan, {}
        if world.draw is not None:
            found = self.draws(world.draw)
            compiled = replace(compiled, trait_value=traits_in(self.scenario, found))
        parameters = parameters_in(self.scenario, found)
        if stop is None:
            arrays = whole_life(self.scenario, compiled, parameters, world.seed, threads=1)
            return Life(arrays, arrays.daily)
        arrays = first_morning(self.scenario, compiled, parameters, world.seed)
        return Life(arrays, arrays.daily[: live_until(arrays, self.days, stop)])


def live_until(arrays: Any, days: int, stop: Stop) -> int:
    """Live until the stop condition holds; returns how many days that took. A few more days may
    have been computed: they do not count."""
    for first in range(0, days, CHUNK):
        last = min(first + CHUNK, days)
        live(arrays, first, last, threads=1)
        since = max(first - stop.window + 1, 0)
        day = first_day_that(
            arrays.daily[since:last], stop.metric, stop.window, stop.above, stop.below,
            stop.from_ - since,
        )  # fmt: skip
        if not np.isnan(day):
            return since + int(day) + 1
    return days


class Rows:
    """The rows of a stretch of runs, as they come."""

    def __init__(self, experiment: Experiment, first: int, stop: int) -> None:
        self.experiment, self.first = experiment, first
        self.run = np.arange(first, stop)
        self.outcomes = np.full((stop - first, len(experiment.outcomes)), np.nan)
        self.lived = np.zeros(stop - first, np.int64)
        self.errors: list[str | None] = [None] * (stop - first)
        self.series: list[tuple[int, list[np.ndarray]]] = []

    def keep(self, run: int, life: Life, outcomes: Sequence[float]) -> None:
        place, kept = run - self.first, self.experiment.series
        self.outcomes[place], self.lived[place] = outcomes, len(life.daily)
        if kept:
            days = life.daily[:: kept.every]
            self.series.append((run, [values(days, metric) for metric in kept.metrics]))

    def fail(self, runs: Sequence[int], error: Exception) -> None:
        for run in runs:
            self.errors[run - self.first] = told(error, self.experiment)

    def tables(self, codes: np.ndarray, worlds: Sequence[World]) -> dict[str, pa.Table]:
        """The tables, in order of runs."""
        point, place = np.divmod(self.run, len(worlds))
        draws = np.array([-1 if world.draw is None else world.draw for world in worlds], np.int64)
        seeds = np.array([world.seed for world in worlds], np.int64)
        factors, outcomes = self.experiment.factors, self.experiment.outcomes
        columns = {
            "run": self.run,
            "point": point,
            "world": place,
            "seed": seeds[place],
            "draw": draws[place],
            **{f.column: f.as_column(codes[point, k]) for k, f in enumerate(factors)},
            **{asked.name: self.outcomes[:, k] for k, asked in enumerate(outcomes)},
            "lived": self.lived,
            "error": pa.array(self.errors, pa.string()),
        }
        found = {"runs": pa.table(columns)}
        if kept := self.experiment.series:
            length = np.array([len(series[0]) for _, series in self.series], np.int64)
            lived = np.array([run for run, _ in self.series], np.int64)
            empty = [np.empty(0)] * len(kept.metrics)
            each = list(zip(*(series for _, series in self.series), strict=True)) or empty
            found["series"] = pa.table({
                "run": np.repeat(lived, length),
                "day": np.concatenate([np.arange(n) * kept.every for n in [0, *length]]),
                **{metric: np.concatenate([np.empty(0), *series])
                   for metric, series in zip(kept.metrics, each, strict=True)},
            })  # fmt: skip
        return found


def told(error: Exception, experiment: Experiment) -> str:
    """An error as it stands in a row: one line, without the folders that paths are relative to, so
    that it is the same wherever those lie."""
    name = "" if isinstance(error, InputError) else f"{type(error).__name__}: "
    said = f"{name}{error}"
    for base in experiment.bases:
        said = said.replace(f"{base.folder}{os.sep}", "")
    said = said.replace(f"{experiment.folder}{os.sep}", "")
    return " ".join(said.split())[:LONGEST_ERROR]


def _changed(path: str) -> InputError:
    return InputError.at(path, "file", "another one than at the begin", "the same one")


@lru_cache(maxsize=4)
def _codes(work: ExperimentWork) -> np.ndarray:
    """The points of a work, made once a process; InputError where they came out otherwise."""
    codes = work.experiment.codes
    if _hash(codes) != work.design:
        raise work.experiment.error(
            "design", "other points than where the work was begun",
            "the same CSV, and the same versions of SALib, scipy and numpy",
        )  # fmt: skip
    return codes


@lru_cache(maxsize=4)
def _worlds(asked: Worlds) -> list[World]:
    return make_worlds(asked.seed, asked.number, not asked.drawn)


@lru_cache(maxsize=4)
def _draws(
    numbers: tuple[tuple[str, Uncertain], ...], seed: int
) -> Callable[[int], dict[str, float]]:
    """The draws of some numbers, which most points share, each made once."""
    return lru_cache(maxsize=512)(partial(drawn, dict(numbers), seed))


def _bases(experiment: Experiment) -> list[Scenario]:
    """The scenarios that points are made from, with the changes."""
    choice = next((factor.column for factor in experiment.factors if factor.scenarios), None)
    places = range(len(experiment.bases))
    return [experiment.built({choice: float(place)} if choice else {}) for place in places]


def _hash(codes: np.ndarray) -> str:
    return hash_of(repr(codes.shape).encode() + codes.tobytes())
