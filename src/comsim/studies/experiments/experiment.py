"""The form of an experiment file: what is varied, in which worlds, and what each run is asked."""

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
    StrictBool,
    ValidationError,
    model_validator,
)

from comsim.common.copies import FixedDict, own, read_only
from comsim.common.errors import InputError, nearest
from comsim.model.catalogue import COLUMNS
from comsim.scenario import Scenario
from comsim.scenario.checks import Words, explain, number, one_of, text, wrong
from comsim.scenario.reading import NOT_FOUND, read_toml
from comsim.scenario.table import Amount, Name, Table
from comsim.scenario.worlds import WORLDS_PER_SAMPLE
from comsim.studies.comparison.outcomes import Outcome
from comsim.studies.experiments.designs import Design, codes_of, number_of_points
from comsim.studies.experiments.factors import A_PATH, Factor
from comsim.studies.experiments.outcomes import COUNTS, METRICS, Asked, Day, Window
from comsim.studies.experiments.overrides import flat, laid_over, parts
from comsim.studies.experiments.portable import own_names

MOST_RUNS, MOST_WORLDS = 10_000_000, 100_000
EXPERIMENT_FILE = "an experiment file (.toml)"
SEEN = [name for name in COUNTS if COLUMNS[name].observable]
Number, Seed = number(1, MOST_WORLDS, whole=True), number(0, 2**63 - 1, whole=True)
LIVED = Outcome("lived", "days lived", "days", 0, "days until the stop condition held, or all")


class Worlds(Table):
    """The worlds, the same ones at every point, so that points differ in their factors alone."""

    number: Number = 1
    """Runs of each point."""
    seed: Seed = 1
    drawn: StrictBool = False
    """Whether what nobody knows, and is no factor, is drawn for each pair of worlds."""

    @model_validator(mode="after")
    def _check(self) -> Worlds:
        if self.drawn and self.number % WORLDS_PER_SAMPLE:
            allowed = "an even number: each draw of what nobody knows is lived twice, in other luck"
            wrong(self.number, allowed, "number")
        return self


class Stop(Table):
    """Ends a run on the evening of the first day on which it holds."""

    metric: one_of(SEEN, "metric") = Field(description="a daily column that an operator can see")
    window: Window = 1
    """The mean over so many days."""
    above: Amount | None = None
    below: Amount | None = None
    from_: Day = Field(0, alias="from")
    """The first day on which it may hold."""

    @model_validator(mode="after")
    def _check(self) -> Stop:
        self._exactly_one("above", "below")
        return self


class Kept(Table):
    """Daily series that are kept of each run."""

    metrics: tuple[one_of(METRICS, "metric"), ...] = Field(min_length=1, max_length=len(METRICS))
    every: number(1, 366, whole=True) = 1
    """Every so many days, from day 0 on."""

    @model_validator(mode="after")
    def _check(self) -> Kept:
        for place, metric in enumerate(self.metrics):
            if metric in self.metrics[:place]:
                wrong(Words(f"{metric} twice"), "each metric once", f"metrics[{place}]")
        return self


@dataclass(frozen=True)
class Base:
    """A scenario file that points are made from."""

    file: str
    """As it stands in the experiment file."""
    name: str
    """Without its folder, and its own among the others."""
    folder: Path
    """Where it lies; paths of CSV files are relative to it."""
    data: FixedDict


class Experiment(Table):
    """What to vary, in which worlds, and what to ask of each run."""

    name: Name = Field(description="a name")
    description: text(2000, empty=True) = ""
    scenario: text(1000) | None = None
    """The scenario file that is varied, relative to this file."""
    outcomes: tuple[Asked, ...] = Field(
        min_length=1, max_length=200, description="a list of outcomes"
    )
    """Names of outcomes of `comsim compare`, or tables."""
    changes: Annotated[dict[str, Any], AfterValidator(FixedDict)] = Field(
        default_factory=FixedDict
    )
    """Values laid over the scenario at all points, by path."""
    factors: tuple[Factor, ...] = Field(
        min_length=1, max_length=64, description="one factor or more: [[factors]]"
    )
    """What is varied."""
    design: Design = Field(description="a table: [design]")
    """Which points are visited."""
    worlds: Worlds = Worlds()
    """How often, and what differs between the runs of a point."""
    stop: Stop | None = None
    """When a run ends early."""
    series: Kept | None = None
    """What is kept of each day."""

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
        """An experiment given as nested dicts; `file` is what errors call it, paths are relative
        to `folder`. `scenarios` are those that it names, by name; left out, files are read."""
        try:
            experiment = cls.model_validate(own(data, file))
        except ValidationError as error:
            raise explain(error, file) from None
        # Workers elsewhere may stand in other folders.
        experiment._file, experiment._folder = file, folder.absolute()
        named = experiment._named()
        names = own_names([file for _, file in named])
        experiment._bases = tuple(
            experiment._base(key, file, name, scenarios)
            for (key, file), name in zip(named, names, strict=True)
        )
        return experiment

    def to_dict(self) -> dict[str, Any]:
        """What was said and no more, ready for JSON; `from_dict` takes it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)

    @property
    def file(self) -> str:
        """What errors call its file."""
        return self._file

    @property
    def folder(self) -> Path:
        """What its paths are relative to."""
        return self._folder

    @property
    def bases(self) -> tuple[Base, ...]:
        """The scenarios that points are made from: one, or those that a factor chooses between."""
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
        """How many points the design has."""
        known = number_of_points(self.design, self.factors)
        return len(self.codes) if known is None else known

    @property
    def runs(self) -> int:
        """How many runs there are: each point in each world."""
        return self.points * self.worlds.number

    def scenario_at(self, codes: Sequence[float]) -> Scenario:
        """The scenario of a point; InputError where there can't be one."""
        columns = [factor.column for factor in self.factors]
        return self.built(dict(zip(columns, codes, strict=True)))

    def built(self, codes: Mapping[str, float], changed: bool = True) -> Scenario:
        """The scenario with changes (unless not `changed`), and with codes of some factors, by
        their columns, laid over."""
        base, laid = self._bases[0], {}
        for factor in self.factors:
            if (code := codes.get(factor.column)) is None:
                continue
            if factor.scenarios:
                base = self._bases[int(code)]
            else:
                laid[factor.where] = factor.value(code)
        changes = {parts(path): value for path, value in self._flat().items()} if changed else {}
        data = laid_over(laid_over(base.data, changes, base.name), laid, base.name)
        return Scenario.from_dict(data, base.name, base.folder)

    def __getstate__(self) -> dict[Any, Any]:
        """Without the points, which are made again where they are needed."""
        state = super().__getstate__()
        said = {key: value for key, value in state["__dict__"].items() if key != "codes"}
        return state | {"__dict__": said}

    @property
    def longest(self) -> int:
        """The most days that a run may have."""
        varied = [factor for factor in self.factors if factor.path == "days"]
        asked = [day for factor in varied for day in factor.span or factor.values]
        asked = asked or [value for path, value in self._flat().items() if path == "days"]
        asked = asked or [base.data.get("days", Scenario.model_fields["days"].default)
                          for base in self._bases]  # fmt: skip
        numbers = [days for days in asked if isinstance(days, (int, float)) and isfinite(days)]
        return max(map(int, numbers), default=0)

    @property
    def judged_by(self) -> tuple[Outcome, ...]:
        """What the columns of outcomes mean; with a stop condition, the days lived are one."""
        return (*(asked.outcome for asked in self.outcomes), *([LIVED] if self.stop else []))

    def _flat(self) -> dict[str, Any]:
        return flat(self.changes)

    def _named(self) -> list[tuple[str, str]]:
        """(key, file) of the scenarios that it names."""
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
            found = given[file]
            if isinstance(found, Scenario):
                return Base(file, name, found.folder.absolute(), FixedDict(found.to_dict()))
            return Base(file, name, path.parent, FixedDict(own(found, name)))
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
            wrong(Words("a second choice"), allowed, f"factors[{choices[1]}].scenarios")
        if (self.scenario is None) == (not choices):
            found = "both scenario and a factor with scenarios" if choices else "nothing"
            wrong(Words(found), "a scenario file, or a factor that chooses one", "scenario")
        for path in self._flat():
            if parts(path) is None:
                wrong(path, A_PATH, "changes")
        names: dict[str, str] = {}
        for place, factor in enumerate(self.factors):
            self._once(names, factor.column, f"factors[{place}].name")
        for place, asked in enumerate(self.outcomes):
            self._once(names, asked.name, f"outcomes[{place}].name")
        runs = (number_of_points(self.design, self.factors) or 0) * self.worlds.number
        if runs > MOST_RUNS:
            wrong(Words(f"{runs:,} runs"), f"at most {MOST_RUNS:,}", "design")
        return self

    @staticmethod
    def _once(names: dict[str, str], name: str, key: str) -> None:
        if name in names:
            wrong(Words(f"{name!r} twice"), f"a name of its own: {names[name]} has this one", key)
        names[name] = key
