"""`[parameters]`, `[[segments]]` and `[[arms]]`: who the people are, and how they behave."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.declare import Parameter, Trait, origin
from comsim.scenario.checks import Described, OrNumber, number, plain, range_of, wrong
from comsim.scenario.table import Amount, Name, Table, field, from_catalogue


class Range(Table):
    """A parameter: known if low and high are the same, uncertain otherwise."""

    low: Amount = Field(description="a number")
    high: Amount = Field(description="a number")


def _check_range(parameter: Parameter, given: Range) -> Range:
    for key in ("low", "high"):
        value = getattr(given, key)
        inside = parameter.low <= value <= parameter.high
        if not inside or (parameter.whole and value != int(value)):
            allowed = range_of(parameter.low, parameter.high, parameter.whole)
            wrong(value, f"{allowed} ({parameter.unit})", key)
    if given.low > given.high:
        wrong(Described(f"{plain(given.low)} above {plain(given.high)}"), "low <= high", "low")
    return given


def _parameter_field(p: Parameter) -> Any:
    kind = Annotated[
        Range,
        OrNumber(p.low, p.high, ("low", "high"), p.whole),
        AfterValidator(partial(_check_range, p)),
    ]
    about = f"{p.meaning}; {p.unit}, {plain(p.low)} to {plain(p.high)}"
    about += f"; default {plain(p.value)} ({origin(p)})"
    return kind, field(Range(low=p.value, high=p.value), about, p.value)


class TraitTable(Table):
    """How a trait is distributed; missing keys have their defaults."""

    value: Amount | None = None
    """Median of a lognormal trait, mean of a uniform one."""
    spread: Amount | None = None
    """Standard deviation of the logarithm, or half width."""


def _check_trait(trait: Trait, given: TraitTable) -> TraitTable:
    if given.value is not None and not trait.low <= given.value <= trait.high:
        wrong(given.value, f"{range_of(trait.low, trait.high)} ({trait.unit})", "value")
    widest = 5.0 if trait.shape == "lognormal" else trait.high - trait.low
    if given.spread is not None and not 0 <= given.spread <= widest:
        wrong(given.spread, range_of(0, widest), "spread")
    return given


def _trait_field(trait: Trait) -> Any:
    kind = Annotated[
        TraitTable,
        OrNumber(trait.low, trait.high, ("value",)),
        AfterValidator(partial(_check_trait, trait)),
    ]
    about = f"{trait.meaning}; {trait.unit}, {plain(trait.low)} to {plain(trait.high)}"
    default = f"default {plain(trait.value)}, spread {plain(trait.spread)}, {trait.shape}"
    return kind, field(TraitTable(), f"{about}; {default} ({origin(trait)})", trait.value)


class Part(Table):
    """A part of the market: a segment, or an arm of an experiment."""

    name: Name = Field(description="a name")
    share: number(0, 1) = 1.0
    """Share of the market; the shares of all add up to 1."""


Parameters = from_catalogue(
    "Parameters", __name__, Table, {x.name: _parameter_field(x) for x in PARAMETERS.values()}
)
Segment = from_catalogue(
    "Segment", __name__, Part, {x.name: _trait_field(x) for x in TRAITS.values()}
)
