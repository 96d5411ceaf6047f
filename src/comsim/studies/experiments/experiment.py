"""The experiment file: what varies, in which worlds, and which outcomes are recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from comsim.common.copies import FixedDict, own, read_only
from comsim.common.errors import InputError, nearest
from comsim.model.catalogue import COLUMNS
from comsim.scenario import Scenario
from comsim.scenario.checks import Described, explain, number, one_of, text, wrong
from comsim.scenario.reading import NOT_FOUND, read_toml
from comsim.scenario.rows import DEFAULT, SAMPLES, Rows, rows_of
from comsim.scenario.table import Amount, Name, Table
from comsim.scenario.worlds import WORLDS_PER_SAMPLE
from comsim.studies.comparison.outcomes import Outcome
from comsim.studies.experiments.designs import Design, codes_of, number_of_points
from comsim.studies.experiments.factors import A_PATH, Factor
from comsim.studies.experiments.filenames import unique_names
from comsim.studies.experiments.outcomes import COUNTS, METRICS, Day, MeasuredOrName, Window
from comsim.studies.experiments.overrides import flat, overridden, parts

MOST_RUNS, MOST_WORLDS = 10_000_000, 100_000
EXPERIMENT_FILE = "an experiment file (.toml)"
OBSERVABLE = [name for name in COUNTS if COLUMNS[name].observable]
Number, Seed = number(1, MOST_WORLDS, whole=True), number(0, 2**63 - 1, whole=True)
LIVED = Outcome("lived", "days lived", "days", 0,
                "number of simulated days, until the stop condition or the end")  # fmt: skip


class Worlds(Table):
    """The worlds. All points have the same worlds, so that they differ in their factors only."""

    number: Number = 1
    """Runs per point."""
    seed: Seed = 1
    """Random seed of the worlds."""
    sample: text(1000) = DEFAULT
    """Where each pair of worlds has its parameters from, except factors: "default",
    "independent", "plausible", or the path of a sample, relative to the experiment's file."""

    @property
    def drawn(self) -> bool:
        """Whether parameters differ between worlds."""
        return self.sample != DEFAULT

    @model_validator(mode="after")
    def _check(self) -> Worlds:
        if self.drawn and self.number % WORLDS_PER_SAMPLE:
            allowed = "an even number: each parameter sample is run with two random seeds"
            wrong(self.number, allowed, "number")
        return self


class Stop(Table):
    """A condition that ends a run on the evening of the first day on which it holds."""

    metric: one_of(OBSERVABLE, "metric") = Field(description="an observable daily column")
    window: Window = 1
    """Number of days over which the metric is averaged."""
    above: Amount | None = None
    """The condition holds if the mean is above this."""
    below: Amount | None = None
    """The condition holds if the mean is below this."""
    from_: Day = Field(0, alias="from")
    """The first day on which the condition may hold."""

    @model_validator(mode="after")
    def _check(self) -> Stop:
        self._exactly_one("above", "below")
        return self


class DailySeries(Table):
    """Daily series to store for each run."""

    metrics: tuple[one_of(METRICS, "metric"), ...] = Field(min_length=1, max_length=len(METRICS))
    """Columns of the daily table."""
    every: number(1, 366, whole=True) = 1
    """Interval in days, from day 0."""

    @model_validator(mode="after")
    def _check(self) -> DailySeries:
        for place, metric in enumerate(self.metrics):
            if metric in self.metrics[:place]:
                wrong(Described(f"{metric} twice"), "each metric once", f"metrics[{place}]")
        return self


@dataclass(frozen=True)
class Base:
    """A scenario file on which points are based."""

    file: str
    """As written in the experiment file."""
    name: str
    """Without its folder, different from those of the other files."""
    folder: Path
    """Its folder; paths of CSV files are relative to it."""
    data: FixedDict


class Experiment(Table):
    """What to vary, in which worlds, and which outcomes to record."""

    name: Name = Field(description="a name")
    description: text(2000, empty=True) = ""
    """The question, for readers."""
    scenario: text(1000) | None = None
    """The base scenario file, relative to this file."""
    outcomes: tuple[MeasuredOrName, ...] = Field(
        min_length=1, max_length=200, description="a list of outcomes"
    )
    """Names of outcomes as in `comsim compare`, or tables."""
    changes: Annotated[dict[str, Any], AfterValidator(FixedDict)] = Field(default_factory=FixedDict)
    """Overrides of the scenario at all points, by path."""
    factors: tuple[Factor, ...] = Field(
        min_length=1, max_length=64, description="one factor or more: [[factors]]"
    )
    """What varies."""
    design: Design = Field(description="a table: [design]")
    """Which points are visited."""
    worlds: Worlds = Worlds()
    """The number of runs per point, and how they differ."""
    stop: Stop | None = None
    """A condition that ends a run early."""
    series: DailySeries | None = None
    """Daily series to store."""

    _file: str = PrivateAttr("experiment")
    _folder: Path = PrivateAttr(Path())
    _bases: tuple[Base, ...] = PrivateAttr(())

    @classmethod
    def from_dict(
        cls,
        data: dict[str, Any],
        file: str = "experiment",
        folder: Path = Path(),
        scenarios: Mapping[str, Scenario | dict[str, Any]] | None = None,
    ) -> Experiment:
        """An experiment from nested dicts. `file` is its name in errors; paths are relative to
        `folder`. `scenarios`: those that it refers to, by name; by default they are read from
        files. Raises InputError if anything is wrong."""
        try:
            experiment = cls.model_validate(own(data, file))
        except ValidationError as error:
            raise explain(error, file) from None
        # Workers may have other working directories.
        experiment._file, experiment._folder = file, folder.absolute()
        named = experiment._named()
        names = unique_names([file for _, file in named])
        experiment._bases = tuple(
            experiment._base(key, file, name, scenarios)
            for (key, file), name in zip(named, names, strict=True)
        )
        return experiment

    def to_dict(self) -> dict[str, Any]:
        """The settings that were given, ready for JSON; `from_dict` accepts them."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)

    @property
    def sample(self) -> str:
        """The sample of its worlds: a name, or the path of a file."""
        name = self.worlds.sample
        return name if name in SAMPLES else str(self._folder / name)

    @property
    def rows(self) -> Rows | None:
        """The plausible worlds that it uses, if any."""
        return rows_of(self.sample, self._file, "worlds.sample")

    @property
    def file(self) -> str:
        """The name of its file in errors."""
        return self._file

    @property
    def folder(self) -> Path:
        """The folder to which its paths are relative."""
        return self._folder

    @property
    def bases(self) -> tuple[Base, ...]:
        """The scenarios on which points are based: one, or those that a factor chooses between."""
        return self._bases

    def error(self, key: str, found: str, allowed: str) -> InputError:
        """An error about a key of its file."""
        return InputError.at(self._file, key, found, allowed)

    @cached_property
    def codes(self) -> np.ndarray:
        """The code of each factor at each point of the design, float64 (points, factors)."""
        codes = codes_of(self.design, self.factors, self._file, self._folder)
        read_only(codes)
        return codes

    @property
    def points(self) -> int:
        """The number of points of the design."""
        known = number_of_points(self.design, self.factors)
        return len(self.codes) if known is None else known

    @property
    def runs(self) -> int:
        """The number of runs: each point in each world."""
        return self.points * self.worlds.number

    def scenario_at(self, codes: Sequence[float]) -> Scenario:
        """The scenario of a point. Raises InputError if it is impossible."""
        columns = [factor.column for factor in self.factors]
        return self.built(dict(zip(columns, codes, strict=True)))

    def built(self, codes: Mapping[str, float], changed: bool = True) -> Scenario:
        """The scenario with the changes (unless `changed` is False) and with the values of some
        factors, given as codes by column."""
        base, values = self._bases[0], {}
        for factor in self.factors:
            if (code := codes.get(factor.column)) is None:
                continue
            if factor.scenarios:
                base = self._bases[int(code)]
            else:
                values[factor.where] = factor.value(code)
        changes = {parts(path): value for path, value in self._flat().items()} if changed else {}
        data = overridden(overridden(base.data, changes, base.name), values, base.name)
        return Scenario.from_dict(data, base.name, base.folder)

    def __getstate__(self) -> dict[Any, Any]:
        """The state without the points, since each process computes them again."""
        state = super().__getstate__()
        fields = {key: value for key, value in state["__dict__"].items() if key != "codes"}
        return state | {"__dict__": fields}

    @property
    def longest(self) -> int:
        """The largest number of days of a run."""
        varied = [factor for factor in self.factors if factor.path == "days"]
        values = [day for factor in varied for day in factor.span or factor.values]
        values = values or [value for path, value in self._flat().items() if path == "days"]
        default = Scenario.model_fields["days"].default
        values = values or [base.data.get("days", default) for base in self._bases]
        numbers = [days for days in values if isinstance(days, (int, float)) and isfinite(days)]
        return max(map(int, numbers), default=0)

    @property
    def judged_by(self) -> tuple[Outcome, ...]:
        """The meaning of the columns of outcomes; with a stop condition, `lived` is one of them."""
        return (*(one.outcome for one in self.outcomes), *([LIVED] if self.stop else []))

    def _flat(self) -> dict[str, Any]:
        return flat(self.changes)

    def _named(self) -> list[tuple[str, str]]:
        """(key, file) of each scenario that it names."""
        for place, factor in enumerate(self.factors):
            if factor.scenarios:
                files = enumerate(factor.scenarios)
                return [(f"factors[{place}].scenarios[{at}]", file) for at, file in files]
        return [("scenario", self.scenario)]

    def _base(
        self, key: str, file: str, name: str, given: Mapping[str, Scenario | dict[str, Any]] | None
    ) -> Base:
        path = self._folder / file
        if given is not None:
            if file not in given:
                raise self.error(key, repr(file), nearest(file, given))
            scenario = given[file]
            if isinstance(scenario, Scenario):
                data = FixedDict(scenario.to_dict())
                return Base(file, name, scenario.folder.absolute(), data)
            return Base(file, name, path.parent, FixedDict(own(scenario, name)))
        try:
            return Base(file, name, path.parent, FixedDict(read_toml(path)))
        except InputError as error:
            allowed = NOT_FOUND if error.key == "file" else error.allowed
            raise self.error(key, f"{file} ({error.found})", allowed) from None

    @model_validator(mode="after")
    def _check(self) -> Experiment:
        choices = [place for place, factor in enumerate(self.factors) if factor.scenarios]
        if len(choices) > 1:
            allowed = "one choice of scenarios"
            wrong(Described("a second choice"), allowed, f"factors[{choices[1]}].scenarios")
        if (self.scenario is None) == (not choices):
            both = "both scenario and a factor with scenarios" if choices else "nothing"
            wrong(Described(both), "a scenario file, or a factor that chooses one", "scenario")
        for path in self._flat():
            if parts(path) is None:
                wrong(path, A_PATH, "changes")
        names: dict[str, str] = {}
        for place, factor in enumerate(self.factors):
            self._once(names, factor.column, f"factors[{place}].name")
        for place, outcome in enumerate(self.outcomes):
            self._once(names, outcome.name, f"outcomes[{place}].name")
        runs = (number_of_points(self.design, self.factors) or 0) * self.worlds.number
        if runs > MOST_RUNS:
            wrong(Described(f"{runs:,} runs"), f"at most {MOST_RUNS:,}", "design")
        return self

    @staticmethod
    def _once(names: dict[str, str], name: str, key: str) -> None:
        if name in names:
            wrong(Described(f"{name!r} twice"), f"another name than that of {names[name]}", key)
        names[name] = key
