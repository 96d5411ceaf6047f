"""A factor: its path in the scenario, and its values.

A design gives each factor a code: the number itself for a factor with a range, the position of the
value for one with a list of values (or of scenarios).
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cached_property
from math import exp, floor, log
from pathlib import PurePath
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, Field, StrictBool, model_validator

from comsim.model.catalogue import LEVERS, PARAMETERS, TRAITS
from comsim.model.declare import Lever, Parameter, Trait
from comsim.scenario.checks import Described, one_of, plain, range_of, shown, text, wrong
from comsim.scenario.csvfile import as_number, harmless
from comsim.scenario.table import Amount, Name, Table
from comsim.scenario.worlds import around_default
from comsim.studies.experiments.overrides import Path, parts

MOST_VALUES = 1000
LEVER, UNCERTAINTY = "lever", "uncertainty"
OWN_COLUMNS = ("run", "point", "world", "seed", "draw", "lived", "error", "day")
A_PATH = "a path into the scenario, such as policy.ad_pressure or segments.fans.share"


def _word(name: str) -> str:
    if not re.fullmatch(r"[^\W\d]\w*", name):
        wrong(name, "a word of letters, digits and underscores that begins with a letter")
    if name in OWN_COLUMNS:
        wrong(name, f"another name than those of standard columns: {', '.join(OWN_COLUMNS)}")
    return name


def _where(path: str) -> str:
    if parts(path) is None:
        wrong(path, A_PATH)
    return path


def _two(ends: tuple[float, ...]) -> tuple[float, ...]:
    if len(ends) != 2:
        wrong(Described(f"{len(ends)} numbers"), "two numbers: low and high")
    return ends


Word = Annotated[text(60), AfterValidator(_word)]
Where = Annotated[text(200), AfterValidator(_where)]


class Factor(Table):
    """What varies: a path in the scenario with its values, or a choice between scenarios."""

    path: Where | None = None
    """A path in the scenario, such as `policy.ad_pressure`."""
    scenarios: tuple[text(1000), ...] = Field((), max_length=MOST_VALUES)
    """Scenario files to choose between, relative to this file; replaces path and `scenario`."""
    name: Word | None = None
    """The name of its column; by default from the end of the path."""
    label: Name | None = None
    """Its name in figures and sentences."""
    unit: Name | None = None
    """Its unit; by default that of the lever or parameter."""
    kind: one_of((LEVER, UNCERTAINTY), "kind") = Field(
        description="lever (the operator chooses it) or uncertainty (nobody controls it)"
    )
    range: Annotated[tuple[Amount, ...], AfterValidator(_two)] | None = None
    """Low and high; for a parameter or trait, by default its range of uncertainty."""
    values: tuple[Any, ...] = Field((), max_length=MOST_VALUES)
    """A list of values instead of a range: anything that is valid at the path."""
    labels: tuple[text(1000), ...] = Field((), max_length=MOST_VALUES)
    """Names of the values (or scenarios)."""
    scale: one_of(("even", "log"), "scale") = "even"
    """The spacing of points over a range: even, or even in the logarithm."""
    whole: StrictBool = False
    """Whether the range contains whole numbers only."""

    @model_validator(mode="after")
    def _check(self) -> Factor:
        if (self.path is None) == (not self.scenarios):
            wrong(Described("both" if self.path else "neither"), "one of path, scenarios")
        if self.scenarios:
            self._refuse("a choice of scenarios", "range", "values", "scale", "whole")
        elif self.values:
            self._refuse("a list of values", "range", "scale", "whole")
        elif self.span is None:
            wrong(Described("neither"), "one of range, values")
        else:
            self._refuse("a range", "labels")
            self._check_range(*self.span)
        if self.choices:
            self._check_choices()
        if not self.name:
            _word(self.column)
        return self

    def _refuse(self, what: str, *keys: str) -> None:
        for key in keys:
            if key in self.model_fields_set:
                wrong(Described(f"{key} together with {what}"), f"{what} without {key}", key)

    def _check_range(self, low: float, high: float) -> None:
        if not low < high:
            wrong(Described(f"{plain(low)} to {plain(high)}"), "low below high", "range")
        if self.scale == "log" and low <= 0:
            wrong(low, "numbers above 0 for a log scale", "range[0]")
        if self.whole and (low != int(low) or high != int(high)):
            ends = Described(f"{plain(low)} to {plain(high)}")
            wrong(ends, "whole numbers (whole = true)", "range")

    def _check_choices(self) -> None:
        key = "scenarios" if self.scenarios else "values"
        choices = self.scenarios or self.values
        if len(choices) < 2:
            wrong(Described(f"{len(choices)} of them"), "at least 2", key)
        seen = [_text(value) for value in choices]
        for place, value in enumerate(seen):
            same = any(_number(choices[place]) == _number(before) for before in choices[:place])
            if value in seen[:place] or same:
                wrong(Described(f"{value} twice"), "each value once", f"{key}[{place}]")
        if self.labels:
            if len(self.labels) != len(choices):
                many = Described(f"{len(self.labels)} labels")
                wrong(many, f"{len(choices)}, as {key}", "labels")
            if len(set(self.labels)) < len(self.labels):
                wrong(Described("a label twice"), "labels that all differ", "labels")
            for place, label in enumerate(self.labels):
                if label in seen and seen.index(label) != place:
                    text = f"{label}, which is the text of another value"
                    wrong(Described(text), "labels that no other value has", f"labels[{place}]")

    @property
    def where(self) -> Path:
        """The parts of its path; empty for a choice of scenarios."""
        return parts(self.path) if self.path else ()

    @property
    def column(self) -> str:
        """Its name in tables."""
        if self.name:
            return self.name
        if not self.path:
            return "scenario"
        words = self.where if len(self.where) == 1 else self.where[1:]
        name = re.sub(r"\W+", "_", "_".join(map(str, words)))
        return name if re.match(r"[^\W\d]", name) else f"{self.where[0]}_{name}"

    @property
    def in_words(self) -> str:
        """Its name in figures and sentences."""
        return self.label or self.column.replace("_", " ")

    @property
    def measured_in(self) -> str:
        """Its unit; empty if it is unknown."""
        if self.unit or not self.path:
            return self.unit or ""
        return self._known.unit if self._known else ""

    @cached_property
    def span(self) -> tuple[float, float] | None:
        """The ends of a range; None for choices."""
        if self.range or self.choices or not isinstance(self._known, (Parameter, Trait)):
            return self.range
        doubt = around_default(self._known)
        return (doubt.low, doubt.high) if doubt.low < doubt.high else None

    @property
    def in_whole(self) -> bool:
        """Whether it takes whole numbers only."""
        return self.whole or (self.range is None and getattr(self._known, "whole", False))

    @property
    def _known(self) -> Lever | Parameter | Trait | None:
        """The lever, parameter or trait at the end of its path."""
        table = {"policy": LEVERS, "parameters": PARAMETERS, "segments": TRAITS}
        return table.get(self.where[0], {}).get(self.where[-1])

    @property
    def choices(self) -> tuple[Any, ...]:
        """Its values; empty for a range."""
        return self.values or self.scenarios

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest code."""
        return self.span or (0.0, len(self.choices) - 1.0)

    def code(self, u: np.ndarray) -> np.ndarray:
        """Codes from numbers in [0, 1], float64: even over the range, on its scale."""
        low, high = self.ends
        if not self.span or (self.in_whole and self.scale == "even"):
            return np.minimum(low + np.floor(u * (high - low + 1)), high)
        if self.scale == "even":
            return low + u * (high - low)
        codes = np.array([rounded(exp(log(low) + x * (log(high) - log(low)))) for x in u.tolist()])
        return np.clip(np.round(codes) if self.in_whole else codes, low, high)

    def levels(self, number: int) -> np.ndarray:
        """The codes of a grid, float64: all choices, or this number of values over the range, on
        its scale; for whole numbers, the nearest ones."""
        low, high = self.ends
        if not self.span:
            return np.arange(low, high + 1)
        even = self.scale == "even"
        ends = (low, high) if even else (log(low), log(high))
        between = np.linspace(*ends, number)[1:-1].tolist()
        inner = [rounded(x if even else exp(x)) for x in between]
        codes = [low, *inner, high]
        return np.array(list(dict.fromkeys(np.round(codes).tolist())) if self.in_whole else codes)

    def value(self, code: float) -> Any:
        """The value for the scenario."""
        if not self.span:
            return self.choices[int(code)]
        return int(code) if self.in_whole else float(code)

    def known_by(self, word: Any) -> float:
        """The code of a value as given by a user: a number, a value or its label. ValueError, with
        what is allowed, for any other."""
        if not self.span:
            for place, names in enumerate(zip(self.shown, self.choices, strict=True)):
                written = {_text(x) for x in names} | {harmless(_text(x)) for x in names}
                if _text(word) in written or any(_number(word) == _number(x) for x in names):
                    return float(place)
            raise ValueError(", ".join(map(str, self.shown)))
        low, high = self.span
        number = _number(word)
        if not low <= number <= high or (self.in_whole and number != floor(number)):
            raise ValueError(range_of(low, high, self.in_whole))
        return number

    @property
    def shown(self) -> list[Any]:
        """The choices as in tables: numbers if all of them are, otherwise text."""
        if self.labels:
            return list(self.labels)
        stems = [PurePath(scenario).stem for scenario in self.scenarios]
        if stems and len(set(stems)) == len(stems):
            return stems
        numbers = [isinstance(x, (int, float)) and not isinstance(x, bool) for x in self.choices]
        return list(self.choices) if all(numbers) else [_text(value) for value in self.choices]

    def as_column(self, codes: np.ndarray) -> np.ndarray:
        """The values of some codes, as in tables: int64, float64 or text."""
        if self.span:
            return codes.astype(np.int64) if self.in_whole else codes
        known = self.shown
        if any(isinstance(value, str) for value in known):
            return np.array(known, object)[codes.astype(np.int64)]
        whole = all(isinstance(value, int) for value in known)
        return np.array(known, np.int64 if whole else np.float64)[codes.astype(np.int64)]

    def assignment(self, code: float) -> str:
        """A value in an error: path = value."""
        value = self.value(code)
        return f"{self.path} = {shown(value)}" if self.path else f"{value}"


def rounded(number: float) -> float:
    """A number with twelve digits: 10, not 10.000000000000002, and the same number if exp and log
    differ in the last bit between C libraries."""
    return float(f"{number:.12g}")


def _text(value: Any) -> str:
    """A value as a short text, equal for equal values."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _number(word: Any) -> float:
    """A number, or text that is a number; NaN for anything else."""
    if isinstance(word, str):
        return as_number(word)
    return float(word) if isinstance(word, (int, float)) and not isinstance(word, bool) else np.nan
