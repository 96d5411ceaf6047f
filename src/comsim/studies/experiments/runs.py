"""The runs of an experiment as work that can be divided anywhere: one row per run.

Run number = point x worlds + world, so that the scenario of a point is checked and compiled once. A
run depends on its point and its world only.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from comsim.common.errors import InputError
from comsim.common.version import __version__
from comsim.files.origin import DEFINITIONS, code_hash, hash_of
from comsim.run.simulation import first_morning, live, whole_life
from comsim.run.today import live_on
from comsim.scenario import Plan, Scenario, plan
from comsim.scenario.rows import Rows, origin_of
from comsim.scenario.worlds import (
    Uncertain,
    World,
    drawn,
    make_worlds,
    parameters_in,
    traits_in,
    uncertain,
)
from comsim.studies.comparison.choices.policies import policies_of
from comsim.studies.comparison.outcomes import Life
from comsim.studies.experiments.experiment import Experiment, Stop, Worlds
from comsim.studies.experiments.outcomes import first_day_that, values
from comsim.studies.experiments.pasts import made_up, reader, since_today
from comsim.studies.experiments.portable import DESIGN, portable

# Packages that affect the bits of a run, a design or a table.
PACKAGES = ("numba", "numpy", "pyarrow", "SALib", "scipy")
# Approximate seconds of a run on one core: constant, and per person and day. They determine the
# number of runs per shard, which must not depend on the machine.
SECONDS, SECONDS_A_PERSON_DAY = 0.002, 1.6e-8
SECONDS_A_SHARD, MOST_A_SHARD = 2.0, 1000
CHUNK = 28  # days between checks of the stop condition
LONGEST_ERROR = 300  # characters


@dataclass(frozen=True)
class ExperimentWork:
    """The runs of an experiment; small when pickled. Two are equal if their points are."""

    experiment: Experiment = field(compare=False)
    design: str
    """A hash of its points: each process computes them, and they must be the same."""
    series: tuple[tuple[str, str, str], ...]
    """The files that it reads: the path of each in the identity, its original path,
    and its hash."""

    @classmethod
    def of(cls, experiment: Experiment) -> ExperimentWork:
        """The work of a checked experiment."""
        series = tuple(
            (name, str(path), hash_of(path.read_bytes()))
            for name, path in portable(experiment).files.items()
            if name != DESIGN  # it is identified by its points
        )
        return cls(experiment, _hash(experiment.codes), series)

    @cached_property
    def runs(self) -> int:
        """The number of runs, which are numbered from 0."""
        return self.experiment.runs

    @cached_property
    def runs_a_shard(self) -> int:
        """The number of runs that take a few seconds; complete points, if they fit."""
        markets = [scenario.community.market for scenario in _bases(self.experiment)]
        seconds = SECONDS + SECONDS_A_PERSON_DAY * max(markets) * self.experiment.longest
        runs = min(max(int(SECONDS_A_SHARD / seconds), 1), MOST_A_SHARD)
        worlds = self.experiment.worlds.number
        return runs - runs % worlds if runs > worlds else runs

    @property
    def identity(self) -> dict[str, Any]:
        """Everything that identifies it, ready for JSON."""
        content = portable(self.experiment)
        return {
            "experiment": content.experiment,
            "scenarios": content.scenarios,
            "series": {name: hash for name, _, hash in self.series},
            "design": self.design,
            "sample": origin_of(self.experiment.sample, self.experiment.rows).hash,
            "runs": self.runs,
            "comsim": __version__,
            "code": code_hash(),
            "definitions": DEFINITIONS,
            "packages": {name: version(name) for name in PACKAGES},
            # exp and log of the C library may differ in the last bit.
            "platform": f"{platform.system()} {platform.machine()}",
        }

    @property
    def inputs(self) -> dict[str, bytes]:
        """The files that it reads, by their paths in the identity."""
        files = {name: path.read_bytes() for name, path in portable(self.experiment).files.items()}
        for name, path, hash in self.series:
            if name not in files or hash_of(files[name]) != hash:
                raise _changed(path)
        return files

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        """The tables of the runs first .. stop - 1: "runs", and "series" if any are stored.

        A failed run is a row with an error and no outcomes. InputError if a file that it
        reads has changed since the sweep began.
        """
        experiment, codes = self.experiment, _codes(self)
        past, sample = made_up(experiment), experiment.rows
        worlds = past.evenly(experiment.worlds.number) if past else _worlds(experiment.worlds)
        base = experiment.built({})
        base, day = (past.scenario, past.today.day) if past else (base, 0)
        number, rows = len(worlds), RunTables(experiment, first, stop)
        for point in range(first // number, (stop - 1) // number + 1):
            begin = point * number
            mine = range(max(first, begin), min(stop, begin + number))
            try:
                form = experiment.scenario_at(codes[point])
                form = past.like(form) if past else form
                scenario = CompiledPoint.of(form, experiment.worlds, sample, base)
            except Exception as error:
                rows.fail(mine, error)
                continue
            measures = [reader(one, scenario.days - day, day) for one in experiment.outcomes]
            for run in mine:
                try:
                    life = scenario.live(worlds[run - begin], experiment.stop, day)
                    rows.keep(run, life.daily[day:], [read(life) for read in measures])
                except Exception as error:
                    rows.fail([run], error)
        for _, path, hash in self.series:
            if hash_of(Path(path).read_bytes()) != hash:
                raise _changed(path)
        return rows.tables(codes, worlds)


@dataclass(frozen=True)
class CompiledPoint:
    """The scenario of a point, compiled once for all its worlds."""

    scenario: Scenario
    plan: Plan
    samples: Callable[[int], dict[str, float]]
    """The parameter samples by number, without parameters that are factors."""
    past: Callable[[World], Any] | None = None
    """With a past: the arrays of a world on the morning of today."""

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        worlds: Worlds,
        rows: Rows | None = None,
        base: Scenario | None = None,
    ) -> CompiledPoint:
        """`base`: the scenario without factors, whose past all points share."""

        def numbers_of(form: Scenario) -> dict[str, Uncertain]:
            return uncertain(form, rows.names if rows else ()) if worlds.drawn else {}

        numbers, past = numbers_of(scenario), None
        compiled = plan(scenario)
        if base is not None and scenario.past:
            base = base.again(base.to_dict() | {"days": scenario.days})
            first, policy = policies_of([base, scenario])
            compiled, each = policy.plan, (numbers_of(base), numbers)

            def past(world: World) -> Any:
                if rows and world.row is None:
                    world = world._replace(row=rows.sample(worlds.seed, world.draw))
                return since_today(first, policy, each, world, worlds.seed)

        samples = _samples(tuple(numbers.items()), worlds.seed, rows)
        return cls(scenario, compiled, samples, past)

    @property
    def days(self) -> int:
        return self.scenario.days

    def live(self, world: World, stop: Stop | None, day: int = 0) -> Life:
        """Its life in a world, until the day on which the stop condition holds, if any. Days of
        the condition are counted from `day`."""
        if self.past:
            arrays, today = self.past(world), self.scenario.past
            lived = self.days
            if stop is None:
                live_on(arrays, today, self.days, 0)
            else:
                lived = live_until(arrays, self.days, stop, today, stop.from_ + day)
            return Life(arrays, arrays.daily[:lived], today)
        compiled, sample = self.plan, {}
        if world.draw is not None:
            sample = self.samples(world.draw)
            compiled = replace(compiled, trait_value=traits_in(self.scenario, sample))
        parameters = parameters_in(self.scenario, sample)
        if stop is None:
            arrays = whole_life(self.scenario, compiled, parameters, world.seed, threads=1)
            return Life(arrays, arrays.daily)
        arrays = first_morning(self.scenario, compiled, parameters, world.seed)
        return Life(arrays, arrays.daily[: live_until(arrays, self.days, stop)])


def live_until(arrays: Any, days: int, stop: Stop, today: int = 0, from_: int | None = None) -> int:
    """Simulate from `today` until the stop condition holds, on `from_` (by default its own) or
    later; returns the number of days. A few more days may have been computed, which do not
    count."""
    from_ = max(stop.from_ if from_ is None else from_, today)
    for first in range(today, days, CHUNK):
        last = min(first + CHUNK, days)
        live(arrays, first, last, threads=1)
        day = first_day_that(
            arrays.daily[:last], stop.metric, stop.window, stop.above, stop.below, from_
        )
        if not np.isnan(day):
            return int(day) + 1
    return days


class RunTables:
    """The tables of a range of runs, filled run by run."""

    def __init__(self, experiment: Experiment, first: int, stop: int) -> None:
        self.experiment, self.first = experiment, first
        self.run = np.arange(first, stop)
        self.outcomes = np.full((stop - first, len(experiment.outcomes)), np.nan)
        self.lived = np.zeros(stop - first, np.int64)
        self.errors: list[str | None] = [None] * (stop - first)
        self.series: list[tuple[int, list[np.ndarray]]] = []

    def keep(self, run: int, daily: np.ndarray, outcomes: Sequence[float]) -> None:
        """Keep the daily records and the outcomes of a run."""
        place, kept = run - self.first, self.experiment.series
        self.outcomes[place], self.lived[place] = outcomes, len(daily)
        if kept:
            series = [values(daily, metric)[:: kept.every] for metric in kept.metrics]
            self.series.append((run, series))

    def fail(self, runs: Sequence[int], error: Exception) -> None:
        for run in runs:
            self.errors[run - self.first] = error_text(error, self.experiment)

    def tables(self, codes: np.ndarray, worlds: Sequence[World]) -> dict[str, pa.Table]:
        """The tables, in order of runs."""
        point, place = np.divmod(self.run, len(worlds))
        samples = np.array([-1 if world.draw is None else world.draw for world in worlds], np.int64)
        seeds = np.array([world.seed for world in worlds], np.int64)
        factors, outcomes = self.experiment.factors, self.experiment.outcomes
        columns = {
            "run": self.run,
            "point": point,
            "world": place,
            "seed": seeds[place],
            "draw": samples[place],
            **{f.column: f.as_column(codes[point, k]) for k, f in enumerate(factors)},
            **{one.name: self.outcomes[:, k] for k, one in enumerate(outcomes)},
            "lived": self.lived,
            "error": pa.array(self.errors, pa.string()),
        }
        tables = {"runs": pa.table(columns)}
        if kept := self.experiment.series:
            length = np.array([len(series[0]) for _, series in self.series], np.int64)
            lived = np.array([run for run, _ in self.series], np.int64)
            empty = [np.empty(0)] * len(kept.metrics)
            each = list(zip(*(series for _, series in self.series), strict=True)) or empty
            tables["series"] = pa.table({
                "run": np.repeat(lived, length),
                "day": np.concatenate([np.arange(n) * kept.every for n in [0, *length]]),
                **{metric: np.concatenate([np.empty(0), *series])
                   for metric, series in zip(kept.metrics, each, strict=True)},
            })  # fmt: skip
        return tables


def error_text(error: Exception, experiment: Experiment) -> str:
    """An error as in the table: one line, without the folders of the experiment, so that it is the
    same wherever these are."""
    name = "" if isinstance(error, InputError) else f"{type(error).__name__}: "
    text = f"{name}{error}"
    for base in experiment.bases:
        text = text.replace(f"{base.folder}{os.sep}", "")
    text = text.replace(f"{experiment.folder}{os.sep}", "")
    return " ".join(text.split())[:LONGEST_ERROR]


def _changed(path: str) -> InputError:
    return InputError.at(path, "file", "changed content", "the file as it was when the sweep began")


@lru_cache(maxsize=4)
def _codes(work: ExperimentWork) -> np.ndarray:
    """The points, computed once per process; InputError if they differ from the original ones."""
    codes = work.experiment.codes
    if _hash(codes) != work.design:
        raise work.experiment.error(
            "design", "other points than when the sweep began",
            "the same CSV, and the same versions of SALib, scipy and numpy",
        )  # fmt: skip
    return codes


@lru_cache(maxsize=4)
def _worlds(wanted: Worlds) -> list[World]:
    return make_worlds(wanted.seed, wanted.number, not wanted.drawn)


@lru_cache(maxsize=4)
def _samples(
    numbers: tuple[tuple[str, Uncertain], ...], seed: int, rows: Rows | None
) -> Callable[[int], dict[str, float]]:
    """The parameter samples of some numbers, each computed once, since most points share them."""
    known = dict(numbers)

    @lru_cache(maxsize=512)
    def values(draw: int) -> dict[str, float]:
        return drawn(known, seed, draw, rows.sample(seed, draw) if rows else None)

    return values


def _bases(experiment: Experiment) -> list[Scenario]:
    """The scenarios on which points are based, with the changes."""
    choice = next((factor.column for factor in experiment.factors if factor.scenarios), None)
    places = range(len(experiment.bases))
    return [experiment.built({choice: float(place)} if choice else {}) for place in places]


def _hash(codes: np.ndarray) -> str:
    return hash_of(repr(codes.shape).encode() + codes.tobytes())
